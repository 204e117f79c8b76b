"""The bot end to end, over real HTTP against a Bot API server: who may ask, and what is sent."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from bots import ADMIN, GROUP, STRANGER, USER, Running, edited, listening, reply, running, said, serving
from emulator import USERNAME, Emulator, read_html

from bot.health import status
from bot.wiring import Program

pytestmark = pytest.mark.usefixtures("mode")


async def test_start_and_help_and_unknown_commands() -> None:
    async with running() as bot:
        for text in ("/start", "/help", "/nonsense"):
            await bot.emulator.say(USER, text)
        start, help_, unknown = await bot.answers(USER, 3)
        assert "Hậu Giang có bao nhiêu trạm BTS tăng?" in start
        assert "/hoi" in help_
        assert "/reindex" not in help_
        assert "/help" in unknown
        await bot.emulator.say(ADMIN, "/help")
        assert "/reindex" in (await bot.answers(ADMIN))[0]
        commands = [fields for name, fields in bot.emulator.calls if name == "setMyCommands"]
        assert len(commands) == 3


async def test_a_question_gets_figure_passage_and_source() -> None:
    async with running() as bot:
        message = await bot.emulator.say(USER, "Hậu Giang có bao nhiêu trạm BTS tăng?")
        (text,) = await bot.answers(USER)
        assert text.startswith("<b>35 trạm</b>")
        assert "tăng <b><u>35 trạm</u></b> &lt;BTS&gt;" in text
        seen = read_html(text)
        for part in ("Báo cáo <b>&</b>", "Sở TT&TT", "27/12/2016", "a<b>.txt, ký tự 10–28", "https://vi.du"):
            assert part in seen
        fields = next(fields for name, fields in bot.emulator.calls if name == "sendMessage")
        assert f'"message_id": {message["message_id"]}' in str(fields["reply_parameters"]).replace("'", '"')
        await bot.until(lambda: bot.logged != [])
        assert bot.logged[0] == (str(USER), "Hậu Giang có bao nhiêu trạm BTS tăng?")


async def test_refusals_say_why_and_mark_the_nearest_passage() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "không có")
        await bot.emulator.say(USER, "lỗi")
        first, second = await bot.answers(USER, 2)
        assert first.startswith("Chưa có báo cáo nào của Cà Mau.")
        assert "không phải câu trả lời" in first
        assert second == "Câu hỏi dài quá."


async def test_long_answers_are_split_and_nothing_is_lost() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "dài")
        texts = await bot.answers(USER, 3)
        seen = "".join(map(read_html, texts))
        assert seen.count("😀<&") == 1800
        assert all(len(read_html(text).encode("utf-16-le")) // 2 <= 4096 for text in texts)


async def test_strangers_are_refused_on_every_kind_of_update() -> None:
    async with running() as bot:
        message = await bot.emulator.say(STRANGER, "Hậu Giang?")
        (text,) = await bot.answers(STRANGER)
        assert "chưa được phép" in text
        await bot.emulator.edit(message, "Hậu Giang?")
        await bot.emulator.say(STRANGER, "/reindex")
        await bot.emulator.say(STRANGER, f"@{USERNAME} Hậu Giang?", GROUP)
        await bot.emulator.press(STRANGER)
        await bot.emulator.inline(STRANGER, "Hậu Giang?")
        await bot.emulator.say(USER, "còn tôi")
        await bot.answers(USER)
        assert bot.emulator.sent(STRANGER) == [text]
        assert bot.emulator.sent(GROUP["id"]) == []
        assert [question for _, question in bot.logged] in ([], ["còn tôi"])
        assert str(STRANGER) in await said(bot, 1)
        await bot.until(lambda: any(name == "answerInlineQuery" for name, _ in bot.emulator.calls))
        inline = [fields for name, fields in bot.emulator.calls if name == "answerInlineQuery"]
        assert str(inline[0]["results"]) == "[]"


async def test_everyone_may_ask_with_a_star_but_not_administrate() -> None:
    async with running(TELEGRAM_ALLOWED_IDS="*") as bot:
        await bot.emulator.say(STRANGER, "Hậu Giang?")
        assert (await bot.answers(STRANGER))[0].startswith("<b>35 trạm</b>")
        await bot.emulator.say(STRANGER, "/reindex")
        assert "người quản trị" in (await bot.answers(STRANGER, 2))[1]


async def test_an_edited_question_edits_its_answer() -> None:
    async with running() as bot:
        message = await bot.emulator.say(USER, "Hậu Giang?")
        await bot.answers(USER)
        await bot.emulator.edit(message, "không có")
        (text,) = await bot.answers(USER, method="editMessageText")
        assert text.startswith("Chưa có báo cáo")
        assert len(bot.emulator.sent(USER)) == 1


async def test_a_follow_up_is_understood_shown_and_forgotten() -> None:
    async with running(lambda question: replace(reply(question), question=question.text)) as bot:
        await bot.emulator.say(USER, "Hậu Giang có bao nhiêu trạm BTS tăng?")
        await bot.answers(USER)
        await bot.emulator.say(USER, "còn An Giang thì sao?")
        said = (await bot.answers(USER, 2))[1]
        assert "Hiểu là: An Giang có bao nhiêu trạm BTS tăng?" in read_html(said)
        await bot.emulator.say(USER, "/moi")
        await bot.answers(USER, 3)
        await bot.emulator.say(USER, "còn An Giang thì sao?")
        assert "Hiểu là" not in (await bot.answers(USER, 4))[3]
        await bot.until(lambda: len(bot.logged) == 3)


async def test_a_follow_up_is_understood_after_a_restart(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """For half an hour, in its own chat, by the one who asked; unless /moi came."""
    follow_up = "còn An Giang thì sao?"
    answering = (program.ask, program.compare, program.reports)
    async with Emulator() as emulator:
        bot = Running(emulator, program.store)

        async def told(*texts: str, chat: dict | None = None, user: int = USER) -> str:
            place = chat["id"] if chat else user
            before = len(emulator.sent(place))
            async with listening(bot, answering, ("true",), partial(status, program)):
                for text in texts:
                    await emulator.say(user, text, chat)
                return read_html((await bot.answers(place, before + len(texts)))[-1])

        await told("Hậu Giang có bao nhiêu trạm BTS tăng?")
        assert "Hiểu là: An Giang có bao nhiêu trạm BTS tăng?" in await told(follow_up)
        assert "Hiểu là" not in await told(follow_up, user=ADMIN)
        assert "Hiểu là" not in await told(f"/hoi {follow_up}", chat=GROUP)
        assert "Hiểu là: Hậu Giang có bao nhiêu" in await told("còn Hậu Giang?")
        with monkeypatch.context() as later:
            later.setattr("bot.memory.KEPT_SECONDS", 0)
            assert "Hiểu là" not in await told("còn Đắk Lắk?")
        await told("Hậu Giang có bao nhiêu trạm BTS tăng?", "/moi")
        assert "Hiểu là" not in await told(follow_up)
    monkeypatch.setattr("corpus.mailbox._TALKED", timedelta())
    program.store.mailbox.prune()
    assert program.store.desk.conversation(USER, str(USER)) == []


async def test_in_groups_only_what_is_for_the_bot() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "chuyện riêng", GROUP)
        await bot.emulator.say(USER, "/hoi Hậu Giang?", GROUP)
        await bot.emulator.say(USER, f"@{USERNAME} Hậu Giang?", GROUP)
        mine = {
            "message_id": 3,
            "date": 1,
            "chat": GROUP,
            "from": {"id": 7, "is_bot": True, "first_name": "B"},
            "text": "x",
        }
        await bot.emulator.say(USER, "không có", GROUP, reply_to_message=mine)
        await bot.emulator.say(USER, "/hoi", GROUP)
        texts = await bot.answers(GROUP["id"], 4)
        assert [text[:8] for text in texts] == ["<b>35 tr", "<b>35 tr", "Chưa có ", "Hãy viết"]


async def test_pictures_are_answered_with_a_hint() -> None:
    async with running() as bot:
        await bot.emulator.say(
            USER,
            None,
            sticker={
                "file_id": "x",
                "file_unique_id": "x",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            },
        )
        assert "gõ câu hỏi" in (await bot.answers(USER))[0]


async def test_answers_stay_in_their_topic() -> None:
    async with running() as bot:
        await bot.emulator.say(USER, "/hoi Hậu Giang?", GROUP, message_thread_id=5, is_topic_message=True)
        await bot.emulator.say(USER, "/hoi", GROUP, message_thread_id=5, is_topic_message=True)
        await bot.answers(GROUP["id"], 2)
        sent = [fields for name, fields in bot.emulator.calls if name == "sendMessage"]
        assert [int(fields["message_thread_id"]) for fields in sent] == [5, 5]


async def test_what_was_asked_while_the_bot_was_away_is_answered_as_late() -> None:
    async with running() as bot:
        asked = int(time.time()) - 3600
        await bot.emulator.say(USER, "Hậu Giang?", date=asked)
        assert "Trả lời muộn: bạn hỏi lúc" in (await bot.answers(USER))[0]
        await bot.emulator.say(USER, "Hậu Giang?")
        assert "Trả lời muộn" not in (await bot.answers(USER, 2))[1]


async def test_a_deep_link_opens_its_document(program: Program) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/tailieu")
        await bot.answers(ADMIN)
        shelf = bot.emulator.buttons(ADMIN)
        await bot.emulator.press(ADMIN, next(data for text, data in shelf.items() if "Thái Bình" in text), 7)
        link = re.search(r"\?start=(d\w{16})", await edited(bot, 1, ADMIN))
        await bot.emulator.say(USER, f"/start {link.group(1)}")
        assert "Kỳ: quý III/2019" in (await bot.answers(USER))[0]
        await bot.until(lambda: any(name == "sendDocument" for name, _ in bot.emulator.calls))
        await bot.emulator.say(USER, "/start d0000000000000000")
        assert "không còn" in (await bot.answers(USER, 2))[1]
        await bot.emulator.say(STRANGER, f"/start {link.group(1)}")
        assert "chưa được phép" in (await bot.answers(STRANGER))[0]
