"""Comparisons in a chat: which words ask for one, its table, its picture and its file, for the one who asked."""

import csv
import io
import json
import re
import threading
from pathlib import Path

import bots
import pytest
from bots import ADMIN, GROUP, STRANGER, USER, Running, edited, kept, popups, running, said, serving
from emulator import USERNAME, read_html
from test_scope import search

from bot import charts, exports, layout
from bot.sending import LIMIT, pack, units
from bot.wiring import Program
from corpus.desk import decided
from corpus.gazetteer import provinces
from corpus.load import make
from index.compared import asks_comparison
from index.comparing import Comparison, Wanted, compare

GOLDEN = Path(__file__).parent / "golden" / "questions.jsonl"


@pytest.mark.parametrize(
    "text",
    [
        "So sánh doanh thu bưu chính các tỉnh năm 2017",
        "so sanh  doanh thu buu chinh",
        "Doanh thu bưu chính của An Giang qua các năm",
        "tỉnh nào có nhiều trạm BTS nhất",
        "Đứng đầu về PCI là tỉnh nào?",
        "Thuê bao Internet của Hậu Giang tăng hay giảm so với năm trước?",
    ],
)
def test_what_asks_for_a_comparison(text: str) -> None:
    assert asks_comparison(text)


@pytest.mark.parametrize(
    "text",
    [
        "Điện Biên thu hồi bao nhiêu SIM năm 2019?",
        "Doanh thu tăng bao nhiêu so với năm trước?",
        "PCI của tỉnh tăng hay giảm mấy bậc?",
        "Đơn vị nào có nhiều hồ sơ trực tuyến nhất?",
        "bao nhiêu xã đạt chuẩn nông thôn mới năm 2019?",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not asks_comparison(text)


def test_no_question_of_one_report_is_taken_for_a_comparison() -> None:
    asked = [json.loads(line)["question"] for line in GOLDEN.read_text("utf-8").splitlines()]
    assert len(asked) > 50
    assert [text for text in asked if asks_comparison(text)] == []


# The chat

TITLE = "Doanh thu bưu chính (số thực hiện, tỷ đồng)"
REPORTS = (
    ("An Giang", 2016, "Doanh thu bưu chính đạt 35 tỷ đồng."),
    ("An Giang", 2017, "Doanh thu bưu chính đạt 38 tỷ đồng."),
    ("Cà Mau", 2017, "Doanh thu bưu chính đạt 41,5 tỷ đồng."),
    ("Gia Lai", 2017, "Công tác thanh tra được tăng cường."),
)
WANTED = "So sánh doanh thu bưu chính các tỉnh năm 2017"
ONE = "Doanh thu bưu chính của An Giang năm 2017 là bao nhiêu?"


def report(province: str, year: int, text: str) -> str:
    return f"Báo cáo kết quả công tác năm {year} của tỉnh {province}.\n\nNăm {year}, tỉnh {province}: {text}"


@pytest.fixture
def stocked(program: Program) -> Program:
    """With reports of three more provinces."""
    for number, (province, year, text) in enumerate(REPORTS):
        told = {"province": province, "period": str(year)}
        program.store.put(make(f"so-{number}.txt", report(province, year, text).encode(), told))
    program.reindex(force=True)
    return program


async def sent_file(bot: Running, method: str) -> bytes:
    """The first file that came by a method."""
    await bot.until(lambda: any(name == method for name, _ in bot.emulator.files), 60)
    return next(data for name, data in bot.emulator.files if name == method)


async def asked(bot: Running, text: str) -> str:
    await bot.emulator.say(USER, text)
    return read_html((await bot.answers(USER))[0])


async def test_a_comparison_is_a_table_with_its_figures_and_sources(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        text = await asked(bot, WANTED)
        lines = text.splitlines()
        assert lines[0] == TITLE
        assert "An Giang  38 tỷ đồng [1]" in lines
        assert "Cà Mau    41,5 tỷ đồng [2]" in lines
        assert "Gia Lai   –" in lines
        assert "– báo cáo không nêu" in text
        assert any(line.startswith("[2] ") and "so-2.txt, ký tự" in line for line in lines)
        await bot.until(lambda: bot.logged != [])
        assert bot.logged == [(str(USER), WANTED)]


async def test_the_command_compares_what_it_names(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        assert (await asked(bot, "/sosanh doanh thu bưu chính năm 2017")).startswith(TITLE)
        await bot.emulator.say(USER, "/sosanh")
        assert "/sosanh doanh thu" in (await bot.answers(USER, 2))[1]
        await bot.emulator.say(USER, "/sosanh các tỉnh")
        assert "Chưa rõ muốn so sánh chỉ tiêu nào" in (await bot.answers(USER, 3))[2]
        await bot.emulator.say(USER, f"/sosanh@{USERNAME} doanh thu bưu chính năm 2017", GROUP)
        assert "41,5 tỷ đồng" in (await bot.answers(GROUP["id"]))[0]


async def test_an_edited_comparison_is_edited_and_one_can_go_on_from_it(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        message = await bot.emulator.say(USER, WANTED)
        await bot.answers(USER)
        await bot.emulator.edit(message, "Doanh thu bưu chính của An Giang qua các năm")
        assert "  2016: 35 tỷ đồng [1]\n  2017: 38 tỷ đồng [2]" in await edited(bot, 1)
        await bot.emulator.say(USER, "năm 2016?")
        going_on = read_html((await bot.answers(USER, 2))[1])
        assert "Hiểu là: " in going_on
        assert "35 tỷ đồng" in going_on


async def test_the_picture_comes_as_a_photo_with_its_caption(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        await asked(bot, WANTED)
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["Biểu đồ"], 7)
        assert (await sent_file(bot, "sendPhoto")).startswith(b"\x89PNG\r\n\x1a\n")
        (caption,) = (fields["caption"] for name, fields in bot.emulator.calls if name == "sendPhoto")
        assert caption == f"{TITLE}, 2017\nNguồn: 3 báo cáo; mỗi số liệu có trích dẫn trong bảng"


async def test_without_the_extra_a_line_says_so(stocked: Program, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "available", lambda: False)
    async with serving(stocked) as bot:
        await asked(bot, WANTED)
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["Biểu đồ"], 7)
        assert "hoidap[charts]" in await said(bot, 1)
        assert bot.emulator.files == []


async def test_the_sheet_has_every_figure_and_gap(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        await asked(bot, WANTED)
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["CSV"], 7)
        data = await sent_file(bot, "sendDocument")
        assert data == exports.as_csv(stocked.compare(Wanted(WANTED)))
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
        assert [row[:3] for row in rows[1:3]] == [
            ["An Giang", "2017", "38 tỷ đồng"],
            ["Cà Mau", "2017", "41,5 tỷ đồng"],
        ]


async def test_an_answer_leads_to_other_years_and_other_provinces(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        assert (await asked(bot, ONE)).startswith("38 tỷ đồng")
        buttons = bot.emulator.buttons(USER)
        await bot.emulator.press(USER, buttons["Các năm khác"], 7)
        years = read_html((await bot.answers(USER, 2))[1])
        assert "An Giang\n  2016: 35 tỷ đồng [1]\n  2017: 38 tỷ đồng [2]" in years
        assert "Cà Mau" not in years
        await bot.emulator.press(USER, buttons["Các tỉnh khác"], 7)
        provinces = read_html((await bot.answers(USER, 3))[2])
        assert "Cà Mau    41,5 tỷ đồng [2]" in provinces
        assert "35 tỷ đồng" not in provinces
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["CSV"], 8)
        assert b"41,5" in await sent_file(bot, "sendDocument")


@pytest.mark.parametrize(
    ("text", "answer", "offered"),
    [
        ("Hậu Giang có bao nhiêu trạm BTS tăng?", "35 trạm", {"Các tỉnh khác"}),  # the only report of its province
        ("Giám đốc Sở TT&TT Hậu Giang là ai?", "Phạm Văn Tửu", set()),
        ("Hậu Giang năm 2029 có bao nhiêu trạm BTS tăng?", "Chưa có báo cáo", set()),
    ],
)
async def test_only_what_there_is_to_compare_with_is_offered(
    stocked: Program, mode: str, text: str, answer: str, offered: set[str]
) -> None:
    async with serving(stocked) as bot:
        assert (await asked(bot, text)).startswith(answer)
        assert {"Các năm khác", "Các tỉnh khác"} & set(bot.emulator.buttons(USER)) == offered


async def test_another_s_press_does_nothing(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        await asked(bot, WANTED)
        buttons = bot.emulator.buttons(USER)
        for label in ("Biểu đồ", "CSV"):
            await bot.emulator.press(STRANGER, buttons[label], 7)
            await bot.emulator.press(ADMIN, buttons[label], 7)
            await bot.emulator.press(USER, buttons[label], 7, chat=GROUP["id"])
        await bot.until(lambda: len(popups(bot)) == 6)
        assert popups(bot).count("Nút này đã hết hạn; hãy hỏi lại.") == 4
        await bot.emulator.press(USER, buttons["CSV"], 7)
        await sent_file(bot, "sendDocument")
        assert [name for name, _ in bot.emulator.files] == ["sendDocument"]
        (chat,) = (fields["chat_id"] for name, fields in bot.emulator.calls if name == "sendDocument")
        assert int(chat) == USER


async def test_in_a_group_the_buttons_are_the_asker_s(stocked: Program, mode: str) -> None:
    async with serving(stocked) as bot:
        await bot.emulator.say(USER, "/sosanh doanh thu bưu chính năm 2017", GROUP)
        await bot.answers(GROUP["id"])
        sheet = bot.emulator.buttons(GROUP["id"])["CSV"]
        await bot.emulator.press(STRANGER, sheet, 7, chat=GROUP["id"])
        await bot.emulator.press(ADMIN, sheet, 7, chat=GROUP["id"])
        await bot.until(lambda: len(popups(bot)) == 2)
        assert sorted(popups(bot))[1] == "Nút này đã hết hạn; hãy hỏi lại."
        assert bot.emulator.files == []
        await bot.emulator.press(USER, sheet, 7, chat=GROUP["id"])
        assert b"41,5" in await sent_file(bot, "sendDocument")


async def test_a_right_that_was_taken_back_is_gone_at_the_press(stocked: Program, mode: str) -> None:
    kept(stocked.store, decided, str(STRANGER), "U", "allowed", str(ADMIN))
    async with serving(stocked) as bot:
        await bot.emulator.say(STRANGER, WANTED)
        await bot.answers(STRANGER)
        kept(stocked.store, decided, str(STRANGER), "U", "refused", str(ADMIN))
        await bot.emulator.press(STRANGER, bot.emulator.buttons(STRANGER)["CSV"], 7)
        assert "chưa được phép" in await said(bot, 1)
        assert bot.emulator.files == []


async def test_a_group_that_is_not_listed_gets_no_figure(stocked: Program, mode: str) -> None:
    elsewhere = {"id": -200, "type": "supergroup", "title": "Nhóm khác"}
    async with serving(stocked) as bot:
        await bot.emulator.say(USER, "/sosanh doanh thu bưu chính năm 2017", elsewhere)
        (text,) = await bot.answers(-200)
        assert "không trả lời trong nhóm này" in text
        await asked(bot, WANTED)
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["CSV"], 7, chat=-200)
        assert "không trả lời trong nhóm này" in await said(bot, 1)
        assert bot.emulator.files == []


# What a phone and a message hold


def many(columns: range) -> Comparison:
    """A report of each province for each year; each third figure in millions, which takes more than a line."""
    names = sorted(provinces())
    figures = [f"{1000 + n} tỷ đồng" if n % 3 else f"1.234.{100 + n} triệu đồng" for n in range(len(names))]
    said = [(name, f"Doanh thu bưu chính đạt {figure}.") for name, figure in zip(names, figures, strict=True)]
    reports = [(name, str(year), text) for name, text in said for year in columns]
    return compare(search(*reports), Wanted("so sánh doanh thu bưu chính"))


@pytest.mark.parametrize("columns", [range(2017, 2018), range(2012, 2020)])
def test_what_is_too_long_is_cut_and_says_so(columns: range) -> None:
    found = many(columns)
    blocks, cut = layout.comparison(found)
    assert cut is (len(columns) > 1)
    table = read_html(blocks[0]).splitlines()[1:]
    assert max(map(len, table)) <= 34
    names = [line for line in table if not line.startswith(" ")]
    left = len(found.rows) - len(names)
    assert bool(left) is cut
    assert (f"Còn {left} tỉnh nữa: xem tệp CSV." in map(read_html, blocks)) is cut
    shown = set(re.findall(r"\[(\d+)\]", blocks[0]))
    sources = set(re.findall(r"^\[(\d+)\] ", "\n".join(map(read_html, blocks[1:])), re.MULTILINE))
    assert shown == sources
    assert all(units(block) <= LIMIT for block in blocks)
    assert len(pack(blocks[:1], LIMIT - 100)) == 1


async def test_the_sheet_goes_along_with_a_table_that_is_cut(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    found = many(range(2012, 2020))

    def compared(wanted: Wanted) -> Comparison:
        assert threading.current_thread() is not threading.main_thread(), "the event loop waits"
        return found

    monkeypatch.setattr(bots, "uncompared", compared)
    async with running() as bot:
        await bot.emulator.say(
            USER,
            "/sosanh doanh thu bưu chính",
            {**GROUP, "is_forum": True},
            message_thread_id=77,
            is_topic_message=True,
        )
        await sent_file(bot, "sendDocument")
        sent = [fields for _, fields in bot.emulator.calls if int(fields.get("chat_id", 0)) == GROUP["id"]]
        assert {int(fields["message_thread_id"]) for fields in sent} == {77}
    async with running() as bot:
        await bot.emulator.say(USER, "so sánh doanh thu bưu chính")
        assert await sent_file(bot, "sendDocument") == exports.as_csv(found)
        assert "xem tệp CSV" in "".join(bot.emulator.sent(USER))
