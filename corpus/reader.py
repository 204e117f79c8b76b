"""Read report files: original bytes, checked and decoded; one clear error for what cannot be taken in."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from corpus.errors import ReportError
from corpus.formats import EXTENSIONS

MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download, too


def find(paths: list[Path]) -> list[Path]:
    """The report files named or lying in the folders named, in order, without symbolic links in folders.

    Raises ReportError for a path that is not there and for a folder without reports.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = list(_walk(path))
            if not inside:
                raise ReportError(f"Thư mục {path} không có báo cáo nào (tệp {', '.join(EXTENSIONS)}).")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise ReportError(f"Không tìm thấy {path}. Hãy kiểm tra lại đường dẫn.")
    return list(dict.fromkeys(found))


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(files):
            path = Path(root, name)
            if path.suffix.lower() in EXTENSIONS and not path.is_symlink():
                yield path


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES. Raises ReportError."""
    try:
        # Non-blocking, so that a named pipe cannot hang the load.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ReportError(f"{path.name} không phải là tệp thường nên không nạp được.")
            before = _state(file)
            data = file.read(MAX_BYTES + 1)
            if _state(file) != before:
                raise ReportError(f"{path.name} đang được ghi; hãy đợi ghi xong rồi nạp lại.")
    except OSError as error:
        raise ReportError(f"Không đọc được {path}: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise ReportError(f"{path.name} lớn hơn {MAX_BYTES // 2**20} MB; hãy chia nhỏ rồi nạp lại.")
    return data


def _state(file: IO[bytes]) -> tuple[int, int]:
    """Size and time of change: another one after reading means that somebody writes."""
    now = os.fstat(file.fileno())
    return now.st_size, now.st_mtime_ns
