"""From report files to Report records: read, clean, find the facts, cut passages."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from corpus.errors import ReportError
from corpus.facts import find_facts, overlay
from corpus.passages import cut
from corpus.reader import decode, read_bytes
from corpus.records import Report
from corpus.sidecar import read_sidecar


def load(path: Path, given: Mapping[str, str] | None = None) -> Report:
    """The report in a file; `given` facts go before its sidecar's, those before found ones. Raises ReportError."""
    data = read_bytes(path)
    return make(path.name, data, read_sidecar(path), given or {})


def make(name: str, data: bytes, beside: Mapping[str, str], given: Mapping[str, str] | None = None) -> Report:
    """The report in a file's bytes. Raises ReportError, also when no passage is left."""
    text = decode(name, data)
    spans = cut(text)
    if not spans:
        raise ReportError(f"{name} không có câu nào dùng được; hãy kiểm tra lại nội dung.")
    found = overlay(find_facts(Path(name).stem, text), beside, "tệp kèm")
    facts, origins = overlay(found, given or {}, "người nạp")
    return Report(name, data, text, facts, spans, origins)


def bundled() -> Iterator[Report]:
    """The five reports that come with the program, with what is known of each."""
    folder = files("corpus").joinpath("reports")
    known = json.loads(folder.joinpath("manifest.json").read_text("utf-8"))
    for name, beside in known.items():
        yield make(name, folder.joinpath(name).read_bytes(), beside)
