"""What each command of the command line does; each takes the program and the options and gives the exit status.

What only one command needs is imported in it: a question should not wait for what loading needs.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from functools import partial

from bot import show
from bot.progress import progress
from bot.wiring import Program
from corpus.errors import HoidapError, OutputError, ReportError, SettingsError, StoreError
from index.records import Answer, Question

_FIRST = "Có bao nhiêu trạm BTS?"  # any question
_POLITE = 10  # how far a reindex that another program began stands back from who answers meanwhile


def ask(program: Program, options: argparse.Namespace) -> int:
    place = _province(options.province) if options.province else None
    if not program.ready():
        with progress("Lập chỉ mục") as step:
            program.prepare(show.note, step)

    def answered(text: str) -> Answer:
        return program.ask(Question(text, place, options.year, options.document, options.top))

    if options.question is not None:
        show.answer(answered(options.question), options.json)
    elif sys.stdin.isatty():
        from bot.chat import chat

        chat(program.settings.home / "history", lambda text: show.answer(answered(text), options.json), options.json)
    else:
        for text in _lines():
            show.answer(_reply(text, answered), options.json)
    return 0


def _province(name: str) -> str:
    from corpus.sidecar import province

    return province(name)


def _lines() -> Iterator[str]:
    """Questions from standard input, one a line, as they come; empty lines ask nothing."""
    return (line.strip() for line in sys.stdin if line.strip())


def _reply(text: str, answered: Callable[[str], Answer]) -> Answer:
    """In a batch a question that cannot be answered as put gets its reply in its place."""
    try:
        return answered(text)
    except HoidapError as error:
        return Answer(text, None, 0.0, str(error))


def compare(program: Program, options: argparse.Namespace) -> int:
    from bot import charts, exports
    from bot.files import free, save
    from index.comparing import Wanted
    from index.roles import Role

    for path in filter(None, (options.csv, options.chart)):
        free(path)
    if options.chart and not charts.available():
        raise OutputError("Chưa cài phần vẽ biểu đồ; hãy chạy: pip install 'hoidap[charts]'.")
    if not program.ready():
        with progress("Lập chỉ mục") as step:
            program.prepare(show.note, step)
    places = tuple(map(_province, options.province))
    role = Role(options.role) if options.role else None
    found = program.compare(Wanted(options.indicator, places, tuple(options.year), role))
    show.comparison(found, options.json)
    if options.csv:
        save(options.csv, exports.as_csv(found))
        show.note(f"Đã ghi bảng vào {options.csv}.")
    if options.chart:
        picture = exports.picture(found)
        if picture:
            save(options.chart, picture)
        show.note(f"Đã vẽ biểu đồ vào {options.chart}." if picture else "Không có số liệu nào để vẽ biểu đồ.")
    return 0


def add(program: Program, options: argparse.Namespace) -> int:
    from corpus.load import take_all
    from corpus.reader import find
    from corpus.sidecar import NAMES, checked

    given = checked({name: getattr(options, name) or "" for name in NAMES}, "--")
    paths = find(options.paths)
    taken = []
    program.changing()
    with progress("Nạp báo cáo") as step:
        for number, (path, became) in enumerate(take_all(program.store, paths, given), 1):
            taken.append((path, became))
            if isinstance(became, ReportError):
                show.note(str(became))
            step(number, len(paths))
    show.taken(taken)
    _update(program)
    failed = sum(isinstance(became, ReportError) for _, became in taken)
    if failed:
        raise ReportError(f"{failed} trong {len(paths)} tệp không nạp được; các tệp khác đã vào kho.")
    return 0


def _update(program: Program) -> None:
    if program.stale():
        with progress("Lập chỉ mục") as step:
            program.reindex(force=True, step=step)


def list_documents(program: Program, options: argparse.Namespace) -> int:
    show.listing(program.store.listing())
    return 0


def show_document(program: Program, options: argparse.Namespace) -> int:
    show.document(program.store.document(options.id), program.store.passages(options.id))
    return 0


def history(program: Program, options: argparse.Namespace) -> int:
    show.history(program.store.document(options.id), program.store.history(options.id))
    return 0


def read_again(program: Program, options: argparse.Namespace) -> int:
    from corpus.load import reread

    count, changed, refused = program.store.counts()["documents"], 0, 0
    program.changing()
    with progress("Đọc lại tệp gốc") as step:
        for number, (id, became) in enumerate(reread(program.store), 1):
            if isinstance(became, ReportError):
                refused += 1
                show.note(f"{id}: {became}")
            elif became[0] != "same":
                changed += 1
            step(number, count)
    _update(program)
    show.line(f"Đã đọc lại {count} tài liệu từ tệp gốc: {changed} thay đổi.")
    if refused:
        raise ReportError(f"{refused} tài liệu không đọc lại được nên giữ nguyên như cũ.")
    return 0


def undo(program: Program, options: argparse.Namespace) -> int:
    program.changing()
    program.store.undo(options.id)
    _update(program)
    show.line(f"“{options.id}” đã trở lại bản trước.")
    return 0


def remove(program: Program, options: argparse.Namespace) -> int:
    program.changing()
    program.store.remove(options.ids)
    _update(program)
    show.line(f"Đã xóa {len(options.ids)} tài liệu.")
    return 0


def reindex(program: Program, options: argparse.Namespace) -> int:
    if options.steps:
        os.nice(_POLITE)
    stale = program.stale()
    if not options.force and not stale:
        show.line(f"Chỉ mục đã khớp cơ sở dữ liệu (thế hệ {program.generation().number}).")
        return 0
    with progress("Lập chỉ mục", options.steps) as step:
        made = program.reindex(options.force, step, anew=not stale)
    show.line(f"Đã lập chỉ mục thế hệ {made.number}: {len(made.documents)} tài liệu, {len(made.passages)} đoạn.")
    return 0


def measure(program: Program, options: argparse.Namespace) -> int:
    from index.evaluate import evaluate, read_questions

    sets = {str(path): read_questions(path) for path in options.files}
    with progress("Lập chỉ mục") as step:
        program.prepare(show.note, step)
    sets = sets if len(sets) == 1 else {**sets, "all": [known for found in sets.values() for known in found]}
    measured = {}
    with progress("Chấm") as step:
        for number, (name, questions) in enumerate(sets.items(), 1):
            measured[name] = evaluate(questions, program.ask)
            step(number, len(sets))
    if options.json:
        print(json.dumps({name: {k: asdict(m) for k, m in kinds.items()} for name, kinds in measured.items()}))
    else:
        show.measured(measured)
    return 0


def status(program: Program, options: argparse.Namespace) -> int:
    from bot import health

    show.status(health.status(program))
    return 0


def verify(program: Program, options: argparse.Namespace) -> int:
    from bot import health

    complaints = health.verify(program)
    for complaint in complaints:
        show.line(complaint)
    if complaints:
        raise StoreError(f"{len(complaints)} chỗ không khớp; hãy khôi phục từ bản sao lưu hoặc nạp lại báo cáo.")
    counts = program.store.counts()
    show.line(f"Mọi thứ khớp: {counts['documents']} tài liệu, {counts['passages']} đoạn.")
    return 0


def backup(program: Program, options: argparse.Namespace) -> int:
    program.store.backup(options.file)
    show.line(f"Đã sao lưu vào {options.file}.")
    return 0


def copy(program: Program, options: argparse.Namespace) -> int:
    from corpus.store import Store

    # The address comes by a setting: as an argument its password could be read by every user of the machine.
    if program.settings.target_url is None:
        raise SettingsError("Chưa biết chép vào đâu; hãy ghi địa chỉ cơ sở dữ liệu đích vào TARGET_DATABASE_URL.")
    source = program.store
    try:
        target = Store.open(program.settings.target_url)
    except StoreError as error:
        raise StoreError(str(error).replace("DATABASE_URL", "TARGET_DATABASE_URL")) from error
    with closing(target), progress("Chép cơ sở dữ liệu") as step:
        put = source.copy_to(target, step, options.force)
        counts = target.counts()
    told = f"{counts['documents']} tài liệu, {counts['passages']} đoạn, {counts['questions']} câu hỏi"
    show.line(f"Đích khớp nguồn: {told}; vừa chép {put} dòng.")
    return 0


def bot(program: Program, options: argparse.Namespace) -> int:
    from bot import health
    from bot.replica import following
    from bot.service import run_bot
    from bot.telegram import Backing

    with progress("Lập chỉ mục") as step:
        program.prepare(show.note, step)
    program.serving.examine_from_now_on()
    # The first question loads all that asking needs. None of a person's has to wait for it; and an update that is
    # handled alone, because the process ended under it, must be done soon, lest a kill by chance seem its doing again.
    with suppress(Exception):  # whatever it is, who asks will hear of it
        program.ask(Question(_FIRST))

    with following(program):
        run_bot(
            Backing(
                program.settings,
                program.ask,
                program.compare,
                program.reports,
                program.reindex_command(),
                program.store,
                partial(health.status, program),
            )
        )
    return 0


COMMANDS: dict[str, Callable[[Program, argparse.Namespace], int]] = {
    "ask": ask,
    "compare": compare,
    "add": add,
    "list": list_documents,
    "show": show_document,
    "history": history,
    "undo": undo,
    "reread": read_again,
    "remove": remove,
    "reindex": reindex,
    "eval": measure,
    "status": status,
    "verify": verify,
    "backup": backup,
    "copy": copy,
    "bot": bot,
}
