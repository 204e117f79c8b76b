"""The fast engine held to the reference on a sample of generated corpora."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.fast import Fast, build
from index.ranker import RankBM25

TOOL = Path(__file__).parent.parent / "tools" / "differential.py"


def test_the_fast_engine_gives_the_references_scores_and_almost_always_its_best_passage() -> None:
    """A sample; the tool alone makes a thousand corpora. Its exit status says whether every one passed."""
    done = subprocess.run([sys.executable, TOOL, "--number", "60"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [int(number) for number in re.findall(r"^\| 60 [a-z ]+ \| (\d+)", done.stdout, re.MULTILINE)]
    assert len(asked) == 2
    assert min(asked) > 500


def test_a_term_of_every_item_is_left_out_only_where_enough_is_found_without(tmp_path: Path) -> None:
    """It adds less than sums are rounded by, but what has it alone is found as the reference finds it."""
    items = ["a b" if number in (7, 20_000) else "a" for number in range(30_000)]
    build(tmp_path / "index", ((number, number, terms) for number, terms in enumerate(items)))
    fast, reference = Fast(tmp_path / "index"), RankBM25([terms.split() for terms in items])
    for limit in (1, 2, 4):
        hits, wanted = (ranker.top({"a": 1.0, "b": 1.0}, limit) for ranker in (fast, reference))
        assert [hit.id for hit in hits] == [hit.id for hit in wanted] == [7, 20_000, 0, 1][:limit]
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in wanted], rel=1e-4, abs=1e-6)
