"""/reindex by chat: beside the answers, one at a time, told how far it is, cancelled by a button."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from bots import ADMIN, USER, edited, running, said

Run = Callable[..., "CompletedProcess[str]"]
pytestmark = pytest.mark.usefixtures("mode")


async def test_reindex_runs_beside_answers_and_only_once() -> None:
    slow = [sys.executable, "-c", "import time; time.sleep(1); print('Đã lập chỉ mục thế hệ 7.')"]
    async with running(command=slow) as bot:
        await bot.emulator.say(USER, "/reindex")
        assert "người quản trị" in (await bot.answers(USER))[0]
        await bot.emulator.say(ADMIN, "/reindex")
        await bot.emulator.say(ADMIN, "/reindex")
        await bot.emulator.say(ADMIN, "Hậu Giang?")
        texts = await bot.answers(ADMIN, 3)
        assert "vẫn trả lời" in texts[0]
        assert "đang chạy" in texts[1]
        assert texts[2].startswith("<b>35 trạm</b>")
        assert await edited(bot, 1, ADMIN) == "Đã lập chỉ mục thế hệ 7."


async def test_a_failed_reindex_says_why() -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('hoidap: Đĩa đầy.')"]
    async with running(command=failing) as bot:
        await bot.emulator.say(ADMIN, "/reindex")
        assert await edited(bot, 1, ADMIN) == "hoidap: Đĩa đầy."


async def test_forwarded_or_edited_reindex_is_not_obeyed() -> None:
    async with running(command=[sys.executable, "-c", "print('xong')"]) as bot:
        origin = {"type": "user", "date": 1, "sender_user": {"id": 9, "is_bot": False, "first_name": "X"}}
        await bot.emulator.say(ADMIN, "/reindex", forward_origin=origin)
        assert "người quản trị" in (await bot.answers(ADMIN))[0]
        message = await bot.emulator.say(ADMIN, "Hậu Giang?")
        await bot.answers(ADMIN, 2)
        await bot.emulator.edit(
            {**message, "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}, "/reindex"
        )
        await bot.emulator.say(ADMIN, "không có")
        assert [text[:7] for text in (await bot.answers(ADMIN, 3))[1:]] == ["<b>35 t", "Chưa có"]


async def test_progress_is_shown_in_the_same_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bot.reindexing._EVERY", 0.0)
    seen = tmp_path / "seen"
    code = f"""
import pathlib, sys, time
while not pathlib.Path({str(seen)!r}).exists():
    print("30/120", file=sys.stderr, flush=True)
    time.sleep(0.05)
print("Đã xong.")"""
    async with running(command=[sys.executable, "-c", code]) as bot:
        await bot.emulator.say(ADMIN, "/reindex")
        assert "25 %" in await edited(bot, 1, ADMIN)
        seen.touch()
        await bot.until(lambda: "Đã xong." in bot.emulator.sent(ADMIN, "editMessageText"))
        assert len(bot.emulator.sent(ADMIN)) == 1
        assert not any(call.get("reply_markup") for name, call in bot.emulator.calls[-1:] if name == "editMessageText")


async def test_a_reindex_is_cancelled_by_an_admin_only() -> None:
    endless = [sys.executable, "-c", "import time; time.sleep(60)"]
    async with running(command=endless) as bot:
        await bot.emulator.say(ADMIN, "/reindex")
        await bot.answers(ADMIN)
        button = bot.emulator.buttons(ADMIN)["Hủy"]
        await bot.emulator.press(USER, button, 7)
        assert "hết hạn" in await said(bot, 1)
        await bot.emulator.press(ADMIN, button, 7, chat=-100)
        assert "hết hạn" in await said(bot, 2)
        assert bot.emulator.sent(ADMIN, "editMessageText") == []
        await bot.emulator.press(ADMIN, button, 7)
        assert "chỉ mục trước" in await edited(bot, 1, ADMIN)
        await bot.emulator.press(ADMIN, button, 7)
        assert "hết hạn" in await said(bot, 4)
        assert bot.store.desk.acts() == [(str(ADMIN), "cancel", "reindex"), (str(ADMIN), "reindex", "")]


def test_the_child_tells_how_far_it_is(hoidap: Run) -> None:
    hoidap("ask", "Hậu Giang có bao nhiêu trạm BTS tăng?")
    ran = hoidap("reindex", "--force", "--steps")
    steps = ran.stderr.split()
    assert "Đã lập chỉ mục" in ran.stdout
    assert 10 < len(steps) <= 101
    assert len(set(steps[-1].split("/"))) == 1
