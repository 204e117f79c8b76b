"""A generation that follows another is the one that would be made anew, whatever came, went and changed between."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Document, Facts, Passage
from index.engines import open_engine
from index.generation import FAST, REFERENCE, Generation, damaged, read, write
from index.indexing import can_follow, index, unchanged
from index.question import understand
from index.records import Question
from index.search import Search

TOPICS = ("trạm BTS", "điểm bưu chính", "thuê bao", "hộ nghèo")
STATES = st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 4), min_size=1), min_size=2, max_size=5)


def report(id: str, size: int) -> tuple[Document, list[Passage]]:
    """Another size is another version."""
    texts = [
        f"Năm 201{size} có {size}{n} {TOPICS[(n + ord(id)) % len(TOPICS)]}{':' if n == 1 else '.'}" for n in range(size)
    ]
    document = Document(id, f"{id}.txt", "", "\n".join(texts), Facts(f"Báo cáo {id}"))
    ends = [sum(map(len, texts[: n + 1])) + n for n in range(size)]
    return document, [
        Passage(id, n, end - len(t), end, n // 2, t) for n, (t, end) in enumerate(zip(texts, ends, strict=True))
    ]


def made(state: dict[str, int], engine: str, base: Generation | None = None) -> Generation:
    stamps = {id: f"{id}{size}" for id, size in sorted(state.items())}
    kept = unchanged(base, stamps) if base else {}
    reports = {id: report(id, state[id]) for id in stamps}
    passages = (passage for id in stamps if id not in kept for passage in reports[id][1])
    documents = [reports[id][0] for id in stamps]
    return index(documents, passages, repr(stamps), engine=engine, stamps=stamps, base=base)


def found(generation: Generation) -> list[list[tuple[str, int]]]:
    search = Search(generation)
    return [
        sorted((f.document.id, f.passage.ordinal) for f in search.find(understand(Question(text)), within, 60))
        for text in TOPICS
        for within in (generation.documents, generation.documents[:1])
    ]


@pytest.mark.parametrize("engine", [REFERENCE, FAST])
@settings(max_examples=15)
@given(states=STATES)
def test_following_is_making_anew(engine: str, states: list[dict[str, int]], tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("index")
    write(folder, made(states[0], engine))
    for state in states[1:]:
        base = read(folder)
        write(folder, made(state, engine, base), base)
        now = read(folder)
        write(folder / "anew", made(state, engine))
        anew = read(folder / "anew")
        assert list(now.passages) == list(anew.passages)
        assert (now.documents, now.stamps, now.fingerprint) == (anew.documents, anew.stamps, anew.fingerprint)
        assert now.named == anew.named == tuple(frozenset({2010 + state[id]}) for id in sorted(state))
        assert found(now) == found(anew)
        assert now.skipped == ()
        assert not damaged(now)


def test_what_did_not_change_is_shared_not_written(tmp_path: Path) -> None:
    state = dict.fromkeys("abcdef", 4)
    write(tmp_path, made(state, FAST))
    base = read(tmp_path)
    write(tmp_path, made({**state, "g": 3}, FAST, base), base)
    old, new = (tmp_path / "generations" / number for number in "12")
    assert (old / "passages-0.jsonl").stat().st_ino == (new / "passages-0.jsonl").stat().st_ino
    assert len((new / "passages-1.jsonl").read_text("utf-8").splitlines()) == 3
    assert {path.name for path in old.glob("passages.tantivy/*.idx")} <= {
        p.name for p in new.glob("passages.tantivy/*")
    }
    assert found(base) == found(read(tmp_path, avoid=[2]))


def test_it_is_made_anew_when_much_is_gone_or_parts_are_many(tmp_path: Path) -> None:
    base = made(dict.fromkeys("abcd", 4), REFERENCE)
    assert can_follow(base, {**dict(zip("abcd", base.stamps, strict=True)), "e": "e1"})
    assert not can_follow(base, {"a": "a4", "b": "b4"})
    state = {"a": 4}
    for id in "bcdefghijklmnopq":
        state[id] = 1
        base = made(state, REFERENCE, base if id != "b" else made({"a": 4}, REFERENCE))
    assert len(base.passages.parts) == 17
    assert not can_follow(base, {id: f"{id}{size}" for id, size in state.items()})


def test_damage_in_a_large_index_is_seen_when_read_or_looked_for(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("index.publishing.ALWAYS_HASHED", 0)
    write(tmp_path, made({"a": 4}, FAST))
    path = tmp_path / "generations/1/passages-0.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole.replace("điểm".encode(), "đểim".encode(), 1))
    generation = read(tmp_path)
    assert damaged(generation)
    with pytest.raises(Exception, match="hỏng"):
        list(generation.passages)
    path.write_bytes(whole)
    leads = path.with_suffix(".leads")
    leads.write_bytes(leads.read_bytes()[:-8] + b"\0" * 8)
    with pytest.raises(Exception, match="hỏng"):
        list(read(tmp_path).passages)
    path.write_bytes(whole[:-1])
    with pytest.raises(Exception, match="hỏng"):
        read(tmp_path)


def test_the_fast_engine_counts_as_the_reference_does(tmp_path: Path) -> None:
    state = dict.fromkeys("abcdef", 4)
    write(tmp_path, made(state, FAST))
    fast, reference = open_engine(read(tmp_path)), open_engine(made(state, REFERENCE))
    for term in ("trạm", "~tram_bts", "@7", "xyz"):
        assert fast.frequency(term) == reference.frequency(term)
