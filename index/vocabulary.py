"""Word lists of the field and of the language, as data: vocabulary.json."""

import json
from functools import cache
from pathlib import Path


@cache
def vocabulary(name: str) -> frozenset[str]:
    """One list of words or phrases.

    >>> "của" in vocabulary("function"), "nguyen" in vocabulary("surnames")
    (True, True)
    """
    lists: dict[str, list[str]] = json.loads(Path(__file__).with_name("vocabulary.json").read_text("utf-8"))
    return frozenset(lists[name])
