"""Figures kept in the generation: what each is, whose and when; found again as written, or the damage is told."""

import json
import shutil
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up
from test_following import made
from test_scope import search

from bot.config import Settings, load_settings
from bot.wiring import Program
from corpus.errors import GenerationError
from corpus.load import bundled
from index import publishing
from index.answering import answer
from index.comparing import Comparison, Wanted, compare
from index.generation import FAST, REFERENCE, read, write
from index.passages import Passages
from index.recorded import Record, records, restored, stored
from index.records import Question
from index.roles import Role

REVENUE = "doanh thu bưu chính"


def cells(found: Comparison) -> dict[str, str]:
    """Text by period, with its province where that is not An Giang."""
    named = ((f"{cell.province} " if cell.province != "An Giang" else "", cell) for cell in found.cells)
    return {f"{province}{cell.period}": cell.figure.text for province, cell in named}


def over(text: str, *reports: tuple[str | None, str, str], **limits: object) -> Comparison:
    return compare(search(*reports), Wanted(text, **limits))  # type: ignore[arg-type]


# Each year of a row or a sentence


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"1. {REVENUE}: 12 tỷ đồng (Năm 2016); 15 tỷ đồng (Năm 2017)", {"2016": 12, "2017": 15}),
        (f"{REVENUE}: 12 tỷ đồng (2015); 13 tỷ đồng (2016); 15 tỷ đồng (2017)", {"2015": 12, "2016": 13, "2017": 15}),
        (f"{REVENUE}: 2016: 12 tỷ đồng; 2017: 15 tỷ đồng", {"2016": 12, "2017": 15}),
        (f"{REVENUE} năm 2016 đạt 12 tỷ đồng, năm 2017 đạt 15 tỷ đồng.", {"2016": 12, "2017": 15}),
        (f"Năm 2016, {REVENUE} là 12 tỷ đồng; năm 2017, {REVENUE} là 15 tỷ đồng.", {"2016": 12, "2017": 15}),
        (f"{REVENUE} tăng từ 12 tỷ đồng năm 2016 lên 15 tỷ đồng năm 2017.", {"2016": 12, "2017": 15}),
        (f"{REVENUE} đạt 15 tỷ đồng năm 2017 và 12 tỷ đồng năm 2016.", {"2016": 12, "2017": 15}),
        (f"{REVENUE} các năm 2016, 2017 lần lượt là 12 tỷ đồng, 15 tỷ đồng.", {"2016": 12, "2017": 15}),
        (f"{REVENUE} năm 2016 đạt 12 tỷ đồng, tăng 9 %, năm 2017 đạt 15 tỷ đồng, tăng 25 %.", {"2016": 12, "2017": 15}),
        (
            f"6 tháng đầu năm {REVENUE} đạt 7 tỷ đồng, cả năm 2017 đạt 15 tỷ đồng.",
            {"6 tháng đầu năm 2017": 7, "2017": 15},
        ),
    ],
)
def test_each_year_has_a_cell_of_its_own(text: str, wanted: dict[str, int]) -> None:
    expected = {period: f"{number} tỷ đồng" for period, number in wanted.items()}
    assert cells(over(REVENUE, ("An Giang", "2017", text))) == expected


@pytest.mark.parametrize("year", [2016, 2017])
def test_a_year_that_is_asked_about_has_its_own_figure_and_no_other(year: int) -> None:
    report = ("An Giang", "2017", f"{REVENUE} năm 2016 đạt 12 tỷ đồng, năm 2017 đạt 15 tỷ đồng.")
    wanted = {2016: "12 tỷ đồng", 2017: "15 tỷ đồng"}[year]
    assert cells(over(REVENUE, report, years=(year,))) == {str(year): wanted}
    assert answer(search(report), Question(f"{REVENUE} An Giang năm {year} là bao nhiêu?")).answer in (wanted, None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (  # whose is the third? what stands before it last is "nộp ngân sách"
            f"{REVENUE} năm 2016 đạt 12 tỷ đồng, nộp ngân sách 1 tỷ đồng; năm 2017 đạt 15 tỷ đồng.",
            {"2016": "12 tỷ đồng"},
        ),
        (  # two of one year
            f"{REVENUE}: 12 tỷ đồng (Năm 2016); 13 tỷ đồng (Cả năm 2016); 15 tỷ đồng (Năm 2017)",
            {"2017": "15 tỷ đồng"},
        ),
        (f"Trong hai năm 2016, 2017 {REVENUE} đạt 27 tỷ đồng.", {}),
        (f"Từ năm 2015 đến năm 2017 {REVENUE} đạt 40 tỷ đồng.", {"giai đoạn 2015-2017": "40 tỷ đồng"}),
    ],
)
def test_what_is_not_clearly_of_a_year_is_not_shown_as_its(text: str, wanted: dict[str, str]) -> None:
    assert cells(over(REVENUE, ("An Giang", "2017", text))) == wanted


def test_plans_and_comparisons_stand_apart_from_what_was_done() -> None:
    row = (
        f"{REVENUE}: 12 tỷ đồng (Thực hiện năm 2016); 20 tỷ đồng (Kế hoạch năm 2017);"
        " 15 tỷ đồng (Ước thực hiện năm 2017); 125 % (2017/2016); 75 % (So với kế hoạch)"
    )
    report = ("An Giang", "2017", row)
    assert cells(over(REVENUE, report)) == {"2016": "12 tỷ đồng", "2017": "15 tỷ đồng"}
    assert cells(over(REVENUE, report, role=Role.TARGET)) == {"2017": "20 tỷ đồng"}
    assert [str(record.role) for record in records(row)] == ["level", "target", "level", "change", "share"]
    assert answer(search(report), Question("Doanh thu bưu chính An Giang năm 2017?")).answer == "15 tỷ đồng"


def test_the_plan_of_the_year_before_is_found_for_a_year_that_is_asked_about() -> None:
    row = f"{REVENUE}: 15 tỷ đồng (Năm 2017); 20 tỷ đồng (Kế hoạch năm 2018)"
    found = over(REVENUE, ("An Giang", "2017", row), role=Role.TARGET, years=(2018,))
    assert cells(found) == {"2018": "20 tỷ đồng"}


def test_what_is_only_planned_is_not_told_where_the_year_s_own_report_says_what_was_done() -> None:
    before = ("An Giang", "2016", f"Phấn đấu năm 2017 {REVENUE} đạt 20 tỷ đồng.")
    own = ("An Giang", "2017", f"{REVENUE} đạt 15 tỷ đồng.")
    assert [cell.figure.text for cell in over(REVENUE, before).others] == ["20 tỷ đồng"]
    found = over(REVENUE, before, own)
    assert (cells(found), found.others) == ({"2017": "15 tỷ đồng"}, ())


def test_units_longer_than_three_syllables_are_those_of_the_question_in_every_year() -> None:
    unit = "thuê bao điện thoại cố định"
    row = f"Số {unit}: 12 {unit} (Năm 2016); 35 {unit} (Năm 2017)"
    assert cells(over(f"số {unit}", ("An Giang", "2017", row))) == {"2016": f"12 {unit}", "2017": f"35 {unit}"}


# Whose


def test_a_report_on_several_provinces_gives_each_its_own() -> None:
    text = f"{REVENUE} của An Giang năm 2016 đạt 12 tỷ đồng, năm 2017 đạt 14 tỷ đồng; của Cà Mau đạt 17 tỷ đồng."
    found = over(REVENUE, (None, "2017", text))
    assert cells(found) == {"2016": "12 tỷ đồng", "2017": "14 tỷ đồng"}
    assert _provinces(text) == ["An Giang", "An Giang", "Cà Mau"]
    assert [r.province for r in records(f"{REVENUE}: 12 tỷ đồng (An Giang); 15 tỷ đồng (Cà Mau)")] == [
        "An Giang",
        "Cà Mau",
    ]
    assert [r.province for r in records("Cà Mau: 12 trạm (Năm 2016); 15 trạm (Năm 2017)")] == ["Cà Mau", "Cà Mau"]


def _provinces(text: str) -> list[str]:
    return [record.province for record in records(text)]


def test_a_figure_in_another_province_s_report_is_doubtful_and_gives_way() -> None:
    elsewhere = ("An Giang", "2017", f"{REVENUE} của Cà Mau năm 2017 là 17 tỷ đồng.")
    (cell,) = over(REVENUE, elsewhere).cells
    assert (cell.province, cell.doubts) == ("Cà Mau", ("số liệu trong báo cáo của An Giang",))
    own = ("Cà Mau", "2017", f"{REVENUE} năm 2017 là 18 tỷ đồng.")
    assert cells(over(REVENUE, elsewhere, own)) == {"Cà Mau 2017": "18 tỷ đồng"}
    assert cells(over(f"{REVENUE} ở An Giang", elsewhere, own)) == {}


# Kept


def _texts() -> list[str]:
    texts = [report.text[start:end] for report in bundled() for start, end, _ in report.spans]
    return texts + [
        fact.evidence for report in made_up("templates.json", ["An Giang"], range(2016, 2020)) for fact in report.facts
    ]


def test_records_come_back_and_say_what_stands_at_their_offsets() -> None:
    texts = _texts()
    assert sum(len(records(text)) for text in texts) > 100
    for text in texts:
        found = records(text)
        assert restored(json.loads(stored(text))) == found
        for record in found:
            _is_verbatim(record, text)


@given(st.text(alphabet="năm 2016 đạt12,5.%/()tỷ;:thứquýI\n", max_size=60))
def test_any_text_has_records_within_it(text: str) -> None:
    for record in restored(json.loads(stored(text))):
        _is_verbatim(record, text)


def _is_verbatim(record: Record, text: str) -> None:
    span = record.span
    assert 0 <= span.start <= span.number < span.unit <= span.end <= len(text)
    assert text[span.number].isdigit()
    assert text[span.start : span.end].strip() == text[span.start : span.end]
    for start, end in (record.base, record.indicator):
        assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize("engine", [REFERENCE, FAST])
def test_a_generation_keeps_a_row_for_each_passage_and_one_that_follows_links_them(engine: str, tmp_path: Path) -> None:
    state = dict.fromkeys("abcdef", 4)
    write(tmp_path, made(state, engine))
    base = read(tmp_path)
    write(tmp_path, made({**state, "g": 3}, engine, base), base)
    old, new = (tmp_path / "generations" / number for number in "12")
    for name in ("figures-0.jsonl", "figures-0.ends"):
        assert (old / name).stat().st_ino == (new / name).stat().st_ino
    now = read(tmp_path).passages
    kept = [now.figures(number) for span in now.spans.values() for number in span]
    assert kept == [
        json.loads(stored(passage.text)) for id in now.spans for passage in now if passage.document_id == id
    ]
    assert len(kept) == 27


def test_a_plain_question_reads_no_figures(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Passages, number: int) -> list[list[object]]:
        raise GenerationError("read")

    monkeypatch.setattr(Passages, "figures", refuse)
    assert program.ask(Question("Hậu Giang có bao nhiêu trạm BTS tăng?")).answer == "35 trạm"
    with pytest.raises(GenerationError):
        program.compare(Wanted("trạm BTS tăng"))


@pytest.mark.parametrize("place", [0, 0.5, 1])
def test_no_byte_of_a_row_of_figures_goes_unchecked(
    place: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)  # as though it were too large to be hashed when opened
    write(tmp_path, made({"a": 4}, REFERENCE))
    path = tmp_path / "generations/1/figures-0.jsonl"
    whole = path.read_bytes()
    at = int(place * whole.index(b"\n"))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(GenerationError, match="hỏng"):
        read(tmp_path).passages.figures(0)


def test_figures_that_are_damaged_let_the_generation_before_compare(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    program.reindex(force=True, anew=True)
    path = program.folder / "generations/2/figures-0.jsonl"
    path.write_bytes(bytes(path.stat().st_size))
    again = Program(program.settings)
    assert again.generation().number == 2
    assert again.compare(Wanted("trạm BTS tăng")).cells[0].figure.text == "35 trạm"
    assert (again.generation().number, again.generation().skipped) == (1, (2,))


def test_verifying_reads_every_figure_again(program: Program) -> None:
    assert program.verify() == []
    path = program.folder / "generations/1/figures-0.jsonl"
    number = next(n for n, line in enumerate(path.read_bytes().splitlines()) if b'"35"' in line)
    _rewrite(path, number, b'"35"', b'"53"')
    complaints = Program(program.settings).verify()
    assert complaints == ["Số liệu trong chỉ mục không theo đúng các đoạn; hãy chạy “hoidap reindex --force”."]


def _rewrite(path: Path, number: int, old: bytes, new: bytes) -> None:
    """Another figure, with checksums that say all is well."""
    lines = path.read_bytes().splitlines(keepends=True)
    body = lines[number][8:-1].replace(old, new)
    lines[number] = b"%08x" % zlib.crc32(body) + body + b"\n"
    path.write_bytes(b"".join(lines))
    _sign(path.parent, path.name)


def _sign(folder: Path, name: str = "", **said: object) -> None:
    """A manifest that says so of a file as it is."""
    known = {**publishing.manifest(folder), **said}
    if name:
        known["files"][name]["sha256"] = publishing._sha_of(folder / name)
    body = json.dumps(known)
    (folder / publishing.MANIFEST).write_text(json.dumps({"sha256": publishing._sha(body.encode()), "manifest": body}))


def test_an_index_of_another_version_is_told_and_made_anew(settings: Settings, program: Program) -> None:
    shutil.copytree(program.settings.home, settings.home)
    _sign(settings.home / "index/generations/1", format=3)
    again = Program(load_settings({"HOIDAP_HOME": str(settings.home), "HOIDAP_EMBEDDINGS": "off"}))
    assert "do phiên bản khác của hoidap lập" in dict(again.status())["Chỉ mục"]
    assert again.stale()
    again.prepare(lambda text: None)
    assert (again.generation().number, again.verify()) == (2, [])
    assert again.compare(Wanted("trạm BTS tăng")).cells[0].figure.text == "35 trạm"
