"""From report files to Report records: read, clean, find the facts, cut passages."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from corpus.errors import ReportError
from corpus.facts import find_facts, overlay
from corpus.passages import cut
from corpus.reader import decode, read_bytes
from corpus.records import Report


def load(path: Path, given: dict[str, str] | None = None) -> Report:
    """The report in a file; `given` facts go before those found. Raises ReportError."""
    return make(path.name, read_bytes(path), given or {})


def make(name: str, data: bytes, given: dict[str, str]) -> Report:
    """The report in a file's bytes. Raises ReportError, also when no passage is left."""
    text = decode(name, data)
    spans = cut(text)
    if not spans:
        raise ReportError(f"{name} không có câu nào dùng được; hãy kiểm tra lại nội dung.")
    return Report(name, data, text, overlay(find_facts(Path(name).stem, text), given), spans)


def bundled() -> Iterator[Report]:
    """The five reports that come with the program, with what is known of each."""
    folder = files("corpus").joinpath("reports")
    known = json.loads(folder.joinpath("manifest.json").read_text("utf-8"))
    for name, given in known.items():
        yield make(name, folder.joinpath(name).read_bytes(), given)
