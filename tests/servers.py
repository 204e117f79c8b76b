"""A PostgreSQL server of the tests' own: made, started and thrown away by them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from corpus.store import Store

USER, PASSWORD = "hoidap", "mat-khau-that"
MISSING = (
    "The tests need PostgreSQL 15 or newer: install the Debian package postgresql (make test does, as root or by sudo)."
)


class Server:
    """A running server; each database that it gives is empty, with the current schema."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, database: str, password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://{USER}:{password}@/{database}?host={self._folder}"

    def admin(self) -> "psycopg.Connection":
        """A connection that may do everything; commits by itself."""
        return psycopg.connect(host=str(self._folder), user=USER, password=PASSWORD, dbname="postgres", autocommit=True)

    @contextmanager
    def database(self, template: str = "migrated") -> Iterator[str]:
        """The address of a new database, dropped at the end."""
        name = f"test_{next(self._numbers)}"
        with self.admin() as admin:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
            try:
                yield self.url(name)
            finally:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def postgres() -> Iterator[Server]:
    """A server with the rules of the Vietnamese language for sorting, which must change nothing."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="hoidap-pg-") as made:
        folder = Path(made)
        (folder / "password").write_text(PASSWORD)
        who = _user()
        if who:
            for path in (folder, folder / "password"):
                shutil.chown(path, who)
        rules = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi")
        login = ("--username", USER, "--auth=scram-sha-256", f"--pwfile={folder}/password")
        command = [programs / "initdb", "--no-sync", "--pgdata", folder / "data", *rules, *login]
        subprocess.run(command, cwd=folder, user=who, check=True, capture_output=True)
        with _running(programs / "postgres", folder, who):
            server = Server(folder)
            with server.admin() as admin:
                admin.execute("CREATE DATABASE migrated")
            Store.open(server.url("migrated")).close()
            yield server


@contextmanager
def _running(program: Path, folder: Path, who: str | None) -> Iterator[None]:
    settings = ("fsync=off", "full_page_writes=off", "listen_addresses=", f"unix_socket_directories={folder}")
    options = [part for setting in settings for part in ("-c", setting)]
    # The pipe ends with this process, however it ends, and the server with the pipe.
    guard = '"$@" & server=$!; read _; kill -QUIT $server; wait $server'
    command = ["sh", "-c", guard, "sh", program, "-D", folder / "data", *options]
    log = folder / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=folder, user=who, stdin=subprocess.PIPE, stdout=out, stderr=out, process_group=0
        ) as shell,
    ):
        try:
            _wait(folder, log)
            yield
        finally:
            assert shell.stdin
            shell.stdin.close()
            shell.wait()


def _wait(folder: Path, log: Path) -> None:
    for _ in range(600):
        try:
            Server(folder).admin().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL does not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def _programs() -> Path:
    """The folder of initdb and postgres, the newest there is."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if onpath := shutil.which("initdb"):
        found.append(Path(onpath).resolve().parent)
    versions = {path: _version(path / "postgres") for path in found if (path / "postgres").exists()}
    newest = max(versions, key=lambda path: versions[path], default=None)
    if newest is None or versions[newest] < 15:
        raise RuntimeError(MISSING)
    return newest


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _user() -> str | None:
    """The server refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else None
