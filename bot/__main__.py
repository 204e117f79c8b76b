"""The `hoidap` command: arguments in, exit status out."""

import argparse
import gc
import os
import sys
from contextlib import closing

from bot.arguments import parser
from corpus.disk import cause
from corpus.errors import HoidapError


def main() -> None:
    """Run the command line; exit status 0 done, 1 an error with one line on standard error, 2 wrong usage."""
    if sys.argv[1:2] == ["ask"]:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # rank-bm25 multiplies no matrices: threads would only wait
    gc.set_threshold(50_000)  # collections while modules load find nothing, and cost a tenth of a cold question
    os.umask(0o077)  # whatever is written, also by libraries and child processes, is its owner's alone
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Vietnamese whatever the locale; what is no UTF-8 must not stop a batch.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    status = run(sys.argv[1:])
    if sys.argv[1:2] == ["ask"]:
        os._exit(status)  # all is written and closed; taking modules apart one by one costs a tenth of a cold question
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Do what the arguments say and give the exit status."""
    options = parser(arguments).parse_args(arguments)
    try:
        return _dispatch(options)
    except HoidapError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        _complain("đã dừng.")
    except BrokenPipeError:
        # The reader went away ("| head"); close quietly without a second complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _complain(f"{cause(error)}{f' ({error.filename})' if error.filename else ''}.")
    except Exception as error:
        from bot.incidents import report

        _complain(report(error))
    return 1


def _complain(text: str) -> None:
    """One line; names and questions may hold what a terminal would obey."""
    from corpus.text import clean

    print("hoidap:", " ".join(clean(text).splitlines()), file=sys.stderr)


def _dispatch(options: argparse.Namespace) -> int:
    from bot.commands import COMMANDS
    from bot.config import load_settings
    from bot.wiring import Program

    with closing(Program(load_settings())) as program:
        return COMMANDS[options.command](program, options)


if __name__ == "__main__":
    main()
