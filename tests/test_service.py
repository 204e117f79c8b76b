"""The whole program as a process of its own: it answers, reindexes, stops, and says why when it cannot go on."""

import asyncio
import signal
from pathlib import Path

import pytest
from aiohttp import ClientSession
from bots import ADMIN, USER, Running, edited, free_port, process
from emulator import TOKEN, Emulator


async def test_the_whole_program_answers_reindexes_and_stops(tmp_path: Path) -> None:
    async with Emulator() as emulator:
        bot = Running(emulator)
        child = await process(emulator.url, tmp_path)
        await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
        assert (await bot.answers(USER))[0].startswith("<b>35 trạm</b>")
        await emulator.say(ADMIN, "/reindex")
        assert "đã khớp" in await edited(bot, 1, ADMIN)
        child.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(child.communicate(), 30)
        assert child.returncode == 0
        assert TOKEN not in said.decode()
        assert b"incident" not in said


async def test_by_webhook_and_only_with_the_secret(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}/hoi"
    async with Emulator() as emulator, ClientSession() as stranger:
        bot = Running(emulator)
        more = {"TELEGRAM_WEBHOOK_URL": address, "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}
        child = await process(emulator.url, tmp_path, **more)
        await bot.until(lambda: any(name == "setWebhook" for name, _ in emulator.calls))
        message = await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
        assert (await bot.answers(USER))[0].startswith("<b>35 trạm</b>")
        forged = {"update_id": 10**6, "message": {**message, "text": "An Giang?"}}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "khac"}):
            async with stranger.post(address, json=forged, headers=headers) as refused:
                assert refused.status == 403
        await emulator.say(USER, "Cà Mau có bao nhiêu trạm BTS?")
        assert "Cà Mau" in (await bot.answers(USER, 2))[1]
        assert len(emulator.sent(USER)) == 2
        child.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(child.communicate(), 30)
        assert child.returncode == 0
        assert b"bi-mat_1" not in said


@pytest.mark.parametrize(
    ("method", "status", "description", "says"),
    [
        ("getMe", 401, "Unauthorized", "TELEGRAM_BOT_TOKEN"),
        ("getUpdates", 401, "Unauthorized", "TELEGRAM_BOT_TOKEN"),
        ("getUpdates", 409, "Conflict: terminated by other getUpdates request", "Một bot khác"),
    ],
)
async def test_what_cannot_go_on_ends_with_one_line(
    tmp_path: Path, method: str, status: int, description: str, says: str
) -> None:
    async with Emulator() as emulator:
        emulator.fail(method, status, description, times=5)
        child = await process(emulator.url, tmp_path)
        _, said = await asyncio.wait_for(child.communicate(), 60)
        assert child.returncode == 1
        last = said.decode().strip().splitlines()[-1]
        assert says in last
        assert TOKEN not in said.decode()
