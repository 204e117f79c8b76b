"""Text meant to harm: questions without end, invisible characters, patterns that explode, HTML, terminal escapes."""

import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from bots import ADMIN, USER, running, serving
from emulator import read_html
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.wiring import Program
from corpus.errors import HoidapError
from corpus.load import make
from corpus.text import fold
from index.following import questions, resolve
from index.question import MOST_TERMS, understand
from index.records import Question

QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
CAP = 1000  # characters of a question
SECONDS = 5.0  # of the processor: ten times what is aimed at, and minutes under what exploding patterns take
UNSEEN = "\u200b\u200d\u2060\ufeff\u202e\u2066\xad\x00\x07\x1b"
# What the patterns of this program repeat: numbers, dates, units, separators, names of places and periods.
SEEDS = (
    "A.", "1.", "1,", "1/", "1-", " ", "\t", "\u00a0", "(", ")", "-", "–", "a.b.", "http://a.", "www.", "@a",
    "/hoi ", "0", "9", "10%", "% ", "1 % ", "năm ", "2016 ", "2016-", "quý ", "quý I/", "tháng 1/",
    "6 tháng đầu năm ", "ngày 1/1/", "số ", "từ ", "đến ", "và ", "so với ", "tăng ", "giảm ", "đạt ", "trên ",
    "bao nhiêu ", "trạm ", "tỉnh ", "huyện ", "thành phố ", "xã ", "Hậu Giang ", "còn ", "thì sao", "? ", "! ",
    "; ", ": ", "...", "“", "”", "\u0301", "hòa", "hoà", "quí ", "tỉ ", "xin chào ",
)  # fmt: skip


def timed(act: Callable[[], object]) -> float:
    began = time.process_time()
    with suppress(HoidapError):
        act()
    return time.process_time() - began


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(SEEDS), min_size=1, max_size=4), st.text(max_size=5), st.sampled_from(("", "x", "?", "\n"))
)
def test_no_question_takes_long(five: Program, parts: list[str], odd: str, end: str) -> None:
    unit = "".join([*parts, odd])
    text = (unit * CAP)[: CAP - len(end)] + end
    five.ask(Question(QUESTION))
    assert timed(lambda: five.ask(Question(text))) < SECONDS
    assert timed(lambda: [resolve(QUESTION, part) for part in questions(text)]) < SECONDS


@settings(max_examples=40)
@given(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3), st.sampled_from(("txt", "html")))
def test_no_document_takes_long(parts: list[str], suffix: str) -> None:
    text = ("".join(parts) * 30_000)[:30_000]
    assert timed(lambda: make(f"a.{suffix}", f"Báo cáo năm 2018.\n\n{text}".encode(), {})) < 4 * SECONDS


@pytest.mark.parametrize("text", ["x" * 100_000, "trạm BTS " * 12_000, "\u200b" * 100_000, "a\u0301" * 50_000])
def test_a_hundred_kilobytes_are_refused_at_once(five: Program, text: str) -> None:
    assert timed(lambda: five.ask(Question(text))) < SECONDS
    with pytest.raises(HoidapError):
        five.ask(Question(text))


@pytest.mark.parametrize("char", UNSEEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_nobody_sees_changes_no_answer(five: Program, char: str) -> None:
    plain = five.ask(Question(QUESTION, top=5))
    for text in (char.join(QUESTION), char + QUESTION + char, char.join(unicodedata.normalize("NFD", QUESTION))):
        given = five.ask(Question(text, top=5))
        assert (given.answer, given.passages) == (plain.answer, plain.passages)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình thuỷ lợi hoá đơn", "Hòa Bình thủy lợi hóa đơn"),
        ("Hậu Giang khoá đào tạo quí II", "Hậu Giang khóa đào tạo quý II"),
        ("Thái Bình phát triển hạ tầng xã hội hoá", "Thái Bình phát triển hạ tầng xã hội hóa"),
    ],
)
def test_both_ways_to_write_a_tone_find_the_same_five(five: Program, one: str, other: str) -> None:
    assert fold(one) == fold(other)
    found = [
        [(cited.passage, cited.score) for cited in five.ask(Question(text, top=5)).passages]
        for text in (one, other, unicodedata.normalize("NFD", one), unicodedata.normalize("NFD", other))
    ]
    assert all(passages == found[0] for passages in found)


HOSTILE = "</b><script>&lt;i>\u202e\x1b[31m<a href='tg://user?id=1'>"


async def test_html_in_documents_and_names_is_shown_not_obeyed(program: Program) -> None:
    text = f"Tỉnh Bến Tre năm 2018.\n\nToàn tỉnh có 77 trạm thu phát sóng {HOSTILE}."
    program.store.put(make(f"ben{HOSTILE.replace('/', '')}.txt", text.encode(), {"title": f"Báo cáo {HOSTILE}"}))
    program.reindex(force=True)
    async with serving(program) as bot:
        await bot.emulator.say(USER, "Bến Tre năm 2018 có bao nhiêu trạm thu phát sóng?")
        (sent,) = await bot.answers(USER)
        seen = read_html(sent)
        assert seen.count("<script>&lt;i>[31m<a href='tg://user?") >= 2  # a passage ends at the mark
        assert not set(sent) & set(UNSEEN)
        await bot.emulator.say(ADMIN, "/tailieu")
        shelf = (await bot.answers(ADMIN), str(bot.emulator.calls[-1]))
        assert not set(str(shelf)) & set(UNSEEN)


async def test_names_of_people_are_shown_not_obeyed() -> None:
    async with running() as bot:
        person = {"id": 666, "is_bot": False, "first_name": HOSTILE}
        await bot.emulator.say(666, "Xin vào", **{"from": person})
        (asked,) = await bot.answers(ADMIN)
        assert "<script>" in read_html(asked)
        assert not set(asked) & set(UNSEEN)


def test_a_terminal_gets_no_escapes_from_documents_questions_or_names(hoidap, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b]0;owned\x07\x1b[2J.txt"
    file.write_text("Tỉnh Bến Tre năm 2018.\n\nToàn tỉnh có 77 trạm \x1b[31mthu\x9b2J phát\x07 sóng.", "utf-8")
    asked = "Bến Tre năm 2018 có bao nhiêu trạm thu phát sóng\x1b[2J?"
    added = hoidap("add", str(file), "--title", "Báo cáo \x1b[5m")
    id = re.search(r"(\S+) — Bến Tre", added.stdout)
    assert id, added.stdout + added.stderr
    runs = [added, hoidap("ask", asked), hoidap("list"), hoidap("show", id[1]), hoidap("history", id[1])]
    runs += [hoidap("show", "\x1b[2J"), hoidap("add", "/nowhere/\x1b[2J"), hoidap("ask", "--province", "\x1b[2J", "x")]
    for done in runs:
        assert not set(done.stdout + done.stderr) & set("\x1b\x07\x9b"), done.args
    assert "77 trạm" in runs[1].stdout


def test_a_question_has_sixty_four_different_terms_at_most(five: Program) -> None:
    names = (f"{first}{second}a" for first in "bcdghklmn" for second in "bcdghklmnp")
    text = " ".join(["trạm BTS", *names, "trạm BTS"])
    asked = understand(Question(text))
    assert len({term.word for term in asked.terms}) == MOST_TERMS
    assert [term.word for term in asked.terms[-2:]] == ["trạm", "bts"]
    assert timed(lambda: five.ask(Question(text))) < SECONDS
