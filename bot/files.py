"""Files that a command writes: nothing is written over, and a file is there whole or not at all."""

from pathlib import Path

from corpus.errors import OutputError


def free(path: Path) -> None:
    """Raises OutputError where a file would be written over, before any work is done for it."""
    if path.exists():
        raise OutputError(f"{path} đã có; hãy chọn tên khác để không ghi đè.")


def save(path: Path, data: bytes) -> None:
    """Write a new file. Raises OutputError."""
    free(path)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.rename(path)
    except OSError as error:
        raise OutputError(f"Không ghi được {path}: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
