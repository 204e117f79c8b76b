"""What a loss of power and a full disk ask for: bytes made durable, and errors of the system in Vietnamese."""

import errno
import os
from pathlib import Path

_CAUSES = {
    errno.ENOSPC: "Đĩa đầy; hãy giải phóng chỗ",
    errno.EDQUOT: "Hết hạn mức đĩa; hãy giải phóng chỗ",
    errno.EFBIG: "Tệp vượt cỡ hệ thống cho phép; hãy nới giới hạn",
    errno.EIO: "Lỗi đọc ghi đĩa; hãy kiểm tra ổ đĩa",
    errno.EROFS: "Đĩa chỉ đọc được; hãy gắn lại để ghi",
    errno.EACCES: "Không có quyền; hãy cấp quyền cho tệp và thư mục",
    errno.EPERM: "Không có quyền; hãy cấp quyền cho tệp và thư mục",
}


def cause(error: OSError) -> str:
    """Why the system refused, and what to do about it; no full stop.

    >>> cause(OSError(errno.ENOSPC, "No space left on device"))
    'Đĩa đầy; hãy giải phóng chỗ'
    """
    return _CAUSES.get(error.errno or 0) or f"{error.strerror or error}"


def sync(path: Path) -> None:
    """Make a file's bytes, or the names in a folder, survive a loss of power. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
