"""What admins see of the bot's work: by week, unanswered, health; and nobody else does."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from bots import ADMIN, GROUP, USER, kept, running, serving
from emulator import read_html

from bot import charts
from bot.likeness import groups
from bot.office import listed
from bot.wiring import Program
from corpus.desk import Unanswered
from corpus.rows import log_question

pytestmark = pytest.mark.usefixtures("mode")
NONE = "Chưa có báo cáo nào."
MISSING = ("Cà Mau có bao nhiêu trạm BTS?", "so tram bts cua ca mau", "Giám đốc Sở TT&TT Sơn La là ai?")


def ask(program: Program, user: str, text: str, answer: str | None) -> None:
    kept(program.store, log_question, "telegram", user, text, answer, None if answer else NONE, 0.9, None)


async def test_statistics_by_week_as_a_table_and_a_picture(program: Program) -> None:
    for user, answer in (("1", "35 trạm"), ("1", None), ("2", "35 trạm")):
        ask(program, user, "Hậu Giang?", answer)
    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/thongke")
        (text,) = await bot.answers(ADMIN)
        assert read_html(text).splitlines()[-1].split()[1:] == ["3", "2", "2", "1"]
        await bot.until(lambda: any(name == "sendPhoto" for name, _ in bot.emulator.calls))


async def test_unanswered_questions_come_grouped_and_as_a_file(program: Program) -> None:
    for text in MISSING:
        ask(program, "1", text, None)
    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/chuatraloi")
        (text,) = await bot.answers(ADMIN)
        assert "3 câu chưa trả lời được, 2 nhóm" in text
        assert "2 lần: so tram bts cua ca mau" in text
        await bot.until(lambda: any(name == "sendDocument" for name, _ in bot.emulator.calls))


async def test_nothing_unanswered_is_said_so() -> None:
    async with running() as bot:
        await bot.emulator.say(ADMIN, "/chuatraloi")
        assert (await bot.answers(ADMIN))[0] == "Chưa có câu hỏi nào bị từ chối."


async def test_health(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/sosuc")
        (text,) = await bot.answers(ADMIN)
        for part in ("Tài liệu: 5", "Chỉ mục: thế hệ 1", "Đã chạy: 0,0 giờ", "Đĩa còn"):
            assert part in text


@pytest.mark.parametrize("command", ["/thongke", "/chuatraloi", "/sosuc", "/tailieu", "/nguoidung"])
async def test_nobody_else_sees_them(command: str) -> None:
    async with running() as bot:
        await bot.emulator.say(USER, command)
        assert "người quản trị" in (await bot.answers(USER))[0]
        await bot.emulator.say(ADMIN, command, GROUP)
        assert "người quản trị" in (await bot.answers(GROUP["id"]))[0]


def test_weeks_begin_on_mondays_and_hold_what_was_asked_in_them(program: Program) -> None:
    ask(program, "1", "Hậu Giang?", "35 trạm")
    kept(program.store, log_question, "cli", None, "Hậu Giang?", "35 trạm", None, 1.0, None)
    weeks = program.store.desk.weeks(3)
    assert [week.asked for week in weeks] == [0, 0, 1]
    assert {week.start.weekday() for week in weeks} == {0}
    today = (datetime.now(UTC) + timedelta(hours=7)).date()
    assert timedelta() <= today - weeks[-1].start < timedelta(7)


def test_the_sheet_has_every_question_and_no_formula() -> None:
    rows = [Unanswered(text, "Lý do.", "2026-01-02T00:00:00+00:00") for text in ("=SUM(A1)", "@x", "Hậu\nGiang?")]
    read = list(csv.reader(io.StringIO(listed(rows, [[0, 2], [1]]).decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in read] == ["Nhóm", "1", "1", "2"]
    assert [row[1] for row in read[1:]] == ["'=SUM(A1)", "Hậu\nGiang?", "'@x"]


def test_other_provinces_and_years_are_other_groups() -> None:
    assert len(groups(["Cà Mau có bao nhiêu trạm BTS năm 2019?", "Cà Mau có bao nhiêu trạm BTS năm 2020?"])) == 2
    assert groups([]) == []


def test_a_chart_is_a_picture() -> None:
    assert charts.stacked("Tuần", ["01/01", "08/01"], [("Đã trả lời", [3, 4]), ("Từ chối", [1, 0])]).startswith(
        b"\x89PNG"
    )
