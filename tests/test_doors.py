"""Access: strangers ask once, admins decide with a button, and nobody else can."""

from functools import partial

import pytest
from bots import ADMIN, STRANGER, USER, kept, said, serving

from bot.wiring import Program
from corpus.desk import decided, unchanged
from corpus.errors import AccessError, StoreError
from index.records import Answer, Question

pytestmark = pytest.mark.usefixtures("mode")
QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"


@pytest.mark.parametrize(("button", "told"), [("Duyệt", "được phép hỏi."), ("Duyệt 30 ngày", "trong 30 ngày")])
async def test_a_stranger_is_let_in_by_an_admin(program: Program, button: str, told: str) -> None:
    async with serving(program) as bot:
        await bot.emulator.say(STRANGER, QUESTION)
        assert "Yêu cầu đã gửi" in (await bot.answers(STRANGER))[0]
        assert f"mã số {STRANGER}" in (await bot.answers(ADMIN))[0]
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)[button], 7)
        assert told in (await bot.answers(STRANGER, 2))[1]
        await bot.emulator.say(STRANGER, QUESTION)
        assert (await bot.answers(STRANGER, 3))[2].startswith("<b>35 trạm</b>")


async def test_access_is_taken_back(program: Program) -> None:
    kept(program.store, decided, str(STRANGER), "Lạ", "allowed", str(ADMIN))
    async with serving(program) as bot:
        await bot.emulator.say(ADMIN, "/nguoidung")
        assert "Lạ (666)" in (await bot.answers(ADMIN))[0]
        revoke = bot.emulator.buttons(ADMIN)["Thu hồi: Lạ"]
        await bot.emulator.press(ADMIN, revoke, 7)
        assert "thu hồi" in (await bot.answers(STRANGER))[0]
        await bot.emulator.say(STRANGER, QUESTION)
        assert "từ chối" in (await bot.answers(STRANGER, 2))[1]
        await bot.emulator.press(ADMIN, revoke, 7)
        assert "đã được xử lý" in await said(bot, 2)
    assert program.store.desk.acts()[0][:2] == (str(ADMIN), "refused")


async def test_who_was_turned_out_by_mistake_is_let_back_in(program: Program) -> None:
    kept(program.store, decided, str(STRANGER), "Lạ", "allowed", str(ADMIN))
    async with serving(program) as bot:
        await bot.emulator.press(ADMIN, f"quyen:v:{STRANGER}", 7)
        await bot.answers(STRANGER)
        await bot.emulator.press(ADMIN, bot.emulator.buttons(ADMIN)["Cho hỏi lại"], 7)
        assert "được phép hỏi lại" in (await bot.answers(STRANGER, 2))[1]
    assert program.store.desk.may_ask(str(STRANGER))


async def test_groups_that_the_settings_do_not_name_get_no_answers(program: Program) -> None:
    async with serving(program) as bot:
        other = {"id": -300, "type": "supergroup", "title": "Khác"}
        await bot.emulator.say(USER, f"/hoi {QUESTION}", other)
        await bot.emulator.say(USER, "/start d0000000000000000", other)
        await bot.emulator.press(USER, "x:b:0", 7, chat=-300)
        assert "mã số nhóm -300" in await said(bot, 1)
        (told,) = bot.emulator.sent(-300)
        assert "mã số nhóm -300" in told


async def test_where_everybody_may_ask_groups_are_answered(program: Program) -> None:
    async with serving(program, TELEGRAM_ALLOWED_IDS="*") as bot:
        other = {"id": -300, "type": "supergroup", "title": "Khác"}
        await bot.emulator.say(USER, f"/hoi {QUESTION}", other)
        assert (await bot.answers(-300))[0].startswith("<b>35 trạm</b>")


async def test_who_is_turned_out_while_an_answer_is_made_does_not_get_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(program.store, decided, str(STRANGER), "Lạ", "allowed", str(ADMIN))
    answer = program.ask

    def slow(question: Question) -> Answer:
        kept(program.store, decided, str(STRANGER), "Lạ", "refused", str(ADMIN))
        return answer(question)

    monkeypatch.setattr(program, "ask", slow)
    async with serving(program) as bot:
        await bot.emulator.say(STRANGER, QUESTION)
        assert await bot.answers(STRANGER) == ["Người quản trị đã từ chối yêu cầu của bạn."]


def test_only_one_of_two_decisions_counts(program: Program) -> None:
    store, desk = program.store, program.store.desk
    kept(store, decided, "7", "A", "asked", "7")
    known = desk.person("7")
    kept(store, decided, "7", "A", "refused", "1")
    with pytest.raises(AccessError):
        store.mailbox.finish(
            None,
            (),
            [partial(unchanged, id="7", known=known), partial(decided, id="7", name="A", state="allowed", actor="2")],
        )
    assert not desk.may_ask("7")


async def test_nobody_else_decides(program: Program) -> None:
    kept(program.store, decided, str(STRANGER), "Lạ", "asked", str(STRANGER))
    async with serving(program) as bot:
        await bot.emulator.press(USER, f"quyen:a:{STRANGER}", 7)
        await said(bot, 1)
        await bot.emulator.press(STRANGER, f"quyen:a:{STRANGER}", 7)
        await said(bot, 2)
        await bot.emulator.press(ADMIN, "quyen:a:999", 7)
        assert "đã được xử lý" in await said(bot, 3)
        await bot.emulator.say(USER, "/nguoidung")
        assert "người quản trị" in (await bot.answers(USER))[0]
    assert not program.store.desk.may_ask(str(STRANGER))


def test_access_for_a_while_ends(program: Program) -> None:
    desk = program.store.desk
    kept(program.store, decided, "7", "A", "allowed", "1", 30)
    assert desk.may_ask("7")
    kept(program.store, decided, "7", "A", "allowed", "1", -1)
    assert not desk.may_ask("7")


async def test_errors_at_the_door_keep_it_shut(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(program) as bot:
        bot.emulator.fail("answerInlineQuery", 400, "Bad Request: query is too old")
        await bot.emulator.inline(STRANGER, QUESTION)
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER)
        assert sum(name == "answerInlineQuery" for name, _ in bot.emulator.calls) == 1

        def locked(desk: object, id: str) -> bool:
            raise StoreError("Cơ sở dữ liệu đang bận.")

        monkeypatch.setattr("corpus.desk.Desk.may_ask", locked)
        await bot.emulator.say(STRANGER, QUESTION)
        await bot.emulator.say(USER, QUESTION)
        await bot.answers(USER, 2)
        assert bot.emulator.sent(STRANGER) == []
