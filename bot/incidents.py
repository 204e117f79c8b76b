"""Errors that nobody foresaw: a code for the person, the details under it in a file that only its owner reads."""

import secrets
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

from bot.config import load_settings
from bot.logs import redacted, secrets_of
from corpus.errors import HoidapError

FILE = "incidents.log"  # in HOIDAP_HOME
_LARGEST = 1_000_000  # bytes after which it is begun anew


def report(error: BaseException) -> str:
    """Keep an error's traceback, without secrets; one line in Vietnamese that says where."""
    code = secrets.token_hex(4).upper()
    hidden, file = _place()
    details = redacted("".join(traceback.format_exception(error)), hidden)
    told = f"Có lỗi bất ngờ (mã sự cố {code})"
    with suppress(OSError):
        if file:
            _append(file, f"{time.strftime('%Y-%m-%d %H:%M:%S')} {code}\n{details}\n")
            return f"{told}; hãy gửi đoạn có mã ấy trong {file} cho người phát triển."
    print(details, file=sys.stderr)  # where nothing can be written
    return f"{told}; hãy gửi cả đoạn trên cho người phát triển."


def _place() -> tuple[tuple[str, ...], Path | None]:
    """What must be hidden, and where details are kept; the settings may be the trouble themselves."""
    with suppress(HoidapError, OSError, ValueError):
        settings = load_settings()
        return secrets_of(settings), settings.home / FILE
    return (), None


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = "w" if file.exists() and file.stat().st_size > _LARGEST else "a"
    with file.open(mode, encoding="utf-8", errors="replace") as opened:
        file.chmod(0o600)
        opened.write(text)
