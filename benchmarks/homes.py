"""Made-up corpora on disk, for the processes that are measured: terms, a ready HOIDAP_HOME, files of text; questions.

    python benchmarks/homes.py terms|home|files SIZE FOLDER

Each is made by a process of its own, so that what it takes in memory is nobody else's.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from made import Made

from corpus.records import Document, Passage
from index.generation import FAST, write
from index.indexing import index
from index.question import understand
from index.records import Question
from index.scope import Reports, scope
from index.tokens import tokenize
from index.weights import weighted

Report = tuple[Document, list[Passage], list[tuple[str, str]]]
QUESTIONS = 400


def make(kind: str, size: int, folder: Path) -> Path:
    """A corpus of about `size` passages in `folder`, which is returned."""
    subprocess.run([sys.executable, __file__, kind, str(size), str(folder)], check=True)
    return folder


def questions(folder: Path) -> list[dict[str, Any]]:
    """{"question", "answer", "passage"} of passages all over the corpus that was made in a folder."""
    found: list[dict[str, Any]] = json.loads((folder / "questions.json").read_text("utf-8"))
    return found


def queries(folder: Path) -> list[dict[str, Any]]:
    """Questions of a folder of terms as index.search puts them: {"terms": {term: weight}, "within": [group]}.

    "passage" is the number of the one that has the answer.
    """
    found: list[dict[str, Any]] = json.loads((folder / "queries.json").read_text("utf-8"))
    return found


def terms(folder: Path) -> Iterator[tuple[int, int, str]]:
    """(group, first passage of the paragraph, terms with spaces between) of every passage."""
    with (folder / "terms.txt").open(encoding="utf-8") as lines:
        for line in lines:
            group, first, text = line.rstrip("\n").split("\t")
            yield int(group), int(first), text


def _terms(size: int, folder: Path) -> None:
    starts: dict[str, int] = {}
    at, documents, asked, known = 0, [], [], set[str]()
    with (folder / "terms.txt").open("w", encoding="utf-8") as file:
        for document, passages, pairs in Made(size).reports():
            starts[document.id] = at
            firsts: dict[int, int] = {}
            for number, passage in enumerate(passages, at):
                first = firsts.setdefault(passage.paragraph, number)
                said = tokenize(passage.text)
                known.update(said)
                file.write(f"{at}\t{first}\t{' '.join(said)}\n")
            at += len(passages)
            documents.append(document)
            asked += pairs
    _keep_questions(folder, asked)
    reports = Reports(documents)
    rows = [{**_row(row["question"], reports, starts, known), "passage": row["passage"]} for row in questions(folder)]
    (folder / "queries.json").write_text(json.dumps(rows), "utf-8")


def _row(text: str, reports: Reports, starts: dict[str, int], known: set[str]) -> dict[str, Any]:
    question = Question(text)
    asked = understand(question)
    where = scope(reports, question, asked).documents
    return {"terms": weighted(asked, known.__contains__), "within": sorted(starts[document.id] for document in where)}


def _home(size: int, folder: Path) -> None:
    """A home with an index alone, by tantivy: all that asking needs. Its passages stand in passages.txt, too."""
    documents, asked = [], []
    with (folder / "passages.txt").open("w", encoding="utf-8") as file:
        for document, _, pairs in Made(size).reports():
            documents.append(document)
            file.write(f"{document.text}\n")
            asked += pairs
    passages = (passage for _, found, _ in Made(size).reports() for passage in found)
    write(folder / "index", index(documents, passages, "", engine=FAST))
    _keep_questions(folder, asked)


def _files(size: int, folder: Path) -> None:
    """A text file for each report, named and headed as such a file would be."""
    asked = []
    for document, _, pairs in Made(size).reports():
        (folder / document.file).write_text(f"{document.facts.title}\n\n{document.text}\n", "utf-8")
        asked += pairs
    _keep_questions(folder.parent, asked)


def _keep_questions(folder: Path, asked: Sequence[tuple[str, str]]) -> None:
    """Made has one question for each passage, in order."""
    step = max(1, len(asked) // QUESTIONS)
    numbers = range(step // 2, len(asked), step)[:QUESTIONS]
    rows = [{"question": asked[n][0], "answer": asked[n][1], "passage": n} for n in numbers]
    (folder / "questions.json").write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    made = Path(sys.argv[3])
    made.mkdir(parents=True, exist_ok=True)
    {"terms": _terms, "home": _home, "files": _files}[sys.argv[1]](int(sys.argv[2]), made)
