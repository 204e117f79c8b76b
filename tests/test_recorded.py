"""Figures kept in the generation: what each is, whose and when; found again as written, or the damage is told."""

import json
import random
import shutil
import zlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up
from test_following import made
from test_scope import search

from bot import tables
from bot.config import Settings, load_settings
from bot.health import status, verify
from bot.wiring import Program
from corpus.errors import GenerationError
from corpus.load import bundled
from corpus.records import Document, Facts, Passage
from corpus.text import strip_marks
from index import publishing
from index.answering import answer
from index.comparing import Comparison, Wanted, compare
from index.generation import FAST, REFERENCE, read, write
from index.indexing import index
from index.numbers import spell
from index.passages import Passages
from index.recorded import Figure, Record, records, restored, stored
from index.records import Question
from index.roles import Role
from index.search import Search

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
        (f"{REVENUE} đầu năm 2017 là 12 tỷ đồng, cuối năm 2017 là 15 tỷ đồng.", {"đầu năm 2017": 12, "2017": 15}),
        (
            f"Vốn đầu tư cho {REVENUE} quý I đạt 3 tỷ đồng, quý II đạt 4 tỷ đồng; cả năm đạt 15 tỷ đồng.",
            {"quý I/2017": 3, "quý II/2017": 4, "2017": 15},
        ),
        (f"{REVENUE} đạt 15 tỷ đồng, tăng 25 % so với năm 2016 (12 tỷ đồng).", {"2017": 15}),
        (f"Lũy kế {REVENUE} đạt 15 tỷ đồng, năm 2016 đạt 12 tỷ đồng.", {"2017": 15}),
        (f"Kinh phí đầu tư năm 2016 cho {REVENUE} là 12 tỷ đồng.", {"2016": 12}),  # "tư" is not "từ"
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


def test_what_stands_aside_of_a_year_is_of_it_though_it_is_compared_with() -> None:
    text = "Thu 15 tỷ đồng, tăng 25 % so với năm 2016 (12 tỷ đồng), chi 9 tỷ đồng, so với năm trước (8 tỷ đồng)."
    assert [record.when for record in records(text)] == ["", "", "2016", "", "<"]


def test_what_is_headed_phone_is_counted_where_it_has_a_unit_and_is_a_number_where_not() -> None:
    row = "Thuê bao điện thoại: 1.200.000 thuê bao (2016); 1.250.000 thuê bao (2017)"
    found = over("thuê bao điện thoại", ("An Giang", "2017", row))
    assert cells(found) == {"2016": "1.200.000 thuê bao", "2017": "1.250.000 thuê bao"}
    assert records("Điện thoại: 3.878.123, liên hệ") == []


def test_units_longer_than_three_syllables_are_those_of_the_question_in_every_year() -> None:
    unit = "thuê bao điện thoại cố định"
    row = f"Số {unit}: 12 {unit} (Năm 2016); 35 {unit} (Năm 2017)"
    assert cells(over(f"số {unit}", ("An Giang", "2017", row))) == {"2016": f"12 {unit}", "2017": f"35 {unit}"}


@pytest.mark.parametrize(
    ("period", "roles"), [("2018", ["level", "level", "target"]), ("2017", ["level", "target", "target"])]
)
def test_a_year_up_to_which_something_is_reached_is_a_target_until_its_own_report(
    period: str, roles: list[str]
) -> None:
    text = f"Năm 2017 {REVENUE} đạt 12 tỷ đồng; đến năm 2018 đạt 15 tỷ đồng; phấn đấu đến năm 2020 đạt 20 tỷ đồng."
    document = Document("d", "d", "", text, Facts("Báo cáo", "An Giang", period))
    passage = Passage("d", 0, 0, len(text), 0, text)
    assert [str(Figure(document, passage, record).role) for record in records(text)] == roles
    without = Figure(replace(document, facts=Facts("Báo cáo", "An Giang")), passage, records(text)[1])
    assert without.role is Role.TARGET


LABELS = {
    "Doanh thu bưu chính": "tỷ đồng",
    "Số trạm BTS": "trạm",
    "Số thuê bao Internet": "thuê bao",
    "Chiều dài cáp quang": "km",
    "Thu ngân sách": "tỷ đồng",
    "Số vụ tai nạn giao thông": "vụ",
}
FORMS = (
    "{label}: {a} (Năm {before}); {b} (Năm {year})",
    "{label}: {a} (Thực hiện {before}); {c} (Kế hoạch {year}); {b} (Ước TH năm {year}); 9 % (So với năm {before})",
    "{label} năm {before} là {a}, năm {year} là {b}, tăng 9 %.",
    "{label} năm {before} đạt {a}; {lower} năm {year} đạt {b}.",
    "{label} từ {a} năm {before} lên {b} năm {year}.",
    "{label} các năm {before}, {year} lần lượt là {a} và {b}.",
    "{label}: {before}: {a}; {year}: {b}; phấn đấu {after}: {c}",
    "Năm {before}, {lower} đạt {a}; đến năm {year} đạt {b}; phấn đấu năm {after} đạt {c}.",
)


@pytest.mark.parametrize("seed", [1, 2])
def test_made_up_reports_of_several_years_give_each_its_own(seed: int) -> None:
    rng, truth, reports = random.Random(seed), {}, []
    for province in ("An Giang", "Cà Mau", "Gia Lai", "Hậu Giang", "Kiên Giang", "Lào Cai"):
        for year in (2016, 2018):
            lines = []
            for label, unit in LABELS.items():
                a, b, c = (f"{spell(Decimal(rng.randrange(10, 9999)))} {unit}" for _ in range(3))
                years = {"before": year - 1, "year": year, "after": year + 1}
                lines.append(rng.choice(FORMS).format(label=label, lower=label.lower(), a=a, b=b, c=c, **years))
                truth |= {(label, province, str(year - 1)): a, (label, province, str(year)): b}
            reports.append((province, str(year), lines))
    engine = _of_lines(reports)
    for label in LABELS:
        wanted = {place: text for (named, *place), text in truth.items() if named == label for place in [tuple(place)]}
        found = compare(engine, Wanted(label))
        assert {cell.place: cell.figure.text for cell in found.cells} == wanted
        assert not any(cell.doubts for cell in found.cells)
        past = compare(engine, Wanted(label, years=(2017,)))
        assert {cell.place: cell.figure.text for cell in past.cells}.items() <= wanted.items()
        assert len(past.cells) == 6


def _of_lines(reports: list[tuple[str, str, list[str]]]) -> Search:
    documents, passages = [], []
    for province, year, lines in reports:
        id, at = f"{province}-{year}", 0
        documents.append(Document(id, id, "", "\n".join(lines), Facts("Báo cáo", province, year)))
        for number, line in enumerate(lines):
            passages.append(Passage(id, number, at, at + len(line), number, line))
            at += len(line) + 1
    return Search(index(documents, passages, ""))


# The words of a comparison


@pytest.mark.parametrize("indicator", ["cuộc họp báo", "cuoc hop bao", "camera giám sát", "camera giam sat"])
def test_bare_words_are_looked_for_as_they_are_typed(indicator: str) -> None:
    report = ("An Giang", "2017", "Tổ chức 18 cuộc họp báo; lắp đặt 349 camera giám sát.")
    wanted = "18 cuộc họp báo" if "bao" in strip_marks(indicator) else "349 camera giám sát"
    assert cells(over(f"So sánh {indicator} các tỉnh năm 2017", report)) == {"2017": wanted}
    assert cells(over(f"{indicator} của An Giang qua các năm", report)) == {"2017": wanted}


def test_what_has_a_classifier_is_counted_and_measures_are_not() -> None:
    report = ("An Giang", "2017", "Xảy ra 12 vụ tai nạn giao thông, làm chết 85 người. Chiều dài cáp quang là 430 km.")
    assert cells(over("tai nạn giao thông", report)) == {"2017": "12 vụ tai nạn giao thông"}
    (cell,) = over("chiều dài cáp quang", report).cells
    assert (cell.figure.text, cell.doubts) == ("430 km", ())


def test_a_word_alone_does_not_count_what_has_another_unit() -> None:
    texts = ("Kim ngạch xuất khẩu đạt {} triệu USD, tăng 7,5 %.", "Tạo việc làm, trong đó xuất khẩu {} lao động.")
    reports = [(p, "2017", [t.format(n) for t in texts]) for n, p in enumerate(("An Giang", "Cà Mau", "Gia Lai"), 12)]
    shown = [cell.figure.text for cell in compare(_of_lines(reports), Wanted("xuất khẩu")).cells if not cell.doubts]
    assert shown == [f"{n} triệu USD" for n in (12, 13, 14)]


def test_part_of_a_year_is_no_step_in_the_course_of_years() -> None:
    text = f"6 tháng đầu năm {REVENUE} đạt 7 tỷ đồng, cả năm 2017 đạt 15 tỷ đồng."
    before = ("An Giang", "2016", f"{REVENUE} đạt 12 tỷ đồng.")
    found = over(f"{REVENUE} năm 2017 tăng hay giảm so với năm trước", ("An Giang", "2017", text), before)
    assert found.columns == ("2016", "2017", "6 tháng đầu năm 2017")
    assert found.alike == ("2016", "2017")
    assert tables.remarks(found)[:1] == ["An Giang: 2017 tăng so với 2016 (12 tỷ đồng → 15 tỷ đồng)."]


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
    assert verify(program) == []
    path = program.folder / "generations/1/figures-0.jsonl"
    number = next(n for n, line in enumerate(path.read_bytes().splitlines()) if b'"35"' in line)
    _rewrite(path, number, b'"35"', b'"53"')
    complaints = verify(Program(program.settings))
    assert complaints == ["Từ và số liệu trong chỉ mục không theo đúng các đoạn; hãy chạy “hoidap reindex --force”."]


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
    assert "do phiên bản khác của hoidap lập" in dict(status(again))["Chỉ mục"]
    assert again.stale()
    again.prepare(lambda text: None)
    assert (again.generation().number, verify(again)) == (2, [])
    assert again.compare(Wanted("trạm BTS tăng")).cells[0].figure.text == "35 trạm"
