"""Parsers of foreign formats run in a process of their own: limited in memory, time and files, without a network.

python -m corpus.child KIND < file > extract.json
"""

import importlib
import json
import logging
import subprocess  # parsers run apart  # nosec B404
import sys
from dataclasses import asdict

from corpus.errors import ReportError
from corpus.extract import Extract, Mark

MEMORY = 700 * 2**20  # bytes of address space
CPU = 20  # seconds
WALL = 30  # seconds
LONGEST = 20 * 2**20  # characters of text
_CALLED = {"pdf": "PDF", "word": "Tệp Word", "sheets": "Tệp Excel", "webpage": "Trang web"}
_log = logging.getLogger(__name__)
READERS = {"pdf": "corpus.pdf", "word": "corpus.word", "sheets": "corpus.sheets", "webpage": "corpus.webpage"}


def run(name: str, kind: str, data: bytes) -> Extract:
    """What a reader makes of a file's bytes. Raises ReportError, also when it takes too much of anything."""
    command = [sys.executable, "-I", "-m", "corpus.child", kind]
    try:
        ran = subprocess.run(  # noqa: S603 - the command is this module  # nosec B603
            command, input=data, capture_output=True, timeout=WALL, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise ReportError(f"{name}: đọc quá {WALL} giây; hãy chia nhỏ hoặc lưu lại dưới dạng khác.") from None
    if ran.returncode != 0:
        _log.warning("reading %s ended with %d: %s", kind, ran.returncode, ran.stderr.decode("utf-8", "replace")[-500:])
        raise ReportError(f"{name}: đọc tốn quá nhiều bộ nhớ hoặc thời gian, hoặc tệp hỏng; hãy chia nhỏ rồi nạp lại.")
    made = json.loads(ran.stdout)
    if "error" in made:
        raise ReportError(f"{name}: {made['error']}")
    return Extract(made["text"], tuple(Mark(*mark) for mark in made["marks"]), made["stated"])


def read(kind: str, data: bytes) -> Extract:
    """The same in this process. Raises ReportError."""
    reader = importlib.import_module(READERS[kind])
    given = data.decode("utf-8", "replace") if kind == "webpage" else data
    try:
        made: Extract = reader.read(given)
    except ReportError:
        raise
    except (MemoryError, RecursionError) as error:
        raise ReportError("tệp quá lớn hoặc quá phức tạp; hãy chia nhỏ rồi nạp.") from error
    except Exception as error:  # parsers raise whatever a damaged file makes them meet
        raise ReportError(f"{_CALLED[kind]} bị hỏng; hãy lấy lại bản gốc, hoặc mở rồi lưu lại.") from error
    if len(made.text) > LONGEST:
        raise ReportError(f"văn bản dài hơn {LONGEST // 2**20} triệu chữ; hãy chia nhỏ rồi nạp.")
    return made


def limit() -> None:
    """Of this process: memory, processor time, no files written, no network."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_offline)


def _offline(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec"):
        raise PermissionError(event)


def main() -> None:
    kind, data = sys.argv[1], sys.stdin.buffer.read()
    limit()
    try:
        told = asdict(read(kind, data))
    except ReportError as error:
        told = {"error": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
