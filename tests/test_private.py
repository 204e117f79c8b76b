"""What is nobody else's business: files whatever the umask, the .env, secrets in logs, in tracebacks and in errors."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bots import ADMIN, USER, Running, edited, process
from emulator import TOKEN, Emulator
from sqlalchemy.exc import OperationalError

from bot import incidents, logs
from bot.config import load_settings
from bot.logs import Redacting, secrets_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]
QUESTION = "Hậu Giang có bao nhiêu trạm BTS tăng?"
SECRETS = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "DATABASE_URL": "postgresql+psycopg://office:p%40ss'word@db.vi.du/hoidap",
    "TELEGRAM_PROXY": "socks5://joe:fence%2Fgate@proxy.vi.du:1080",
    "TELEGRAM_WEBHOOK_SECRET": "bi-mat_123",
}
BARE = (TOKEN, "p%40ss'word", "p@ss'word", "fence%2Fgate", "fence/gate", "bi-mat_123")


def others_can_read(folder: Path) -> list[str]:
    """What under a folder anybody but its owner has any right to, and everything that there is."""
    found = [folder, *folder.rglob("*")]
    assert any(path.suffix == ".db" for path in found)
    return [str(path.relative_to(folder)) for path in found if path.stat().st_mode & 0o077]


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """For the tests that set another one."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(("umask", "engine"), [(0o000, "rank-bm25"), (0o022, "tantivy")])
def test_files_of_the_command_line_are_their_owners_alone(hoidap: Run, tmp_path: Path, umask: int, engine: str) -> None:
    os.umask(umask)
    report, home = tmp_path / "ben-tre.txt", tmp_path / "home"
    for figure in ("77", "81"):
        report.write_text(f"Báo cáo năm 2018 của tỉnh Bến Tre.\n\nToàn tỉnh có {figure} điểm phục vụ bưu chính.")
        assert hoidap("add", str(report), HOIDAP_ENGINE=engine).returncode == 0
    for arguments in (("ask", QUESTION), ("reindex", "--force"), ("undo", "ben-tre"), ("backup", str(home / "b.db"))):
        assert hoidap(*arguments, HOIDAP_ENGINE=engine).returncode == 0
    assert others_can_read(home) == []
    assert (home / "b.db").exists()


async def test_files_of_the_bot_are_their_owners_alone(tmp_path: Path) -> None:
    os.umask(0)
    home = tmp_path / "home"
    async with Emulator() as emulator:
        bot = Running(emulator)
        child = await process(emulator.url, tmp_path, HOIDAP_HOME=str(home))
        await emulator.say(USER, QUESTION)
        await bot.answers(USER)
        await emulator.upload(ADMIN, "ben-tre.txt", "Tỉnh Bến Tre năm 2018 có 77 điểm bưu chính.".encode())
        assert "Đã lập chỉ mục" in await edited(bot, 1, ADMIN)
        assert others_can_read(home) == []
        child.terminate()
        await child.communicate()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_an_env_file_that_others_can_read_is_refused(hoidap: Run, tmp_path: Path, mode: int) -> None:
    file = tmp_path / ".env"
    file.write_text("TELEGRAM_BOT_TOKEN=bi-mat\n")
    file.chmod(mode)
    done = hoidap("list")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "hoidap: Tệp .env chứa mã bí mật mà người khác trên máy đọc được; hãy chạy: chmod 600 .env\n"
    file.chmod(0o600)
    assert hoidap("list").returncode == 0


def test_an_env_file_of_another_program_is_let_be(hoidap: Run, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OTHER_KEY=x\nDATABASE_URL=\n")
    (tmp_path / ".env").chmod(0o644)
    assert hoidap("list").returncode == 0


def test_the_documents_say_how_to_protect_the_env_file() -> None:
    root = Path(__file__).parent.parent
    for page in ("docs/operating.md", "docs/telegram.md", ".env.example"):
        assert "chmod 600 .env" in (root / page).read_text("utf-8"), page


def _raised(told: str) -> BaseException:
    """As deep as tracebacks come: an error from an error within another, with a note."""
    try:
        try:
            try:
                raise ConnectionError(told)
            except ConnectionError as first:
                raise OperationalError("SELECT 1", {"x": told}, first) from first
        except OperationalError:
            raise KeyError(told) from None
    except KeyError as second:
        second.add_note(f"while {told}")
        second.__cause__ = ExceptionGroup("both", [ValueError(told), OperationalError(told, None, ValueError(told))])
        return second


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_in_a_log_line_or_its_traceback(name: str) -> None:
    settings = load_settings({**SECRETS, "TELEGRAM_WEBHOOK_URL": "https://vi.du/hoi"})
    for told in (SECRETS[name], f"password={BARE[2]}", f"{BARE[1]} {BARE[3]} {BARE[4]}", f"bot{TOKEN}/getMe"):
        error = _raised(told)
        record = logging.LogRecord("x", 40, "f", 1, "%s: %r", (told, error), (type(error), error, None))
        line = Redacting(secrets_of(settings)).format(record)
        assert [secret for secret in BARE if secret in line or repr(secret)[1:-1] in line] == []
        assert "KeyError" in line


def test_addresses_that_are_not_in_the_settings_are_hidden_too() -> None:
    said = "cannot reach redis://joe:fence@h:1 nor http://:pa$$@[::1]/x; https://vi.du/a:b@c is no password"
    assert logs.redacted(said, ()) == (
        "cannot reach redis://***@h:1 nor http://***@[::1]/x; https://vi.du/a:b@c is no password"
    )


def test_an_unforeseen_error_is_one_line_and_its_details_a_file(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(
        "from bot import __main__, commands\n"
        "def broken(program, options):\n"
        "    try:\n"
        "        raise ValueError(program.settings.token)\n"
        "    except ValueError as error:\n"
        "        raise RuntimeError(f'cannot reach {program.settings.database_url}') from error\n"
        "commands.COMMANDS['list'] = broken\n"
        "__main__.main()\n"
    )
    root = str(Path(__file__).parent.parent)
    for home, stored in ((tmp_path / "home", True), (Path("/proc/nowhere"), False)):
        environment = {"HOIDAP_HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": root, **SECRETS}
        done = subprocess.run(
            [sys.executable, str(script), "list"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        line = done.stderr.splitlines()[-1]
        code = re.search(r"^hoidap: Có lỗi bất ngờ \(mã sự cố ([0-9A-F]{8})\)", line)
        assert code, done.stderr
        assert (done.stderr.count("\n") == 1) == stored
        file = home / incidents.FILE
        details = file.read_text("utf-8") if stored else done.stderr
        assert "RuntimeError: cannot reach ***" in details
        assert "ValueError: ***" in details
        assert code[1] in details
        assert [secret for secret in BARE if secret in details + done.stderr] == []
        assert not stored or file.stat().st_mode & 0o777 == 0o600
