"""The periods a question asks about."""

import re

_PERIOD = re.compile(
    r"\b(?:(quy|qui) (?P<quarter>i{1,3}|iv|[1-4])(?: nam |/| |-)?)?"
    r"(?:(?:trong |vao )?nam )?(?P<year>(?:19|20)\d\d)\b(?!/)"
)
_COMPARED = re.compile(r"\bso (voi|cung ky|ke hoach) ((cung ky|ke hoach|nam truoc) )?$")
_RANGE = re.compile(r"(?:giai doan |tu |den |[-–] ?)$")


def periods(stripped: str) -> list[re.Match[str]]:
    """Years asked about: not those compared with, not the ends of a range."""
    found = []
    for match in _PERIOD.finditer(stripped):
        before = stripped[: match.start()]
        after = stripped[match.end() : match.end() + 3]
        if not _COMPARED.search(before) and not _RANGE.search(before) and not re.match(r"\s?[-–]", after):
            found.append(match)
    return found
