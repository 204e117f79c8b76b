"""Facts of a report: where each was found, how surely, and who may say otherwise."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from corpus.errors import ReportError
from corpus.gazetteer import mentions
from corpus.load import load, make
from corpus.period import find_period
from corpus.reader import read_bytes

REPORTS = sorted((Path(__file__).parent.parent / "corpus/reports").glob("*.txt"))
KNOWN = json.loads((Path(__file__).parent.parent / "corpus/reports/manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_province_and_period_are_found_without_being_told(path: Path) -> None:
    report = make(path.name, read_bytes(path), {})
    assert report.facts.province == KNOWN[path.name]["province"]
    assert report.facts.period == KNOWN[path.name]["period"]
    assert {"title", "province", "period", "issuer"} <= {origin.fact for origin in report.origins}
    for origin in report.origins:
        assert origin.start is not None
        assert report.text[origin.start : origin.start + len(origin.words)] == origin.words
        assert 0 < origin.sure <= 1


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Kết quả công tác quý II/2018", "quý II/2018"),
        ("Báo cáo sơ kết 6 tháng đầu năm 2020", "6 tháng đầu năm 2020"),
        ("Tình hình chín tháng năm 2021", "9 tháng năm 2021"),
        ("Tổng kết năm 2015, triển khai nhiệm vụ năm 2016", "2015"),
        ("Hội nghị triển khai nhiệm vụ năm 2016", "2015"),
        ("Báo cáo tình hình thực hiện nhiệm vụ năm 2021", "2021"),
        ("Triển khai thực hiện nhiệm vụ năm 2021", "2020"),
    ],
)
def test_periods_of_titles(title: str, period: str) -> None:
    found = find_period(title, title)
    assert found is not None
    assert found.value == period


@pytest.mark.parametrize(("date", "period"), [("2022-01-26", "2021"), ("2021-12-28", "2021"), ("2022-11-30", "2022")])
def test_a_report_comes_out_at_the_end_of_its_year_or_soon_after(date: str, period: str) -> None:
    text = "Mục tiêu năm 2022: 90%. Năm 2021 đạt 80%." if period == "2021" else "Năm 2022 đạt 80%."
    found = find_period("", text, date)
    assert found is not None
    assert found.value == period


def test_a_report_that_says_nothing_of_itself_has_only_a_title() -> None:
    report = make("ghi-chep.txt", "Có 35 trạm.".encode(), {})
    assert (report.facts.title, report.facts.province, report.facts.period) == ("ghi-chep", None, None)
    assert report.origins == ()


def test_options_go_before_the_sidecar_and_that_before_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Tỉnh Hậu Giang năm 2016 có 35 trạm BTS.", "utf-8")
    path.with_name("a.txt.json").write_text('{"province": "dak lak", "issuer": "Sở X"}', "utf-8")
    report = load(path, {"issuer": "Sở Y"})
    assert (report.facts.province, report.facts.period, report.facts.issuer) == ("Đắk Lắk", "2016", "Sở Y")
    origins = {origin.fact: (origin.words, origin.start) for origin in report.origins}
    assert origins["province"] == ("tệp kèm", None)
    assert origins["issuer"] == ("người nạp", None)
    assert origins["period"][0] == "năm 2016"


@pytest.mark.parametrize(
    "beside", ["{", "[]", '{"tinh": "An Giang"}', '{"province": "Atlantis"}', '{"date": "1/2/2018"}', '{"period": "x"}']
)
def test_a_wrong_sidecar_is_one_clear_error(tmp_path: Path, beside: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Tỉnh Hậu Giang có 35 trạm BTS.", "utf-8")
    path.with_name("a.txt.json").write_text(beside, "utf-8")
    with pytest.raises(ReportError) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_list_and_show_say_where_from(tmp_path: Path, hoidap: Callable[..., "CompletedProcess[str]"]) -> None:
    (tmp_path / "a.txt").write_text("Tỉnh Hậu Giang năm 2016 có 35 trạm BTS.", "utf-8")
    (tmp_path / "b.txt").write_text("Có 12 hộ được hỗ trợ.", "utf-8")
    assert hoidap("add", "a.txt", "b.txt", "--issuer", "Sở Z").returncode == 0
    shown = hoidap("show", "a").stdout
    assert "Tỉnh: Hậu Giang (tìm thấy: “Hậu Giang”, ký tự 5; chắc" in shown
    assert "Cơ quan: Sở Z (người nạp cho biết)" in shown
    assert "\nb\t?\t?\t" in hoidap("list").stdout


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Hạ tầng thành phố Cao Lãnh và huyện Cao Lãnh",
            ["Đồng Tháp", "Đồng Tháp"],
        ),  # a town and a district of one name
        ("thị xã Long Mỹ", ["Hậu Giang"]),
        ("các tỉnh duyên hải miền Trung", []),
        ("khai thac cao lanh", []),
        ("huyen Cao Lanh", ["Đồng Tháp"]),
        ("Thừa Thiên-Huế, Bà Rịa – Vũng Tàu, Bà Rịa - Vũng Tàu", ["Thừa Thiên Huế", *["Bà Rịa - Vũng Tàu"] * 2]),
        ("BẮC KẠN", ["Bắc Kạn"]),
        ("Hà Nộii, xHà Nội", []),
    ],
)
def test_names_of_places_are_whole_words_and_the_longest(text: str, found: list[str]) -> None:
    assert [mention.province for mention in mentions(text)] == found


def test_a_province_that_begins_within_a_district_is_the_one_meant() -> None:
    assert [m.province for m in mentions("sim thu hoi an giang nam 2018")] == ["An Giang"]
    assert [m.province for m in mentions("pho co hoi an")] == ["Quảng Nam"]
