"""The fast engine held to the reference on a sample of generated corpora."""

import re
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools" / "differential.py"


def test_the_fast_engine_gives_the_references_scores_and_almost_always_its_best_passage() -> None:
    """A sample; the tool alone makes a thousand corpora. Its exit status says whether every one passed."""
    done = subprocess.run([sys.executable, TOOL, "--number", "60"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [int(number) for number in re.findall(r"^\| 60 [a-z ]+ \| (\d+)", done.stdout, re.MULTILINE)]
    assert len(asked) == 2
    assert min(asked) > 500
