"""Time from an update to its answer, over HTTP, on the bundled reports.

    PYTHONPATH=tests python benchmarks/latency.py [--rate 20] [--seconds 30] [--reindexes 10]

The bot runs in a process of its own against the tests' Bot API server, so both share the cores. Questions come
at a steady rate, each from a user of their own; a time runs from the moment the update is there to be fetched until the
answer's sendMessage has arrived. With --reindexes each way is measured again while the index is made anew so many
times, one after the other.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice, product
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import bots
from emulator import Emulator

QUESTIONS = Path(__file__).parent.parent / "tests" / "golden" / "questions.jsonl"
_FIRST = 10_000  # the first user's id
_WARM = 5  # questions before the clock runs
_PATIENCE = 60  # seconds to wait for answers still due


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=20, help="questions a second")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--reindexes", type=int, default=0)
    options = parser.parse_args()
    known = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    asked = list(islice(cycle(known), int(options.rate * options.seconds)))
    print("| updates | questions/s | answered | p50 ms | p95 ms | p99 ms | max ms |\n|---|---|---|---|---|---|---|")
    for mode, reindexes in product(("polling", "webhook"), sorted({0, options.reindexes})):
        times = await measure(mode, asked, options.rate, reindexes)
        cuts = quantiles(times, n=100)
        cells = " | ".join(f"{value * 1000:.0f}" for value in (cuts[49], cuts[94], cuts[98], max(times)))
        name = f"{mode}, {reindexes} reindexes" if reindexes else mode
        print(f"| {name} | {options.rate:g} | {len(times)} of {len(asked)} | {cells} |", flush=True)


async def measure(mode: str, asked: Sequence[str], rate: float, reindexes: int) -> list[float]:
    """Seconds that each answer took; those of the first questions, which load the index, are not among them."""
    with TemporaryDirectory() as home:
        async with Emulator() as emulator:
            bot = await bots.process(emulator.url, Path(home), **_webhook(mode))
            try:
                await _times(emulator, asked[:_WARM], 1, _FIRST - _WARM)
                anew = asyncio.create_task(_reindex(home, reindexes))
                times = await _times(emulator, asked, rate, _FIRST)
                await anew
                return times
            finally:
                bot.terminate()
                await bot.communicate()


async def _reindex(home: str, times: int) -> None:
    """Make the index anew in processes of their own, one after the other. Raises RuntimeError when one fails."""
    pipe, environment = asyncio.subprocess.DEVNULL, {**os.environ, "HOIDAP_HOME": home, "HOIDAP_EMBEDDINGS": "off"}
    for _ in range(times):
        command = (sys.executable, "-m", "bot", "reindex", "--steps", "--force")
        child = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
        if await child.wait():
            raise RuntimeError("a reindex failed")


async def _times(emulator: Emulator, asked: Sequence[str], rate: float, first: int) -> list[float]:
    """Ask at a steady rate, the n-th question by user first + n, and wait for the answers."""
    begun, start = {}, time.monotonic()
    async with asyncio.TaskGroup() as saying:
        for number, question in enumerate(asked):
            await asyncio.sleep(start + number / rate - time.monotonic())
            begun[first + number] = time.monotonic()
            saying.create_task(emulator.say(first + number, question))
    for _ in range(100 * _PATIENCE):
        answered = _answered(emulator)
        if begun.keys() <= answered.keys():
            break
        await asyncio.sleep(0.01)
    return [answered[user] - at for user, at in begun.items() if user in answered]


def _answered(emulator: Emulator) -> dict[int, float]:
    """When each chat's first message arrived."""
    arrived = zip(emulator.calls, emulator.times, strict=True)
    sent = [(int(fields["chat_id"]), at) for (method, fields), at in arrived if method == "sendMessage"]
    return dict(reversed(sent))


def _webhook(mode: str) -> dict[str, str]:
    if mode == "polling":
        return {}
    url = f"http://127.0.0.1:{bots.free_port()}/hoi"
    return {"TELEGRAM_WEBHOOK_URL": url, "TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}


if __name__ == "__main__":
    asyncio.run(main())
