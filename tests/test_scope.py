"""Provinces of today and of before: reports are found both ways, and no part's figure is passed off as the whole's."""

import pytest

from bot.wiring import Program
from corpus.records import Document, Facts, Passage
from index.answering import answer
from index.indexing import index
from index.records import Answer, Question
from index.search import Search


def search(*reports: tuple[str, str, str]) -> Search:
    """Over made-up reports: (province, year, sentence)."""
    documents = [
        Document(f"d{n}", f"d{n}.txt", "", text, Facts("Báo cáo", province, year))
        for n, (province, year, text) in enumerate(reports)
    ]
    return Search(index(documents, [Passage(d.id, 0, 0, len(d.text), 0, d.text) for d in documents], ""))


OLD = ("Hậu Giang", "2016", "Toàn tỉnh có 219 điểm phục vụ bưu chính.")
OTHER = ("Sóc Trăng", "2016", "Toàn tỉnh có 301 điểm phục vụ bưu chính.")
OWN = ("Cần Thơ", "2016", "Thành phố có 145 điểm phục vụ bưu chính.")
NEW = ("Cần Thơ", "2026", "Thành phố có 700 điểm phục vụ bưu chính.")
OF_NEW = "Cần Thơ có bao nhiêu điểm phục vụ bưu chính"
OF_OLD = "Hậu Giang có bao nhiêu điểm phục vụ bưu chính"


def ask(text: str, *reports: tuple[str, str, str]) -> Answer:
    return answer(search(*reports), Question(text))


def test_a_new_name_finds_the_report_of_a_part_and_says_whose_it_is() -> None:
    given = ask(f"{OF_NEW}?", OLD)
    assert given.answer == "219 điểm phục vụ bưu chính"
    assert given.passages[0].document.facts.province == "Hậu Giang"
    assert given.note is not None
    assert "Hậu Giang (nay thuộc Cần Thơ)" in given.note
    assert given.as_json()["note"] == given.note


def test_figures_of_two_parts_are_asked_back_never_added() -> None:
    given = ask(f"{OF_NEW}?", OLD, OTHER)
    assert given.answer is None
    assert "Hậu Giang, Sóc Trăng" in (given.reason or "")
    assert {cited.document.facts.province for cited in given.passages} == {"Hậu Giang", "Sóc Trăng"}


def test_the_own_report_goes_before_the_parts() -> None:
    given = ask(f"{OF_NEW} năm 2016?", OLD, OWN)
    assert (given.answer, given.note) == ("145 điểm phục vụ bưu chính", None)


def test_a_year_before_the_merger_means_the_province_of_then() -> None:
    given = ask(f"{OF_NEW} năm 2016?", OLD)
    assert given.answer is None
    assert given.reason == "Chưa có báo cáo nào của Cần Thơ; có báo cáo của Hậu Giang (nay thuộc Cần Thơ)."
    assert given.passages[0].document.facts.province == "Hậu Giang"


def test_an_old_name_finds_the_whole_but_no_answer() -> None:
    given = ask(f"{OF_OLD} năm 2026?", OLD, NEW)
    assert given.answer is None
    assert given.reason == "Hậu Giang nay thuộc Cần Thơ; báo cáo của Cần Thơ không có số liệu riêng của Hậu Giang."
    assert given.passages[0].passage.text == NEW[2]


def test_a_new_name_after_the_merger_takes_the_new_report() -> None:
    assert ask(f"{OF_NEW} năm 2026?", OLD, OWN, NEW).answer == "700 điểm phục vụ bưu chính"


@pytest.mark.parametrize("office", ["Sở Khoa học và Công nghệ", "Sở KH&CN", "so tttt", "Sở TT&TT"])
def test_the_office_of_today_finds_what_the_one_before_reported(five: Program, office: str) -> None:
    assert five.ask(Question(f"{office} Hậu Giang có bao nhiêu trạm BTS tăng?")).answer == "35 trạm"
