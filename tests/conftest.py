"""Fixtures that several test files use."""

import io
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import bots
import hypothesis
import pytest
import servers
from emulator import TOKEN

from bot.config import Settings, load_settings
from bot.logs import Redacting
from bot.wiring import Program

# A busy machine must fail no property; how fast things are, benchmarks/ says.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"HOIDAP_EMBEDDINGS": "off", "HOIDAP_HOME": str(tmp_path / "home")})


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program with the five bundled reports; not to be written to."""
    home = tmp_path_factory.mktemp("five")
    program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))
    program.prepare(lambda text: None)
    return program


@pytest.fixture
def hoidap(tmp_path: Path) -> Run:
    """Run the command line as a process of its own, in an empty home."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        own = {
            "HOIDAP_EMBEDDINGS": "off",
            "HOIDAP_HOME": str(tmp_path / "home"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(bots.ROOT),  # this checkout, whatever is installed
            **environment,
        }
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "bot", *arguments],
            input=stdin,
            env=own,
            cwd=tmp_path,  # away from a developer's .env
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a program with the five bundled reports."""
    home = tmp_path_factory.mktemp("made")
    Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"})).prepare(lambda text: None)
    return home


@pytest.fixture
def program(tmp_path: Path, _made: Path) -> Program:
    """A program with the five bundled reports, to be changed at will."""
    shutil.copytree(_made, tmp_path, dirs_exist_ok=True)
    return Program(load_settings({"HOIDAP_HOME": str(tmp_path), "HOIDAP_EMBEDDINGS": "off"}))


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A PostgreSQL server; without its programs this fails and says what to install."""
    with servers.postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    with _database(request, tmp_path, "migrated") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same without a schema."""
    with _database(request, tmp_path, "template0") as made:
        yield made


def _database(request: pytest.FixtureRequest, tmp_path: Path, template: str) -> AbstractContextManager[str]:
    if request.param == "sqlite":
        return nullcontext(f"sqlite:///{tmp_path / 'home' / 'hoidap.db'}")
    return request.getfixturevalue("server").database(template)


@pytest.fixture(scope="session", autouse=True)
def _no_token_is_logged() -> Iterator[None]:
    """Every line that the whole suite logs, as the program would format it, is free of the token."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Redacting(()))
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    assert TOKEN not in lines.getvalue()


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How updates come to the bots of a test."""
    monkeypatch.setattr(bots, "MODE", request.param)
    return str(request.param)
