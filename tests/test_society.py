"""Answers on made-up reports of other departments and fields than those the rules were first written on."""

import json
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.wiring import Program
from corpus.load import take_all
from index.records import Question

HERE = Path(__file__).parent
ROWS = [json.loads(line) for line in (HERE / "golden/society.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def society(tmp_path_factory: pytest.TempPathFactory) -> Program:
    home = tmp_path_factory.mktemp("society")
    program = Program(load_settings({"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off"}))
    for _ in take_all(program.store, sorted((HERE / "data/society").iterdir()), {}):
        pass
    program.reindex()
    return program


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["question"])
def test_golden(society: Program, row: dict[str, str | None]) -> None:
    """No answer may stand where the report does not say; the figure asked for where it does."""
    given = society.ask(Question(str(row["question"])))
    if row["answer"] is None:
        assert given.answer is None
    else:
        assert row["answer"] in (given.answer or ""), given.reason
