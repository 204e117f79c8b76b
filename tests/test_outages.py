"""Samples of what tools/outages.py does in number: replies without sense, errors of the server, a locked database."""

import time

import bodies
import locking
import pytest
import schedules
import waiting
from aiohttp import web
from bots import USER, running


@pytest.mark.parametrize("get", [bodies.polled, bodies.posted])
async def test_malformed_bodies_end_nothing(get) -> None:
    tally = await get(100, seed=4)
    assert tally.good, tally
    assert tally.refused > tally.bodies / 2


@pytest.mark.parametrize("reply", [b"<html>", b'{"ok": true, "result": []}'])
async def test_a_server_that_answers_at_once_is_not_asked_all_the_time(reply: bytes) -> None:
    polls: list[float] = []

    async def instead(request: web.Request, obey: object) -> web.Response | None:
        if request.match_info["method"] != "getUpdates" or len(polls) == 2:
            return None
        polls.append(time.monotonic())
        return web.Response(body=reply)

    async with running(instead=instead) as bot:
        await bot.emulator.say(USER, "Hậu Giang?")
        await bot.answers(USER)
    assert len(polls) == 2
    assert polls[1] - polls[0] >= 0.99


async def test_errors_of_the_server_lose_nothing() -> None:
    tally = await schedules.run(range(8))
    assert tally.good, tally
    assert tally.replies > 0


async def test_a_page_in_telegrams_place_does_not_speak_for_it() -> None:
    """A firewall's 403 is nobody who blocked the bot, its 404 no wrong token, its 409 no second copy."""
    pages = [404, 401, 409, 403, 403]

    async def instead(request: web.Request, obey: object) -> web.Response | None:
        sending = request.match_info["method"] == "sendMessage"
        if not pages or (request.match_info["method"] != "getUpdates" and not sending):
            return None
        return web.Response(status=pages.pop(), text="<html>", content_type="text/html")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.fetching._PAUSES", (0.01,))
        patch.setattr("bot.outbox.PAUSES", (0.01,))
        async with running(instead=instead) as bot:
            await bot.emulator.say(USER, "Hậu Giang?")
            await bot.answers(USER)
    assert pages == []


async def test_a_lock_for_longer_than_the_patience_is_told_and_loses_nothing() -> None:
    """The figure is in docs/reliability.md: here a busy machine may take its time."""
    tally = await locking.lock(6, every=1)
    assert tally.good, tally
    assert tally.wait >= 4.5, "nobody waits for the lock"
    assert tally.stall < 2.5, "the lock is waited for on the loop"


@pytest.mark.parametrize("trouble", waiting.TROUBLES)
async def test_others_do_not_wait_for_who_is_in_trouble(trouble: str) -> None:
    tally = await waiting.waits(waiting.TROUBLES[trouble], 5)
    assert tally.waits[-1] < 30  # the hour of the one chat, or for ever; the figures are in docs/reliability.md
