"""What one writes in an afternoon: underthesea cuts sentences and words, rank_bm25 gives the best passage.

python benchmarks/plain.py "QUESTION" FOLDER      the passages of the text files in a folder
python benchmarks/plain.py "QUESTION" FILE        a Plain pickled beforehand
"""

import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

from rank_bm25 import BM25Okapi
from underthesea import sent_tokenize, word_tokenize

SEGMENTED = 200_000  # passages above which words are split at spaces: underthesea would take half an hour a million


class Plain:
    """Passages in memory with their words."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = passages
        split = words if len(passages) <= SEGMENTED else str.split
        self._model = BM25Okapi([split(passage.lower()) for passage in passages])

    def best(self, question: str) -> str:
        found: list[str] = self._model.get_top_n(words(question.lower()), self._passages, n=1)
        return found[0]


def words(text: str) -> list[str]:
    found: list[str] = word_tokenize(text)
    return found


def sentences(folder: Path) -> list[str]:
    return [found for path in sorted(folder.glob("*.txt")) for found in sent_tokenize(path.read_text("utf-8"))]


def keep(source: Path, pickled: Path) -> None:
    """Pickle the passages that stand in a file, one a line."""
    pickled.write_bytes(pickle.dumps(Plain(source.read_text("utf-8").splitlines())))


def main(question: str, source: Path) -> None:
    # What is unpickled was pickled by the benchmark itself.
    model = Plain(sentences(source)) if source.is_dir() else pickle.loads(source.read_bytes())  # noqa: S301
    print(model.best(question))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
