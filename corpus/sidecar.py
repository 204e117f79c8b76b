"""Facts that somebody wrote beside a report: `bao-cao.txt` has them in `bao-cao.txt.json`."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

from corpus.errors import ReportError
from corpus.gazetteer import canonical
from corpus.period import year_of
from corpus.reader import read_bytes
from corpus.records import Facts

NAMES = tuple(field.name for field in fields(Facts))


def sidecar_of(path: Path) -> Path:
    """
    >>> str(sidecar_of(Path("a/bao-cao.txt")))
    'a/bao-cao.txt.json'
    """
    return path.with_name(f"{path.name}.json")


def read_sidecar(path: Path) -> dict[str, str]:
    """The facts beside a report, {} when nothing lies there. Raises ReportError for what cannot be used."""
    beside = sidecar_of(path)
    if not beside.exists():
        return {}
    try:
        given = json.loads(read_bytes(beside))
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{beside.name} không phải JSON; hãy sửa hoặc xóa tệp ấy.") from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise ReportError(f'{beside.name} phải là một đối tượng như {{"province": "Hậu Giang", "period": "2016"}}.')
    return checked(given, f"{beside.name}: ")


def checked(given: Mapping[str, str], lead: str) -> dict[str, str]:
    """Given facts with the province as reports spell it; errors begin with `lead`. Raises ReportError."""
    kept = {name: value.strip() for name, value in given.items() if value.strip()}
    if unknown := sorted(kept.keys() - set(NAMES)):
        raise ReportError(f"{lead}{', '.join(unknown)} không dùng được; chỉ nhận {', '.join(NAMES)}.")
    if "province" in kept:
        kept["province"] = province(kept["province"])
    if "period" in kept and year_of(kept["period"]) is None:
        raise ReportError(f"{lead}period “{kept['period']}” không có năm; ví dụ: 2016, quý III/2019.")
    if "date" in kept:
        kept["date"] = _day(kept["date"], lead)
    return kept


def province(name: str) -> str:
    """The name that reports use. Raises ReportError for what is no province."""
    found = canonical(name)
    if not found:
        raise ReportError(f"Không có tỉnh “{name}”; hãy gõ tên tỉnh như Hậu Giang, Đắk Lắk (có hay không có dấu).")
    return found


def _day(text: str, lead: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ReportError(f"{lead}date “{text}” không có dạng YYYY-MM-DD.") from None
