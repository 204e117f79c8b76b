"""Child processes: they end with their parent, however it ends, and one that is killed leaves nothing half-done."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import ReportError
from corpus.load import take_all
from corpus.store import Store

_PARENT = """
import os, time
from corpus.children import children
if __name__ == "__main__":
    with children() as pool:
        print(*{pool.submit(os.getpid).result() for _ in range(20)}, flush=True)
        time.sleep(60)
"""
_LINE = "Toàn tỉnh có {} trạm BTS, tăng {} trạm so với năm 2015, phủ sóng đến 98 % dân số của huyện số {}."


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert pids and all(map(_lives, pids))
        parent.send_signal(how)
    patience = time.monotonic() + 10
    while any(map(_lives, pids)):
        assert time.monotonic() < patience, "a child goes on without its parent"
        time.sleep(0.05)


def test_a_reader_that_is_killed_costs_no_file_that_was_read(tmp_path: Path) -> None:
    paths = _reports(tmp_path, 40)
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    taken = take_all(store, paths, {})
    first, became = next(taken)
    assert (first, not isinstance(became, ReportError)) == (paths[0], True)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(ReportError, match="chạy lại lệnh"):
        list(taken)
    assert 1 <= len(store.documents()) < len(paths)

    again = [became for _, became in take_all(store, paths, {})]
    assert {became[0] for became in again if not isinstance(became, ReportError)} == {"same", "added"}
    assert [document.file for document in store.documents()] == [path.name for path in paths]
    assert store.integrity() == []
    store.close()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _reports(folder: Path, number: int) -> list[Path]:
    """Files of more than a megabyte together, in the order of their names."""
    paths = [folder / f"bao-cao-{n:02}.txt" for n in range(number)]
    for n, path in enumerate(paths):
        path.write_text("\n".join(_LINE.format(n, line, line) for line in range(300)), "utf-8")
    return paths
