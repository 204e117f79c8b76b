"""What the bot lives through beside kills: replies without sense, a server that fails, a database that is locked.

    PYTHONPATH=tests python tools/outages.py [--bodies 10000] [--schedules 1000] [--locked 12] [--people 40] [--seed 1]

Prints rows for docs/reliability.md: case, tried, survived. A number of 0 leaves a case out. Exit status 1 when
something was lost, came twice too often, or ended in an error that nobody foresaw.
"""

import argparse
import asyncio
import logging
import sys

import bodies
import locking
import schedules
import waiting


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=10_000, help="of replies to polls, and as many of calls")
    parser.add_argument("--schedules", type=int, default=1000, help="of a server's errors")
    parser.add_argument("--locked", type=float, default=12, help="seconds that another process locks the database")
    parser.add_argument("--people", type=int, default=40, help="who ask while one chat or update is in trouble")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger().addHandler(logging.NullHandler())
    print("| case | tried | survived |\n|---|---|---|", flush=True)
    good = True
    if options.bodies:
        polled, posted = (asyncio.run(get(options.bodies, options.seed)) for get in (bodies.polled, bodies.posted))
        hasty = f", {polled.hasty} of them without a pause of a second"
        good &= malformed("replies to getUpdates", polled, hasty) & malformed("calls of the webhook", posted, " by 400")
    if options.schedules:
        good &= failing(asyncio.run(schedules.run(range(options.seed, options.seed + options.schedules))))
    if options.locked:
        good &= locked(asyncio.run(locking.lock(options.locked)))
    for name, trouble in waiting.TROUBLES.items() if options.people else ():
        waited(name, asyncio.run(waiting.waits(trouble, options.people)))
    return 0 if good else 1


def malformed(what: str, tally: bodies.Tally, how: str) -> bool:
    print(
        f"| malformed {what}: cut, HTML, binary, other types, other encodings, huge | {tally.bodies:,} | "
        f"{tally.unhandled} unhandled; {tally.refused:,} refused{how}; "
        f"{tally.answered} of {tally.questions} questions in between answered |",
        flush=True,
    )
    return tally.good


def failing(tally: schedules.Tally) -> bool:
    print(
        "| random schedules of 429, 500, pages with 403 and 502, resets, lost and cut replies | "
        f"{tally.schedules:,} schedules, {tally.errors:,} errors, {tally.asked:,} questions | {tally.lost} lost; "
        f"{tally.duplicates} twice for {tally.replies} lost replies, {tally.excess} more than those in a schedule; "
        f"{tally.disordered} chats out of order |",
        flush=True,
    )
    return tally.good


def locked(tally: locking.Tally) -> bool:
    print(
        f"| the database locked by another process | {tally.seconds:g} s, {tally.asked} questions meanwhile | "
        f"{tally.told} told so meanwhile, the first after {tally.wait:.1f} s; {tally.lost} lost, {tally.twice} twice; "
        f"the event loop stood still for at most {1000 * tally.stall:.0f} ms "
        f"(before the lock: {1000 * tally.before:.0f} ms) |",
        flush=True,
    )
    return tally.good


def waited(trouble: str, tally: waiting.Tally) -> None:
    half, most = (round(1000 * tally.share(part)) for part in (0.5, 0.95))
    print(
        f"| {trouble}; others ask meanwhile | {len(tally.waits)} people | all answered; "
        f"p50 {half} ms, p95 {most} ms, max {1000 * tally.waits[-1]:.0f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
