"""Buttons end to end: they edit the answer in place, for the one who asked and nobody else."""

import json
import random

import pytest
from bots import ADMIN, STRANGER, USER, Running, edited, kept, popups, said, serving
from test_scope import OLD, OTHER

from bot.reading import page
from bot.screens import Pressed
from bot.wiring import Program
from corpus.desk import opened
from corpus.load import make

pytestmark = pytest.mark.usefixtures("mode")
QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"


async def test_more_passages_context_and_back(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        buttons = bot.emulator.buttons(USER)
        await bot.emulator.press(USER, buttons["Thêm đoạn"], 7)
        assert (await edited(bot, 1)).count("Sở Thông tin và Truyền thông Hậu Giang") > 1
        await bot.emulator.press(USER, buttons["Xem trong báo cáo"], 7)
        assert "Bên cạnh đó" in await edited(bot, 2)
        turned = bot.emulator.buttons(USER)
        await bot.emulator.press(USER, turned["◀ Trước"], 7)
        before = await edited(bot, 3)
        assert "35 trạm" not in before
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["Về câu trả lời"], 7)
        assert (await edited(bot, 4)).startswith("35 trạm")


async def test_the_original_file_comes_as_it_was_added(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["Tệp gốc"], 7)
        await bot.until(lambda: any(name == "sendDocument" for name, _ in bot.emulator.calls))


async def test_a_missing_province_is_chosen_by_a_button(program: Program) -> None:
    for number, (province, year, text) in enumerate((OLD, OTHER)):
        report = f"Báo cáo năm {year} của tỉnh {province}.\n\n{text}"
        program.store.put(make(f"moi-{number}.txt", report.encode(), {}))
    program.reindex(force=True)
    async with serving(program) as bot:
        await bot.emulator.say(USER, "Toàn tỉnh có bao nhiêu điểm phục vụ bưu chính năm 2016?")
        assert "chưa nêu tỉnh" in (await bot.answers(USER))[0]
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["Sóc Trăng"], 7)
        assert (await edited(bot, 1)).startswith("301 điểm phục vụ bưu chính")


async def test_a_missing_year_offers_the_years_there_are(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, "Hậu Giang năm 2020 có bao nhiêu trạm BTS tăng?")
        assert "đang có: 2016" in (await bot.answers(USER))[0]
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["năm 2016"], 7)
        assert (await edited(bot, 1)).startswith("35 trạm")


async def test_thumbs_are_kept_for_review(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        buttons = bot.emulator.buttons(USER)
        await bot.emulator.press(USER, buttons["👎"], 7)
        assert "Đã ghi nhận" in await said(bot, 1)
        assert program.store.desk.ratings() == [(QUESTION, "35 trạm", "sai")]
        await bot.emulator.press(USER, bot.emulator.buttons(USER)["sai số"], 7)
        await said(bot, 2)
        assert program.store.desk.ratings() == [(QUESTION, "35 trạm", "sai số")]


async def test_another_s_or_a_forged_button_does_nothing(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        stolen = bot.emulator.buttons(USER)["👎"]
        await bot.emulator.press(ADMIN, stolen, 7)
        await bot.emulator.press(USER, stolen, 7, chat=99)
        await bot.emulator.press(USER, "x:u:0", 7)
        for number in (1, 2, 3):
            assert "hết hạn" in await said(bot, number)
        assert program.store.desk.ratings() == []


async def test_five_thousand_forged_presses_over_http_change_nothing(program: Program, mode: str) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        mine = list(bot.emulator.buttons(USER).values())
        await bot.emulator.say(ADMIN, "/tailieu")
        await bot.answers(ADMIN)
        shelf = [data for data in bot.emulator.buttons(ADMIN).values() if data.startswith("tl:s")]
        theirs = [data.replace(":s:", ":X:") for data in shelf] + ["chiso:huy", f"quyen:a:{STRANGER}", "quyen:v:42"]
        before = (program.store.fingerprint(), program.store.desk.ratings(), program.store.desk.acts())
        asked = program.store.counts()
        dice, number = random.Random(3), 5000 if mode == "polling" else 500
        for _ in range(number):
            junk = "".join(dice.choices("abcXYZ019:-_|é😀", k=dice.randint(1, 20)))
            data = dice.choice(
                [junk, f"{junk}:u:0", dice.choice(mine)[:-1] + "x" + junk, f"tl:X:{junk}", f"quyen:a:{junk}"]
            )
            await bot.emulator.press(*dice.choice([(USER, data), (STRANGER, data), (STRANGER, dice.choice(mine))]))
            if dice.random() < 0.3:
                await bot.emulator.press(dice.choice([USER, STRANGER]), dice.choice(theirs))
        await bot.emulator.say(USER, QUESTION)
        await bot.until(lambda: len(bot.emulator.sent(USER)) == 2, 90)
        await bot.until(lambda: len(popups(bot)) >= number, 60)
        assert bot.emulator.sent(USER, "editMessageText") == bot.emulator.sent(ADMIN, "editMessageText") == []
        assert not any(name in ("sendDocument", "editMessageReplyMarkup") for name, _ in bot.emulator.calls)
    assert before == (program.store.fingerprint(), program.store.desk.ratings(), program.store.desk.acts())
    assert program.store.counts() == {**asked, "questions": asked["questions"] + 1}


def test_five_thousand_forged_buttons_have_no_effect(program: Program) -> None:
    desk = program.store.desk
    real = "a1B2c3D4e5F"
    kept(program.store, opened, real, "42", "42", QUESTION)
    dice = random.Random(7)
    for _ in range(5000):
        letters = "".join(dice.choices("abcXYZ019:-_|é😀", k=dice.randint(0, 20)))
        pressed = Pressed.read(dice.choice([letters, f"{letters}:u:0", f"{real[:-1]}:d:1", f"{real}:p:99999999"]))
        assert pressed is None or desk.screen(pressed.screen, "42", "42") in (None, QUESTION)
        assert pressed is None or pressed.screen == real or desk.screen(pressed.screen, "42", "42") is None
    assert desk.screen(real, "42", "43") is None
    assert desk.screen(real, "43", "42") is None
    assert desk.screen(real, "42", "42") == QUESTION


async def test_callback_data_is_within_telegram_s_64_bytes(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        for data in bot.emulator.buttons(USER).values():
            assert len(f"{data.split(':')[0]}:c:-99999".encode()) <= 64


@pytest.mark.parametrize("number", [-1000, -1, 0, 1, 1000])
def test_pages_never_leave_the_text(number: int) -> None:
    assert "".join(page("abc", 1, 2, number)[0]) == "abc"


async def test_several_questions_in_one_message_are_answered_in_turn(program: Program) -> None:
    async with serving(program) as bot:
        message = await bot.emulator.say(USER, f"{QUESTION}\nGiám đốc Sở TT&TT Hậu Giang là ai?")
        first, second = await bot.answers(USER, 2)
        assert first.startswith("<b>35 trạm</b>")
        assert second.startswith("<b>Phạm Văn Tửu</b>")
        await bot.emulator.edit(message, QUESTION)
        assert (await edited(bot, 1)).startswith("35 trạm")


@pytest.mark.parametrize(("text", "says"), [("xin chào", "Xin chào!"), ("Cảm ơn bạn!", "Rất vui")])
async def test_small_talk_is_answered_kindly_and_forgets_nothing(program: Program, text: str, says: str) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        await bot.emulator.say(USER, text)
        assert says in (await bot.answers(USER, 2))[1]
        await bot.emulator.say(USER, "còn Thái Bình năm 2019?")
        assert "Hiểu là: năm 2019 Thái Bình có bao nhiêu trạm BTS tăng?" in (await bot.answers(USER, 3))[2]


async def test_inline_answers_go_into_any_chat(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.inline(USER, "Hau Giang co bao nhieu tram BTS tang")
        await bot.emulator.inline(USER, "Hậu")
        await bot.until(lambda: len(inline(bot)) == 2)
        assert json.loads(str(inline(bot)[0]))[0]["title"] == "35 trạm"
        assert str(inline(bot)[1]) == "[]"


def inline(bot: Running) -> list[object]:
    return [fields["results"] for name, fields in bot.emulator.calls if name == "answerInlineQuery"]
