"""The distributed engine: it ranks as the reference does, machines share what is there, failures are waited out."""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient
from qdrants import KEY, Qdrant, serving
from test_following import STATES, found, made

from bot.config import load_settings
from bot.health import status, verify
from bot.logs import secrets_of
from bot.wiring import Program
from corpus.errors import ClusterError, SettingsError
from corpus.load import take_all
from index import qdrant as edge
from index.distributed import alias, leave, lost, take
from index.evaluate import read_questions
from index.fast import Fast
from index.generation import DISTRIBUTED, FAST, Generation, read, write
from index.publishing import current
from index.qdrant import Cluster, connect
from index.question import understand
from index.ranker import RankBM25
from index.records import Question
from index.search import Search
from index.sparse import passage_vector, question_vector

GOLDEN = Path(__file__).parent / "golden/questions.jsonl"
ASKED = "Hậu Giang có bao nhiêu trạm BTS tăng?"
UPLOAD = ("PUT", "/points")
FAULTS = ("500", "401", "slow", "cut", "html", "json")

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


@pytest.fixture
def server() -> Iterator[Qdrant]:
    with serving() as qdrant:
        yield qdrant


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(edge, "ASKING", 1)
    monkeypatch.setattr(edge, "BUILDING", 1)


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast engine finds nothing, so that what is found was found by Qdrant."""
    monkeypatch.setattr(Fast, "top", lambda *_: [])


def machine(home: Path, url: str, database: Path | None = None) -> Program:
    store = {"DATABASE_URL": f"sqlite:///{database}"} if database else {}
    given = {"HOIDAP_HOME": str(home), "HOIDAP_EMBEDDINGS": "off", "HOIDAP_ENGINE": "qdrant", "QDRANT_URL": url}
    return Program(load_settings({**given, **store}))


def ready(home: Path, url: str) -> Program:
    program = machine(home, url)
    program.prepare(lambda text: None)
    return program


def uploads(server: Qdrant) -> int:
    return sum(method == UPLOAD[0] and path.endswith(UPLOAD[1]) for method, path in server.seen)


def quiet(done: int, of: int) -> None:
    pass


def in_memory() -> Cluster:
    client = QdrantClient(":memory:")
    return Cluster(lambda seconds: client)


def published(folder: Path, cluster: Cluster, state: dict[str, int], base: Generation | None = None) -> Generation:
    """As Program.reindex does it."""
    generation = made(state, DISTRIBUTED, base)
    take(cluster, generation, base is None, quiet)
    write(folder, generation, base)
    leave(cluster, generation, base, base is None)
    return read(folder)


TERMS = st.sampled_from("abcde")
CORPUS = st.lists(st.lists(TERMS, max_size=8), min_size=1, max_size=12)
QUERY = st.dictionaries(st.sampled_from("abcdex"), st.sampled_from([0.3, 0.5, 1.0]), max_size=4)


@settings(deadline=None)
@given(corpus=CORPUS, query=QUERY)
def test_the_dot_product_is_the_reference_s_score(corpus: list[list[str]], query: dict[str, float]) -> None:
    mean = sum(map(len, corpus)) / len(corpus) or 1.0
    asked = question_vector(query, len(corpus), lambda term: sum(term in tokens for tokens in corpus))
    scores = {hit.id: hit.score for hit in RankBM25(corpus).top(query, len(corpus))}
    for number, tokens in enumerate(corpus):
        vector = passage_vector(tokens, mean)
        score = sum(value * asked.get(at, 0.0) for at, value in vector.items())
        assert score == pytest.approx(scores.get(number, 0.0))


@settings(max_examples=20, deadline=None)
@given(states=STATES)
def test_following_is_making_anew_and_the_reference(states: list[dict[str, int]], tmp_path_factory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fast, "top", lambda *_: [])
        folder, cluster = tmp_path_factory.mktemp("index"), in_memory()
        now = published(folder, cluster, states[0])
        for state in states[1:]:
            now = published(folder, cluster, state, now)
            assert lost(cluster, now) == 0
            anew = found(made(state, "rank-bm25"))
            texts = ("trạm BTS", "điểm bưu chính", "thuê bao", "hộ nghèo")
            search = Search(now, cluster=cluster)
            assert anew == [
                sorted((f.document.id, f.passage.ordinal) for f in search.find(understand(Question(text)), within, 60))
                for text in texts
                for within in (now.documents, now.documents[:1])
            ]


@pytest.mark.usefixtures("mute")
def test_the_golden_questions_are_answered_as_by_the_reference(server: Qdrant, five: Program, tmp_path: Path) -> None:
    program = ready(tmp_path, server.url)
    for row in read_questions(GOLDEN):
        ours, theirs = program.ask(Question(row.question)), five.ask(Question(row.question))
        assert (ours.answer, ours.reason) == (theirs.answer, theirs.reason), row.question
        assert ours.confidence == pytest.approx(theirs.confidence, abs=0.01)
        assert [c.passage for c in ours.passages[:1]] == [c.passage for c in theirs.passages[:1]]
    assert server.keys == {KEY}


@pytest.mark.usefixtures("mute")
def test_a_second_machine_uses_what_is_there_and_follows_by_its_own_history(server: Qdrant, tmp_path: Path) -> None:
    first = ready(tmp_path / "a", server.url)
    sent = uploads(server)
    second = machine(tmp_path / "b", server.url, tmp_path / "a/hoidap.db")
    second.prepare(lambda text: None)
    assert uploads(server) == sent > 0
    second.store.remove(["an-giang-2017"])
    second.reindex(force=True)
    assert second.ask(Question(ASKED)).answer == first.ask(Question(ASKED)).answer == "35 trạm"
    first.reindex(force=True)
    assert uploads(server) == sent
    assert sum(server.points().values()) == len(first.generation().passages)
    assert [verify(program) for program in (first, second)] == [[], []]


@pytest.mark.usefixtures("mute")
def test_documents_that_a_machine_has_not_take_no_places(tmp_path: Path) -> None:
    cluster = in_memory()
    now = published(tmp_path, cluster, {"a": 4, "b": 4})
    search = Search(now, cluster=cluster)
    before = search.find(understand(Question("trạm BTS")), now.documents, 3)
    crowd = dict.fromkeys(map(chr, range(1000, 1100)), 4)
    take(cluster, made({"a": 4, "b": 4, **crowd}, DISTRIBUTED), False, quiet)
    assert search.find(understand(Question("trạm BTS")), now.documents, 3) == before != []


def test_a_collection_made_anew_takes_the_place_of_the_other_when_it_is_complete(tmp_path: Path) -> None:
    client = QdrantClient(":memory:")
    cluster = Cluster(lambda seconds: client)
    old = published(tmp_path, cluster, {"a": 4, "b": 4})
    serving_old = cluster.serving(alias(old))
    new = made({"a": 4, "c": 4}, DISTRIBUTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "upsert", lambda *_: None)
        with pytest.raises(ClusterError, match="không giữ đủ"):
            take(cluster, new, True, quiet)
    assert (cluster.serving(alias(old)), lost(cluster, old)) == (serving_old, 0)
    take(cluster, new, True, quiet)
    assert cluster.serving(alias(new)) != serving_old
    cluster.create(f"{alias(new)}-x", {"passages": 1.0})  # that another machine fills
    leave(cluster, new, old, False)
    assert len(client.get_collections().collections) == 3
    leave(cluster, new, old, True)
    assert [c.name for c in client.get_collections().collections] == [cluster.serving(alias(new))]


@pytest.mark.parametrize("fault", FAULTS)
def test_while_it_is_away_this_machine_answers(fault: str, server: Qdrant, tmp_path: Path, caplog) -> None:
    program = ready(tmp_path, server.url)
    server.fault = lambda method, path: fault
    server.seen.clear()
    started = time.monotonic()
    answers = [program.ask(Question(ASKED)).answer for _ in range(3)]
    assert answers == ["35 trạm"] * 3
    assert len(server.seen) == 1  # not asked again for a while
    assert time.monotonic() - started < 20  # one request of a second, with room for a busy machine
    assert [record.levelno for record in caplog.records if record.name == "index.qdrant"] == [logging.WARNING]
    assert "tại chỗ" in caplog.text
    assert KEY not in caplog.text
    states = dict(status(program))
    assert "tại chỗ" in states["Qdrant"]
    assert KEY not in str(states)


def test_it_is_asked_again_after_a_while(server: Qdrant, tmp_path: Path, monkeypatch) -> None:
    program = ready(tmp_path, server.url)
    monkeypatch.setattr(edge, "PAUSE", 0.0)
    server.fault = lambda method, path: "500"
    assert program.ask(Question(ASKED)).answer == "35 trạm"
    server.fault = lambda method, path: None
    server.seen.clear()
    assert program.ask(Question(ASKED)).answer == "35 trạm"
    assert len(server.seen) == 2  # passages and paragraphs


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reindex_while_it_is_away_is_refused_whole(fault: str, server: Qdrant, tmp_path: Path) -> None:
    program = ready(tmp_path, server.url)
    server.fault = lambda method, path: fault
    with pytest.raises(ClusterError, match="QDRANT_URL") as caught:
        program.reindex(force=True, anew=True)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)
    assert current(program.folder) == 1
    assert list((program.folder / "generations").iterdir()) == [program.folder / "generations/1"]


def test_nobody_at_the_address_is_one_clear_line(tmp_path: Path, hoidap) -> None:
    with serving() as server:
        url = server.url
    done = hoidap("ask", ASKED, HOIDAP_ENGINE="qdrant", QDRANT_URL=url)
    assert done.returncode == 1
    assert "Qdrant không kết nối được" in done.stderr.splitlines()[-1]
    assert KEY not in done.stderr


def test_an_index_made_before_serves_while_it_is_away(program: Program) -> None:
    with serving() as server:
        url = server.url
    told: list[str] = []
    later = machine(program.settings.home, url)
    later.prepare(told.append)
    assert "Trả lời theo thế hệ 1" in told[-1]
    assert later.ask(Question(ASKED)).answer == "35 trạm"


def test_passing_failures_are_waited_out(server: Qdrant, tmp_path: Path) -> None:
    failed: set[str] = set()

    def once(method: str, path: str) -> str | None:
        first = path not in failed and path != "/aliases"
        failed.add(path)
        return "500" if first else None

    server.fault = once
    assert lost(connect(server.url), ready(tmp_path, server.url).generation()) == 0
    assert len(failed) > 5


@pytest.mark.parametrize("anew", [True, False])
def test_an_interrupted_upload_leaves_what_is_served_and_is_taken_up(
    anew: bool, server: Qdrant, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(edge, "_BATCH", 10)
    program = ready(tmp_path / "a", server.url)
    named = dict(server.aliases)
    other = tmp_path / "moi.txt"
    other.write_text("\n".join(f"Cần Thơ có {n} trạm BTS." for n in range(100, 160)), "utf-8")
    assert list(take_all(program.store, [other], {}))
    left = [3]

    def after_some(method: str, path: str) -> str | None:
        left[0] -= path.endswith("/points")
        return "500" if left[0] < 0 else None

    server.fault = after_some
    with pytest.raises(ClusterError):
        program.reindex(force=True, anew=anew)
    assert (server.aliases, current(program.folder)) == (named, 1)
    server.fault = lambda method, path: None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fast, "top", lambda *_: [])
        assert program.ask(Question(ASKED)).answer == "35 trạm"
    program.reindex(force=True, anew=anew)
    assert (server.aliases == named) is not anew
    assert lost(connect(server.url), program.generation()) == 0
    assert len(server.points()) == 1


def test_what_qdrant_lost_is_told_and_brought_back(server: Qdrant, tmp_path: Path) -> None:
    program = ready(tmp_path, server.url)
    cluster, generation = connect(server.url), program.generation()
    cluster.remove(alias(generation), generation.stamps[:2])
    assert "thiếu 2 tài liệu" in dict(status(program))["Qdrant"]
    assert any("thiếu 2" in complaint for complaint in verify(program))
    program.reindex(force=True, anew=True)
    assert verify(program) == []
    cluster.discard(("hoidap",), None)
    assert "thiếu 5 tài liệu" in dict(status(program))["Qdrant"]
    assert program.ask(Question(ASKED)).answer == "35 trạm"  # by this machine alone
    program.reindex(force=True)
    assert verify(program) == []


def test_a_collection_that_another_machine_made_keeps_its_means(server: Qdrant) -> None:
    one, other = connect(server.url), connect(server.url)
    one.create("c", {"passages": 1.0})
    other.create("c", {"passages": 2.0})
    assert other.means("c", ["passages"]) == {"passages": 1.0}
    with pytest.raises(ClusterError, match="khác thường"):
        other.means("c", ["paragraphs"])


def test_other_terms_are_asked_under_another_name(tmp_path: Path) -> None:
    one = made({"a": 4}, DISTRIBUTED)
    assert alias(one) == alias(made({"b": 2}, FAST))
    assert alias(one) != alias(replace(one, tokenizer="khác"))


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "qdrant_client", None)
    with pytest.raises(SettingsError, match=r"pip install 'hoidap\[cluster\]'"):
        machine(tmp_path, "http://127.0.0.1:1").prepare(lambda text: None)


def test_the_address_is_needed_checked_and_kept_secret() -> None:
    with pytest.raises(SettingsError, match="QDRANT_URL"):
        load_settings({"HOIDAP_ENGINE": "qdrant"})
    with pytest.raises(SettingsError, match="QDRANT_URL") as caught:
        load_settings({"HOIDAP_ENGINE": "qdrant", "QDRANT_URL": f"ftp://{KEY}@may"})
    assert KEY not in str(caught.value)
    for wrong in ("http://[may", f"http://{KEY}@may:cong"):
        with pytest.raises(SettingsError, match="QDRANT_URL không phải") as caught:
            load_settings({"QDRANT_URL": wrong})
        assert KEY not in str(caught.value)
    right = load_settings({"HOIDAP_ENGINE": "qdrant", "QDRANT_URL": f"https://{KEY}@may:6333"})
    assert KEY not in repr(right)
    assert KEY in secrets_of(right)


@pytest.mark.parametrize("url", ["http://[may", f"http://{KEY}@may:cong", f"http://{KEY}@127.0.0.1:1"])
def test_a_wrong_address_is_one_clear_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="QDRANT_URL") as caught:
        connect(url).check()
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_asking_on_the_command_line(server: Qdrant, hoidap) -> None:
    with_qdrant = {"HOIDAP_ENGINE": "qdrant", "QDRANT_URL": server.url}
    done = hoidap("ask", "--json", ASKED, **with_qdrant)
    assert json.loads(done.stdout)["answer"] == "35 trạm"
    queries = [path for _, path in server.seen if path.endswith("/query")]
    assert len(queries) == 2
    assert "qdrant" in hoidap("status", **with_qdrant).stdout
