"""Random walks of people who do whatever they can, and as many checks taken away: nobody gets at what is not theirs.

    PYTHONPATH=tests python tools/rights.py [--steps 10000] [--without CHECK]... [--seed 1]

Prints rows for docs/reliability.md: what was tried, how often, what came of it; exit status 1 at a breach, or when a
check was taken away and no walk noticed.
"""

import argparse
import logging
import sys

import pytest
from walks import MUTANTS, Rights, hurried, walk

_LENGTH = 50  # steps of a walk
_WALKS = 150  # to notice that a check is missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--without", action="append", choices=MUTANTS, help="only this check taken away")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger().addHandler(logging.NullHandler())
    with pytest.MonkeyPatch.context() as patch:
        hurried(patch)
        print("| case | tried | survived |\n|---|---|---|")
        while Rights.steps < options.steps:
            walk(20, _LENGTH, options.seed + Rights.steps)
        print(
            f"| anybody does anything: rights, groups, buttons, files, logs | {Rights.steps} steps | 0 breaches |",
            flush=True,
        )
        away = options.without or list(MUTANTS)
        missed = [name for name in away if not noticed(name, options.seed)]
    print(f"| one check taken away, then random walks | {len(away)} checks | {len(away) - len(missed)} noticed |")
    for name in missed:
        print(f"not noticed: {name}", file=sys.stderr)
    return 1 if missed else 0


def noticed(name: str, chance: int) -> bool:
    """Whether walks without a check come to a breach."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*MUTANTS[name])
        try:
            walk(_WALKS, _LENGTH, chance)
        except AssertionError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
