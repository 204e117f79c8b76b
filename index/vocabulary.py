"""Word lists of the field and of the language, as data: vocabulary.json."""

import json
from functools import cache
from importlib.resources import files


@cache
def vocabulary(name: str) -> frozenset[str]:
    """One list of words or phrases.

    >>> "bao" in vocabulary("function"), "nguyen" in vocabulary("surnames")
    (True, True)
    """
    lists: dict[str, list[str]] = json.loads(files("index").joinpath("vocabulary.json").read_text("utf-8"))
    return frozenset(lists[name])
