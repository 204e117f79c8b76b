"""The documents say what the program does: commands, options, settings, the files in reading order."""

import argparse
import re
from pathlib import Path

import pytest

from bot.arguments import parser
from bot.commands import COMMANDS
from bot.config import NAMES, load_settings
from bot.messages import ADMIN_COMMANDS, HELP, HELP_ADMIN
from corpus.errors import SettingsError

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
OPERATING = (ROOT / "docs/operating.md").read_text("utf-8")


def subparsers() -> dict[str, argparse.ArgumentParser]:
    actions = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(actions[0].choices)


def test_every_command_is_documented_and_has_its_function() -> None:
    assert set(subparsers()) == set(COMMANDS)
    for name in COMMANDS:
        assert f"hoidap {name}" in OPERATING, name
    assert set(re.findall(r"`(?:\.venv/bin/)?hoidap ([a-z]+)", OPERATING + README)) <= set(COMMANDS)


def test_every_option_is_documented() -> None:
    for name, command in subparsers().items():
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or option in OPERATING, f"{name} {option}"


def test_every_setting_is_documented_and_none_is_made_up() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    assert re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE) == list(NAMES)
    for name in NAMES:
        assert f"`{name}`" in OPERATING


def test_telegram_commands_are_in_the_help() -> None:
    for name, _ in ADMIN_COMMANDS:
        assert f"/{name}" in HELP + HELP_ADMIN
        assert f"/{name}" in OPERATING


def test_files_named_in_the_readme_exist_and_all_modules_are_named() -> None:
    named = re.findall(r"`((?:bot|index|corpus|tests|docs|tools)/[\w./-]+)`", README)
    assert [name for name in named if not (ROOT / name).exists()] == []
    modules = {str(path.relative_to(ROOT)) for top in ("bot", "index", "corpus") for path in (ROOT / top).glob("*.py")}
    assert {name for name in modules if not name.endswith("__init__.py")} <= set(named)


def test_tests_named_in_the_threat_model_exist() -> None:
    page = (ROOT / "docs/security.md").read_text("utf-8")
    named = set(re.findall(r"`((?:tests|tools)/\w+\.py)`", page))
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_tests_named_for_faults_exist() -> None:
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", (ROOT / "docs/reliability.md").read_text("utf-8"))
    assert len(named) > 20
    missing = [name for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_settings_are_read_and_checked() -> None:
    settings = load_settings({"HOIDAP_HOME": "/x", "TELEGRAM_ADMIN_IDS": "1, 2 3", "TELEGRAM_ALLOWED_IDS": "*"})
    assert settings.admins == {1, 2, 3}
    assert settings.allowed is None
    assert settings.may_ask(99)
    assert settings.database_url == "sqlite:////x/hoidap.db"
    closed = load_settings({"TELEGRAM_ADMIN_IDS": "1", "TELEGRAM_ALLOWED_IDS": "7"})
    assert [closed.may_ask(person) for person in (1, 7, 8)] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_ADMIN_IDS", "an"),
        ("TELEGRAM_ALLOWED_IDS", "1;2"),
        ("TELEGRAM_API_URL", "ftp://matkhau@x"),
        ("TELEGRAM_PROXY", "matkhau:1"),
        ("HOIDAP_ENGINE", "magic"),
        ("TELEGRAM_WEBHOOK_URL", "ftp://matkhau@x"),
    ],
)
def test_wrong_settings_are_named_without_secrets(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings({name: value})
    assert "matkhau" not in str(caught.value)


def test_a_webhook_needs_its_secret() -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET"):
        load_settings({"TELEGRAM_WEBHOOK_URL": "https://vi.du/hoi"})


def test_secrets_are_not_in_a_repr() -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": "1:bimat",
        "DATABASE_URL": "postgresql://u:bimat@h/d",
        "TELEGRAM_PROXY": "http://bimat@h",
    }
    assert "bimat" not in repr(load_settings(secrets))


def test_the_log_lines_of_the_operators_page_are_those_of_the_code() -> None:
    page = (ROOT / "docs/telegram.md").read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in (ROOT / "bot").glob("*.py"))
    rows = re.findall(r"^\| `([^`]+)`.* \|", page.split("## 6.")[1], re.MULTILINE)
    assert len(rows) == 10
    for row in rows:
        assert row.split("…")[0].replace("XXXXXXXX", "").strip() in code, row
