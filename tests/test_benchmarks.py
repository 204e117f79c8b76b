"""What the benchmarks stand on: their figures as they are shown, and questions that their corpora answer."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCHMARKS, DIFFERENTIAL = ROOT / "benchmarks", ROOT / "tools" / "differential.py"


@pytest.mark.parametrize("path", [BENCHMARKS / "report.py", DIFFERENTIAL], ids=lambda path: path.name)
def test_examples_in_the_documentation(path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "doctest", "-v", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^[1-9]\d* passed", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(("kind", "file"), [("home", "passages.txt"), ("terms", "terms.txt")])
def test_each_question_has_its_passage(tmp_path: Path, kind: str, file: str) -> None:
    subprocess.run([sys.executable, BENCHMARKS / "homes.py", kind, "2000", tmp_path], check=True)
    lines = (tmp_path / file).read_text("utf-8").splitlines()
    questions = json.loads((tmp_path / "questions.json").read_text("utf-8"))
    assert len(questions) == 400
    assert all(row["answer"].lower() in lines[row["passage"]].lower() for row in questions)
    assert len({row["passage"] for row in questions}) == len(questions)
