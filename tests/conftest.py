"""Fixtures that several test files use."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.wiring import Program

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
