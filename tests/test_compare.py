"""Figures as records, and one indicator over provinces and years: every cell verbatim, gaps, doubts, contradictions."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import Fact, MadeUp, made_up
from test_scope import search

from bot import charts, exports, tables
from bot.sheets import sheet
from bot.wiring import Program
from corpus.gazetteer import provinces
from corpus.load import bundled, make
from corpus.records import Document, Facts, Passage
from index.answering import answer
from index.compared import compared
from index.comparing import Comparison, Wanted, compare
from index.indexing import index
from index.numbers import Number, money, parse, spell
from index.recorded import Figure, records
from index.records import Question
from index.roles import Role
from index.search import Search
from index.wordings import RECURS

ROOT = Path(__file__).parent.parent
PNG = b"\x89PNG\r\n\x1a\n"
PROVINCES = ["An Giang", "Bắc Kạn", "Cà Mau", "Đắk Lắk", "Gia Lai", "Hậu Giang", "Kiên Giang", "Lào Cai", "Nghệ An"]
YEARS = range(2017, 2020)


def figures(text: str, period: str | None = "2017") -> list[Figure]:
    document = Document("d", "d.txt", "", text, Facts("Báo cáo", "Hậu Giang", period))
    return figures_of(Passage("d", 0, 0, len(text), 0, text), document)


def figures_of(passage: Passage, document: Document) -> list[Figure]:
    return [Figure(document, passage, record) for record in records(passage.text)]


def compared_over(text: str, *reports: tuple[str, str, str], **limits: object) -> Comparison:
    return compare(search(*reports), Wanted(text, **limits))  # type: ignore[arg-type]


# Numbers


@given(st.decimals(min_value=0, max_value=10**12, places=3), st.integers(0, 3))
def test_what_is_spelt_is_read_again(value: Decimal, places: int) -> None:
    rounded = round(value, places)
    assert parse(spell(rounded)) == Number(rounded)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_parts_of_a_whole_are_read(part: int, whole: int) -> None:
    assert parse(f"{spell(Decimal(part))}/{spell(Decimal(whole))}") == Number(Decimal(part), Decimal(whole))


@pytest.mark.parametrize("text", ["", "1.6", "1,6,7", "41.68", "mười", "1/2/3", "²", "1 000"])
def test_what_is_no_vietnamese_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "number", "of", "unit", "qualifier", "role"),
    [
        ("Toàn tỉnh có 41.684 thuê bao.", "41684", None, "thuê bao", "", "level"),
        ("Doanh thu đạt 1,6 tỷ đồng.", "1.6", None, "tỷ đồng", "", "level"),
        ("Đạt 132/141 xã.", "132", "141", "xã", "", "level"),
        ("Tổ chức 09 cuộc thanh tra.", "9", None, "cuộc thanh tra", "", "level"),
        ("Tỉnh xếp thứ 32/63.", "32", "63", "", "", "rank"),
        ("Hồ sơ đúng hạn đạt 100 %.", "100", None, "%", "", "share"),
        ("Chỉ số tăng 9 bậc.", "9", None, "bậc", "", "change"),
        ("Doanh thu đạt gần 38 tỷ đồng.", "38", None, "tỷ đồng", "gần", "level"),
        ("Có trên 500.000 lượt.", "500000", None, "lượt", "trên", "level"),
        ("Phấn đấu đạt tối thiểu 96 thuê bao.", "96", None, "thuê bao", "tối thiểu", "target"),
        ("Nộp ngân sách 64.000.000 đồng.", "64000000", None, "đồng", "", "level"),
    ],
)
def test_a_figure_is_read_whole(text: str, number: str, of: str | None, unit: str, qualifier: str, role: str) -> None:
    (figure,) = figures(text)
    assert (str(figure.number), figure.unit, figure.qualifier, str(figure.role)) == (number, unit, qualifier, role)
    assert figure.of == (None if of is None else Decimal(of))
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Năm 2016 có 35 trạm BTS.", ["2016"]),
        ("Có 35 trạm BTS, tăng 5 trạm so với năm 2016.", ["quý III/2017", "quý III/2017"]),
        ("Phấn đấu năm 2018 có 96 trạm.", ["2018"]),
        ("Có 12 trạm (năm 2015); 35 trạm (năm 2016).", ["2015", "2016"]),
        ("Đạt 82 % (năm trước 68,2 %).", ["quý III/2017", "2016"]),
        ("Thực hiện Đề án giai đoạn 2016-2020 với 7 dự án.", ["quý III/2017"]),
    ],
)
def test_the_sentence_decides_the_period_else_the_report(text: str, periods: list[str]) -> None:
    assert [figure.period for figure in figures(text, "quý III/2017")] == periods


def test_what_a_report_gives_for_a_later_year_is_a_target() -> None:
    assert [str(figure.role) for figure in figures("Năm 2018 lắp đặt 40 trạm BTS.", "2017")] == ["target"]


def test_years_days_and_numbers_of_events_are_no_figures() -> None:
    assert figures("Hội thi Hậu Giang 2016 lần thứ 46 nhân ngày truyền thống 28/8.") == []


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Tăng 35 trạm so với năm 2015.", "so với năm 2015"),
        ("Giảm 9 bưu cục so với cùng kỳ năm trước.", "so với cùng kỳ năm trước"),
        ("Vượt 02 cuộc so với kế hoạch.", "so với kế hoạch"),
        ("Tăng 35 trạm; so với năm 2015 là cao.", ""),
    ],
)
def test_a_change_says_its_base(text: str, base: str) -> None:
    assert figures(text)[0].base == base


def test_all_figures_of_two_reports_are_found_and_no_others() -> None:
    """The list was made by hand; a figure is found where its number stands. Units may be cut at three syllables."""
    rows = [json.loads(line) for line in (ROOT / "tests/golden/figures.jsonl").read_text("utf-8").splitlines()]
    wanted = {(row["file"], row["start"]): row for row in rows}
    found = {}
    for report in bundled():
        if report.file in {row["file"] for row in rows}:
            document = Document(report.file, report.file, "", report.text, report.facts)
            for number, (start, end, paragraph) in enumerate(report.spans):
                passage = Passage(report.file, number, start, end, paragraph, report.text[start:end])
                found |= {(report.file, f.start): f for f in figures_of(passage, document)}
                for row in rows:
                    assert row["file"] != report.file or report.text[row["start"] : row["end"]] == row["text"]
    right = found.keys() & wanted.keys()
    assert len(right) / len(found) == 1.0
    assert len(right) / len(wanted) == 1.0
    for key in right:
        assert (float(found[key].number), str(found[key].role)) == (wanted[key]["number"], wanted[key]["role"])
    assert sum(found[key].text == wanted[key]["text"] for key in right) >= 0.75 * len(right)


def test_money_converts_within_its_currency_only() -> None:
    assert money("triệu đồng") == (6, "đồng")
    assert money("tỷ") == (9, "đồng")
    assert money("triệu USD") == (6, "USD")
    assert money("triệu lượt") is None
    assert money("") is None


# What is compared


@pytest.mark.parametrize(
    ("question", "indicator", "provinces", "years"),
    [
        ("So sánh doanh thu bưu chính các tỉnh năm 2017", "doanh thu bưu chính", (), (2017,)),
        ("doanh thu bưu chính của An Giang qua các năm", "doanh thu bưu chính", ("An Giang",), ()),
        ("so sanh so tram bts cua An Giang va Kien Giang", "so tram bts", ("An Giang", "Kiên Giang"), ()),
        ("tỉnh nào có nhiều trạm BTS nhất năm 2017?", "trạm BTS", (), (2017,)),
        ("tỉnh nào có chiều dài cáp quang lớn nhất?", "chiều dài cáp quang", (), ()),
        ("Thu ngân sách năm 2018 tăng hay giảm so với năm trước?", "Thu ngân sách", (), (2017, 2018)),
        ("số trạm BTS giai đoạn 2016-2018", "số trạm BTS", (), (2016, 2017, 2018)),
        (" có bao nhiêu trạm BTS tăng năm ?", "bao nhiêu trạm BTS tăng", (), ()),
        ("Năm , bưu chính  thu được bao nhiêu tiền?", "bưu chính thu được bao nhiêu tiền", (), ()),
    ],
)
def test_a_comparison_is_understood(
    question: str, indicator: str, provinces: tuple[str, ...], years: tuple[int, ...]
) -> None:
    what = compared(question)
    assert (what.text, what.provinces, what.years) == (indicator, provinces, years)


def test_most_and_least_and_the_course_are_understood() -> None:
    assert [compared(f"tỉnh nào có {how} trạm BTS nhất").most for how in ("nhiều", "ít")] == [1, -1]
    assert compared("trạm BTS tăng hay giảm so với năm trước").trend
    assert not compared("trạm BTS tăng năm 2017").trend


# Cells

AN_GIANG = ("An Giang", "2017", "Tổng doanh thu bưu chính đạt 38 tỷ đồng.")
KIEN_GIANG = ("Kiên Giang", "2017", "Doanh thu bưu chính đạt khoảng 45.500 triệu đồng.")
SILENT = ("Cà Mau", "2017", "Công tác bưu chính có nhiều chuyển biến.")


def test_cells_gaps_and_units() -> None:
    found = compared_over("doanh thu bưu chính", AN_GIANG, KIEN_GIANG, SILENT, ("An Giang", "2018", "Hội nghị."))
    assert (found.rows, found.columns) == (("An Giang", "Cà Mau", "Kiên Giang"), ("2017", "2018"))
    head, rows = tables.table(found)
    assert head == ("Tỉnh", "2017", "2018")
    assert rows[0] == ("An Giang", "38 tỷ đồng [1]", "–")
    assert rows[1] == ("Cà Mau", "–", "×")
    unit = found.unit
    converted = {"tỷ đồng": "khoảng 45.500 triệu đồng (= 45,500 tỷ đồng)", "triệu đồng": "khoảng 45.500 triệu đồng"}
    assert rows[2][1] == f"{converted[unit]} [2]"
    values = [cell.value for cell in found.cells]
    assert values[0] * 45500 == values[1] * 38000


def test_a_figure_in_another_unit_is_doubtful_and_not_drawn_into_one_scale() -> None:
    found = compared_over(
        "doanh thu bưu chính", AN_GIANG, ("Gia Lai", "2017", "Doanh thu bưu chính đạt 3 triệu USD."), AN_GIANG
    )
    (other,) = [cell for cell in found.cells if cell.province == "Gia Lai"]
    assert other.doubts == ("đơn vị khác: triệu USD",)
    assert not other.comparable
    assert "3 triệu USD ? [" in tables.table(found)[1][1][1]


def test_roles_never_share_a_column() -> None:
    reports = (
        ("An Giang", "2017", "Toàn tỉnh hiện có 219 điểm phục vụ bưu chính."),
        ("Cà Mau", "2017", "Số điểm phục vụ bưu chính tăng 12 điểm so với năm 2016."),
        ("Gia Lai", "2017", "Phấn đấu có 240 điểm phục vụ bưu chính."),
    )
    asked = {role: compared_over("điểm phục vụ bưu chính", *reports, role=role) for role in (None, *Role)}
    shown = {role: [cell.figure.number for cell in found.cells] for role, found in asked.items()}
    assert shown[None] == shown[Role.LEVEL] == [219]
    assert shown[Role.CHANGE] == [12]
    assert shown[Role.TARGET] == [240]
    assert {cell.figure.number for cell in asked[None].others} == {12, 240}
    assert "Không xếp vào bảng: Gia Lai 2017 chỉ có chỉ tiêu “240 điểm phục vụ bưu chính”" in "\n".join(
        tables.remarks(asked[None])
    )


def test_reports_that_contradict_each_other_are_both_shown() -> None:
    later = ("An Giang", "2018", "Năm 2017, doanh thu bưu chính đạt 41 tỷ đồng; năm 2018 tiếp tục phát triển.")
    found = compared_over("doanh thu bưu chính năm 2017", AN_GIANG, later)
    ((kept, other),) = found.conflicts
    assert (kept.figure.number, other.figure.number) == (38, 41)
    assert found.at("An Giang", "2017") is kept
    (told,) = [remark for remark in tables.remarks(found) if remark.startswith("!")]
    assert AN_GIANG[2] in told
    assert later[2] in told
    assert [row["contradicted"] for row in exports.as_json(found)] == [True, True]


@pytest.mark.parametrize("said", ["38 tỷ đồng", "38.000 triệu đồng", "gần 38,4 tỷ đồng"])
def test_reports_that_agree_are_one_cell(said: str) -> None:
    later = ("An Giang", "2018", f"Năm 2017, doanh thu bưu chính đạt {said}.")
    found = compared_over("doanh thu bưu chính năm 2017", AN_GIANG, later)
    assert [cell.figure.document.facts.period for cell in found.cells] == ["2017"]
    assert found.conflicts == ()


@pytest.mark.parametrize("lead", ["", "Cho biết ", "Xin cho biết: "])
def test_a_polite_lead_is_no_part_of_the_indicator(lead: str) -> None:
    reports = [
        (name, "2017", f"Toàn tỉnh có {n} điểm phục vụ bưu chính.") for n, name in ((219, "Gia Lai"), (31, "Hà Nam"))
    ]
    found = compared_over(f"{lead}số điểm phục vụ bưu chính năm 2017", *reports)
    assert [(cell.figure.number, cell.doubts) for cell in found.cells] == [(219, ()), (31, ())]


def test_a_plan_s_figure_does_not_hide_what_was_done() -> None:
    plan = "Phấn đấu năm 2018 đạt 240 điểm phục vụ bưu chính."
    done = "Toàn tỉnh có 219 điểm phục vụ, bán kính phục vụ 2,1 km."
    reports = [*[(plan, done)] * 3, *[(SILENT[2],)] * 12]
    found = compare(_over(reports), Wanted("số điểm phục vụ bưu chính"))
    assert [cell.figure.number for cell in found.cells] == [219] * 3
    assert [cell.figure.number for cell in found.others] == [240] * 3


def test_a_part_of_last_year_is_not_the_year() -> None:
    text = "Phạm pháp hình sự: cả năm 2018 xảy ra 3.325 vụ (11 tháng năm trước 298 vụ)."
    found = compared_over("số vụ phạm pháp hình sự", ("Gia Lai", "2018", text))
    assert {cell.period: cell.figure.number for cell in found.cells}.get("2017") is None
    assert found.at("Gia Lai", "2018").figure.number == 3325


def test_other_words_in_the_indicator_s_place_are_doubtful_and_beside_it_are_another_thing() -> None:
    asked = "Đã chia sẻ {} cơ sở dữ liệu chuyên ngành."
    instead = "Nền tảng tích hợp kết nối {} cơ sở dữ liệu với nhau."
    beside = "Trung tâm nâng cấp {} cơ sở dữ liệu trong quý."
    lines = [*[(asked.format(25), beside.format(45))] * 4, *[(instead.format(65),)] * 3, *[(beside.format(85),)] * 2]
    found = compare(_over([*lines, *[(SILENT[2],)] * 12]), Wanted("bao nhiêu cơ sở dữ liệu được chia sẻ"))
    assert [(bool(cell.doubts), int(cell.figure.number)) for cell in found.cells] == [(False, 25)] * 4 + [
        (True, 65)
    ] * 3


@pytest.mark.parametrize("recurring", [2, 3])
def test_words_that_are_far_from_the_question_s_have_to_recur(recurring: int) -> None:
    asked, other = "Đã chia sẻ 25 cơ sở dữ liệu.", "Kết nối 65 cơ sở dữ liệu, cung cấp 31 dịch vụ."
    lines = [*[(asked,)] * 4, *[(other,)] * recurring, *[(SILENT[2],)] * 10]
    found = compare(_over(lines), Wanted("Bao nhiêu CSDL được chia sẻ?"))
    assert sum(cell.figure.number == 65 for cell in found.cells) == (recurring if recurring >= RECURS else 0)


def _over(reports: list[tuple[str, ...]]) -> Search:
    """Reports of several passages each, of one province after the other."""
    documents, passages = [], []
    for province, lines in zip(provinces(), reports, strict=False):
        documents.append(
            Document(province, f"{province}.txt", "", "\n".join(lines), Facts("Báo cáo", province, "2017"))
        )
        at = 0
        for number, line in enumerate(lines):
            passages.append(Passage(province, number, at, at + len(line), number, line))
            at += len(line) + 1
    return Search(index(documents, passages, ""))


def test_a_part_of_today_s_province_stands_under_its_own_name() -> None:
    found = compared_over(
        "điểm phục vụ bưu chính ở Cần Thơ", ("Hậu Giang", "2016", "Toàn tỉnh có 219 điểm phục vụ bưu chính.")
    )
    assert [cell.province for cell in found.cells] == ["Hậu Giang"]
    assert "Hậu Giang (nay thuộc Cần Thơ)" in found.notes[0]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("số ca sốt xuất huyết", "Các báo cáo không nói đến chỉ tiêu này."),
        ("doanh thu bưu chính năm 1999", "Chưa có báo cáo nào của các năm này."),
        ("doanh thu bưu chính ở Sơn La", "Chưa có báo cáo nào của Sơn La."),
        ("so sánh các tỉnh", "Chưa rõ muốn so sánh chỉ tiêu nào."),
    ],
)
def test_nothing_to_compare_is_said_with_its_reason(question: str, reason: str) -> None:
    found = compared_over(question, AN_GIANG, KIEN_GIANG)
    assert (found.reason or "").startswith(reason)
    assert found.cells == ()


def test_most_least_and_the_course_are_told() -> None:
    earlier = ("An Giang", "2016", "Doanh thu bưu chính đạt 35 tỷ đồng.")
    most = compared_over("tỉnh nào có doanh thu bưu chính cao nhất năm 2017", AN_GIANG, KIEN_GIANG, SILENT)
    assert tables.rows(most) == ("Kiên Giang", "An Giang", "Cà Mau")
    assert "2017: nhiều nhất trong 2 báo cáo có số liệu: Kiên Giang" in tables.remarks(most)[0]
    course = compared_over("doanh thu bưu chính năm 2017 tăng hay giảm so với năm trước", AN_GIANG, earlier)
    assert tables.remarks(course)[0] == "An Giang: 2017 tăng so với 2016 (35 tỷ đồng → 38 tỷ đồng)."
    ranks = [(p, "2017", f"Chỉ số PCI của tỉnh xếp thứ {n} cả nước.") for p, n in (("An Giang", 5), ("Cà Mau", 40))]
    first = compared_over("tỉnh nào xếp hạng PCI cao nhất", *ranks)
    assert tables.rows(first) == ("An Giang", "Cà Mau")


# Made-up reports: every cell against what was written into them


@pytest.fixture(scope="module", params=["templates.json", "templates-4.json"])
def made(request: pytest.FixtureRequest) -> tuple[Search, list[MadeUp]]:
    reports = list(made_up(request.param, PROVINCES, YEARS))
    documents, passages = [], []
    for one in reports:
        report = make(f"{one.document}.txt", one.text.encode(), {})
        documents.append(Document(one.document, report.file, "", report.text, report.facts))
        spans = enumerate(report.spans)
        passages += [Passage(one.document, n, a, b, group, report.text[a:b]) for n, (a, b, group) in spans]
    return Search(index(documents, passages, "")), reports


def test_cells_of_made_up_reports_are_right_and_verbatim(made: tuple[Search, list[MadeUp]]) -> None:
    engine, reports = made
    texts = {one.document: make(f"{one.document}.txt", one.text.encode(), {}).text for one in reports}
    facts: dict[str, dict[tuple[str, str], Fact]] = {}
    for one in reports:
        for fact in one.facts:
            facts.setdefault(fact.indicator, {})[one.document, str(fact.year)] = fact
    for known in facts.values():
        for question in next(iter(known.values())).questions:
            found = compare(engine, Wanted(question))
            right = 0
            for cell in found.cells:
                figure = cell.figure
                assert texts[figure.document.id][figure.start : figure.end] == figure.text
                assert cell.role is found.role
                fact = known.get((figure.document.id, cell.period or ""))
                right += fact is not None and fact.answer in figure.text and fact.evidence in figure.passage.text
            assert right / len(found.cells) >= 0.97, question
            assert right / len(known) >= 0.90, question


def test_a_cell_is_what_is_answered_from_its_report(made: tuple[Search, list[MadeUp]]) -> None:
    engine, reports = made
    for fact in reports[0].facts:
        for question in fact.questions:
            cell = compare(engine, Wanted(question)).at(fact.province, str(fact.year))
            asked = Question(question, province=fact.province, year=fact.year)
            assert cell is not None
            assert cell.figure.text == answer(engine, asked).answer


def test_asking_is_as_it_was(five: Program) -> None:
    assert five.ask(Question("Hậu Giang có bao nhiêu trạm BTS tăng?")).answer == "35 trạm"
    assert five.compare(Wanted("trạm BTS tăng")).cells[0].figure.text == "35 trạm"


# Files and the command line


def test_the_sheet_opens_in_excel_and_holds_no_formula() -> None:
    attack = ("=1+2|An Giang", "2017", AN_GIANG[2])
    found = compared_over("doanh thu bưu chính", attack, SILENT)
    data = exports.as_csv(found)
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert tuple(head) == exports.COLUMNS
    assert {len(row) for row in rows} == {len(head)}
    assert rows[0][:5] == ["'=1+2|An Giang", "2017", "38 tỷ đồng", "38", "tỷ đồng"]
    assert rows[1][0] == "Cà Mau"
    assert rows[1][head.index("Lưu ý")] == "báo cáo không nêu"


@given(st.lists(st.lists(st.text("=+-@\t\r;\"'\na1", max_size=6), min_size=1, max_size=3), min_size=1, max_size=3))
def test_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    for row in csv.reader(io.StringIO(sheet(rows).decode("utf-8-sig"), newline=""), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("years", [YEARS, range(2017, 2018)])
def test_pictures_are_png(years: range) -> None:
    reports = [
        (p, str(y), f"Doanh thu bưu chính đạt {y - 1990 + n} tỷ đồng.")
        for n, p in enumerate(PROVINCES[:4])
        for y in years
    ]
    assert (exports.picture(compared_over("doanh thu bưu chính", *reports)) or b"").startswith(PNG)


def test_of_nothing_no_picture_is_made() -> None:
    assert exports.picture(compared_over("số ca sốt xuất huyết", AN_GIANG)) is None


def test_the_table_for_a_phone() -> None:
    found = compared_over("doanh thu bưu chính", AN_GIANG, SILENT)
    assert tables.narrow(found) == ["An Giang  38 tỷ đồng [1]", "Cà Mau    –"]
    found = compared_over("doanh thu bưu chính", AN_GIANG, ("An Giang", "2016", "Doanh thu bưu chính đạt 35 tỷ đồng."))
    assert tables.narrow(found) == ["An Giang\n  2016: 35 tỷ đồng [1]\n  2017: 38 tỷ đồng [2]"]


def test_the_command_line(hoidap, tmp_path: Path) -> None:
    sheet_file, picture = tmp_path / "bang.csv", tmp_path / "hinh.png"
    done = hoidap("compare", "trạm BTS tăng", "--csv", str(sheet_file), "--chart", str(picture))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Trạm BTS tăng (mức tăng giảm, trạm)", "Tỉnh\t2016\t2017\t2019\tquý III/2019"]
    assert "Hậu Giang\t35 trạm [1]\t×\t×\t×" in lines
    assert any(line.startswith("[1] ") and "hau-giang-2016.txt, ký tự 4.025–4.032" in line for line in lines)
    assert picture.read_bytes().startswith(PNG)
    assert "35 trạm" in sheet_file.read_text("utf-8-sig")
    again = hoidap("compare", "trạm BTS tăng", "--csv", str(sheet_file))
    assert (again.returncode, again.stdout) == (1, "")
    assert "hãy chọn tên khác để không ghi đè" in again.stderr
    rows = [json.loads(line) for line in hoidap("compare", "trạm BTS tăng", "--json").stdout.splitlines()]
    (row,) = rows
    text = (ROOT / "corpus/reports" / row["file"]).read_text("utf-8")
    assert text[row["start"] : row["end"]] == row["text"] == "35 trạm"
    kept = {key: row[key] for key in ("province", "period", "number", "unit", "role")}
    assert kept == {"province": "Hậu Giang", "period": "2016", "number": 35, "unit": "trạm", "role": "change"}


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["", "--json"], 1, "đang trống"),
        (["doanh thu", "--province", "Atlantis"], 1, "Atlantis"),
        (["doanh thu", "--year", "17"], 2, "không phải năm bốn chữ số"),
        (["doanh thu", "--role", "tổng"], 2, "--role"),
        (["doanh thu", "--csv", "khong/co/bang.csv"], 1, "Không ghi được khong/co/bang.csv"),
    ],
)
def test_errors_say_what_to_do(hoidap, arguments: list[str], status: int, says: str) -> None:
    done = hoidap("compare", *arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_a_picture_is_refused_in_a_line(
    monkeypatch: pytest.MonkeyPatch, five: Program, tmp_path: Path
) -> None:
    from bot.arguments import parser
    from bot.commands import COMMANDS
    from corpus.errors import OutputError

    monkeypatch.setattr(charts, "available", lambda: False)
    options = parser().parse_args(["compare", "trạm BTS", "--chart", str(tmp_path / "hinh.png")])
    with pytest.raises(OutputError, match=r"pip install 'hoidap\[charts\]'"):
        COMMANDS["compare"](five, options)


def test_the_roles_of_the_command_line_are_those_of_the_index() -> None:
    from bot.arguments import ROLES

    assert set(ROLES) == set(map(str, Role))
