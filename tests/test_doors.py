"""Access: strangers ask once, admins decide with a button, and nobody else can."""

import pytest
from bots import ADMIN, STRANGER, USER, kept, said, serving

from bot.wiring import Program
from corpus.desk import decided
from corpus.errors import StoreError

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
