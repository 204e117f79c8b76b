"""A bot that is stuck ends so that it is started again, and systemd hears of one that is well."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from bots import USER, Running, process, running
from emulator import Emulator

from bot import watchdog
from bot.watchdog import PATIENCE, STUCK, Watchdog


def test_only_silence_that_lasts_ends_it() -> None:
    now, ended = [1000.0], []
    dog = Watchdog(now=lambda: now[0], end=ended.append)
    for _ in range(10):
        now[0] += PATIENCE
        dog.look()
        dog.beat()
    assert ended == []
    now[0] += PATIENCE + 1
    dog.look()
    assert ended == [STUCK]


def test_an_event_loop_that_hangs_is_ended_with_a_status_of_its_own() -> None:
    script = "import time; from bot.watchdog import Watchdog; Watchdog(0.2, 0.05).start(); time.sleep(60)"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parent.parent, timeout=50, check=False)
    assert done.returncode == STUCK


async def test_polls_are_signs_of_life_also_those_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[None] = []
    monkeypatch.setattr(watchdog.Watchdog, "beat", lambda dog: beats.append(None))
    async with running() as bot:
        await bot.until(lambda: len(beats) > 2)
        bot.emulator.fail("getUpdates", 502, "Bad Gateway", times=2)
        before = len(beats)
        await bot.until(lambda: len(beats) > before + 2)


async def test_systemd_hears_of_the_start_and_the_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.setblocking(False)
        async with Emulator() as emulator:
            bot = Running(emulator)
            child = await process(emulator.url, tmp_path, NOTIFY_SOCKET=str(tmp_path / "notify"))
            loop = asyncio.get_running_loop()
            assert await asyncio.wait_for(loop.sock_recv(heard, 100), 60) == b"READY=1"
            await emulator.say(USER, "hau giang co bao nhieu tram bts tang")
            await bot.answers(USER)
            child.terminate()
            await child.communicate()
            assert await asyncio.wait_for(loop.sock_recv(heard, 100), 60) == b"STOPPING=1"
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        Watchdog().look()
        assert heard.recv(100) == b"WATCHDOG=1"
