"""How things stand: everything recomputed and compared, and what an operator wants to know at a glance."""

from datetime import datetime
from itertools import zip_longest

from bot.messages import moment
from bot.wiring import Program
from corpus.errors import GenerationError
from index.generation import DISTRIBUTED, Generation, damaged


def verify(program: Program) -> list[str]:
    """Everything recomputed: complaints in Vietnamese, [] when all is well."""
    from corpus.checking import check
    from index.indexing import as_read

    complaints = list(check(program.store))
    generation = program.generation()
    complaints += [f"Thế hệ chỉ mục {number} bị hỏng." for number in generation.skipped]
    stored = program.store.passages_of(document.id for document in generation.documents)
    if generation.fingerprint != program.store.fingerprint():
        complaints.append("Chỉ mục cũ hơn cơ sở dữ liệu; hãy chạy “hoidap reindex”.")
    elif damaged(generation) or any(ours != theirs for ours, theirs in zip_longest(generation.passages, stored)):
        complaints.append("Chỉ mục không khớp cơ sở dữ liệu; hãy chạy “hoidap reindex --force”.")
    elif not as_read(generation.passages):
        complaints.append("Từ và số liệu trong chỉ mục không theo đúng các đoạn; hãy chạy “hoidap reindex --force”.")
    return complaints + _lost(program, generation)


def _lost(program: Program, generation: Generation) -> list[str]:
    if program.cluster is None or generation.engine != DISTRIBUTED:
        return []
    from index.distributed import complaints

    return complaints(program.cluster, generation)


def status(program: Program) -> list[tuple[str, str]]:
    """Labels and values in Vietnamese; no address of a database is shown, it may hold a password."""
    counts = program.store.counts()
    lost: list[str] = []
    try:
        made = program.generation()
        lost = _lost(program, made)
        newness = "cần lập lại" if program.stale() else "khớp cơ sở dữ liệu"
        state, engine = f"thế hệ {made.number}, {len(made.passages)} đoạn, {newness}", made.engine
        skipped = ", ".join(map(str, made.skipped))
    except GenerationError as error:
        state, engine, skipped = str(error), program.wanted_engine(), ""
    return [
        ("Thư mục", str(program.settings.home)),
        ("Tài liệu", str(counts["documents"])),
        ("Đoạn", str(counts["passages"])),
        ("Câu hỏi đã nhận", str(counts["questions"])),
        *_post(program),
        ("Chỉ mục", state),
        *([("Thế hệ bị hỏng", skipped)] if skipped else []),
        ("Bộ tìm kiếm", engine + (f" + {program.encoder.name}" if program.encoder else "")),
        *(("Qdrant", complaint) for complaint in lost),
    ]


def _post(program: Program) -> list[tuple[str, str]]:
    """What waits in the chat bot's mailbox, and what it could not handle."""
    post = program.store.mailbox.post()
    waiting = [("Tin chờ trả lời", post.waiting), ("Tin chờ gửi", post.unsent), ("Tin gác lại vì lỗi", post.dead)]
    rows = [(label, str(number)) for label, number in waiting if number]
    return rows + [(f"Lỗi lúc {moment(datetime.fromisoformat(at))}", error) for at, error in post.errors]
