"""Read report files: original bytes, checked and decoded; one clear error for what cannot be taken in."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import ReportError
from corpus.text import clean

MAX_BYTES = 20 * 1024 * 1024  # what Telegram lets a bot download, too
EXTENSIONS = (".txt",)


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
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReportError(f"Không đọc được {path}: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise ReportError(f"{path.name} lớn hơn {MAX_BYTES // 2**20} MB; hãy chia nhỏ rồi nạp lại.")
    return data


def decode(name: str, data: bytes) -> str:
    """The cleaned text of a file's bytes. Raises ReportError for what is empty, binary or not UTF-8."""
    if b"\x00" in data or data.startswith((b"%PDF", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")):
        raise ReportError(f"{name} không phải văn bản UTF-8; hãy lưu lại dưới dạng .txt (UTF-8) rồi nạp.")
    try:
        text = clean(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReportError(
            f"{name} không phải UTF-8 (byte thứ {error.start + 1}); hãy lưu lại với mã UTF-8 rồi nạp."
        ) from error
    if not text.strip():
        raise ReportError(f"{name} không có chữ nào.")
    return text
