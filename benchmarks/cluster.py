"""Time of an answer that Qdrant ranks, on made-up corpora, beside tantivy's in the same process.

    PYTHONPATH=.:tests:benchmarks python benchmarks/cluster.py [--passages 10000] [--local]

Qdrant is its own engine behind the tests' server, on the same cores; with --local it is the client's local mode, in
Python, exact and not fast. So the figures say what a request and the arithmetic cost, not what a real server does.
"""

import argparse
import random
import time
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from made import Made
from qdrant_client import QdrantClient
from qdrants import serving

from index.answering import answer
from index.distributed import take
from index.generation import DISTRIBUTED, Generation, read, write
from index.indexing import index
from index.qdrant import Cluster, connect
from index.records import Question
from index.search import Search

ASKED = 200  # questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--local", action="store_true", help="the client's local mode")
    options = parser.parse_args()
    generation, asked = made(options.passages)
    with ExitStack() as stack:
        cluster = local() if options.local else connect(stack.enter_context(serving()).url)
        start = time.perf_counter()
        take(cluster, generation, True, lambda done, of: None)
        print(f"{len(generation.passages)} passages, brought in {time.perf_counter() - start:.1f} s")
        folder = Path(stack.enter_context(TemporaryDirectory()))
        write(folder, generation)
        now = read(folder)
        print("| ranked by | p50 ms | p95 ms | right |\n|---|---|---|---|")
        for name, search in (("Qdrant", Search(now, cluster=cluster)), ("tantivy", Search(now))):
            times, right = timed(search, asked)
            cuts = quantiles(times, n=100)
            print(f"| {name} | {cuts[49] * 1000:.1f} | {cuts[94] * 1000:.1f} | {right} of {len(asked)} |")


def local() -> Cluster:
    warnings.simplefilter("ignore")  # local mode says that it is no server
    client = QdrantClient(":memory:")
    return Cluster(lambda seconds: client)


def made(passages: int) -> tuple[Generation, list[tuple[str, str]]]:
    """A generation, and questions with their answers."""
    reports = sorted(Made(passages).reports(), key=lambda report: report[0].id)
    asked = [pair for _, _, pairs in reports for pair in pairs]
    documents = [document for document, _, _ in reports]
    every = (passage for _, own, _ in reports for passage in own)
    stamps = {document.id: document.id for document in documents}
    generation = index(documents, every, str(passages), engine=DISTRIBUTED, stamps=stamps)
    return generation, random.Random(1).sample(asked, ASKED)


def timed(search: Search, asked: Sequence[tuple[str, str]]) -> tuple[list[float], int]:
    """Seconds that each answer took, and how many were right."""
    times, right = [], 0
    for text, known in asked:
        start = time.perf_counter()
        given = answer(search, Question(text))
        times.append(time.perf_counter() - start)
        right += given.answer is not None and given.answer in known
    return times, right


if __name__ == "__main__":
    main()
