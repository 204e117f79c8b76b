"""Nobody gets in: a sample of the random walks that `python tools/rights.py` takes ten thousand steps of."""

import pytest
from walks import MUTANTS, hurried, walk


def test_whatever_anybody_does_nothing_restricted_gets_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)
    walk(walks=10, length=40)


@pytest.mark.parametrize(
    "name",
    ["one command without its check", "a decision is made of whatever was decided", "rights are read once and kept"],
)
def test_walks_notice_when_a_check_is_missing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    hurried(monkeypatch)
    monkeypatch.setattr(*MUTANTS[name])
    with pytest.raises(AssertionError):
        walk(walks=150, length=50, chance=1)
