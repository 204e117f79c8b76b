"""Kill the bot again and again while questions wait; every question must be answered, and hardly one twice.

    PYTHONPATH=tests python tools/kills.py [--kills 200] [--questions 40] [--webhook] [--mutants] [--seed 1]

The bot is a process of its own, ended by SIGKILL at random times, against the tests' Bot API server over HTTP. Prints
one line of a table: case, tried, survived. With --mutants bots that are built wrong are tried as well, each of
which must be found out. Exit status 1 when something was lost, came twice too often, or a mutant was not noticed.
"""

import argparse
import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from killing import Tally, kill_often

from bot.config import load_settings
from bot.wiring import Program

MUTANTS = {
    "the offset moves before the commit": "m.Mailbox.take = lambda self, bodies: set(bodies)",
    "what was begun is not taken up again": "m.Mailbox.waiting = lambda self: []",
    "an answer counts as sent before it is": "m.Mailbox.unsent = lambda self: []",
    "an answer that was sent is not marked": "m.Mailbox.sent = lambda self, id, message: None",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--questions", type=int, default=40, help="that come before each kill")
    parser.add_argument("--webhook", action="store_true", help="Telegram calls; else the bot polls")
    parser.add_argument("--mutants", action="store_true", help="try bots that are built wrong, too, with 8 kills each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        Program(load_settings({"HOIDAP_HOME": str(template), "HOIDAP_EMBEDDINGS": "off"})).prepare(lambda text: None)
        given = (options.questions, template, options.seed, options.webhook)
        tally = run(options.kills, *given)
        print("| case | tried | survived |\n|---|---|---|", flush=True)
        way = "webhook" if options.webhook else "polling"
        print(f"| kill -9 of the bot with {options.questions} questions waiting ({way}) | {said(tally)} |", flush=True)
        good = tally.good
        for name, code in MUTANTS.items() if options.mutants else ():
            found = run(8, *given, f"import corpus.mailbox as m; {code}")
            good &= not found.good
            print(f"| mutant: {name} | {said(found)} |", flush=True)
    return 0 if good else 1


def run(kills: int, questions: int, template: Path, seed: int, webhook: bool, mutant: str = "") -> Tally:
    with TemporaryDirectory() as folder:
        home = shutil.copytree(template, Path(folder) / "home")
        return asyncio.run(kill_often(kills, questions, home, seed, webhook, mutant))


def said(tally: Tally) -> str:
    return (
        f"{tally.kills} kills, {tally.asked} questions | {tally.lost} lost, {tally.duplicates} twice "
        f"(at most {tally.worst} a kill), {tally.disordered} chats out of order, {tally.aside} wrongly blamed"
    )


if __name__ == "__main__":
    sys.exit(main())
