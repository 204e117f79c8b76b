"""What a deployment installs is pinned by version and hash, and is what the project asks for."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
INSTALLED = ("semantic", "charts")  # extras that deployments have


def pinned() -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.+!-]+)", LOCK, re.MULTILINE))


def test_the_lock_is_within_the_ranges_of_the_project() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = [
        Requirement(line) for line in PROJECT["dependencies"] + [line for name in INSTALLED for line in extras[name]]
    ]
    versions = {canonicalize_name(name): version for name, version in pinned().items()}
    wrong = [str(need) for need in wanted if versions.get(canonicalize_name(need.name), "0") not in need.specifier]
    assert wrong == [], "run make lock"


def test_every_package_of_the_lock_has_its_hash_and_no_address() -> None:
    entries = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned()) > 30
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?:|file:|--[a-z-]*(?:index|host|links)", LOCK) == []
