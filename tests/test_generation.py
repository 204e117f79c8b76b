"""Generations: what is written comes back, damage is seen, the one before serves, one publisher at a time."""

import fcntl
import json
import os
import random
import threading
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.wiring import Program
from corpus.errors import GenerationError
from corpus.records import Document, Facts, Passage
from index import indexing, publishing, words
from index.generation import read, write
from index.indexing import index
from index.passages import Passages
from index.publishing import current
from index.tokens import use_synonyms

DOCUMENTS = (Document("a", "a.txt", "0" * 64, "Có 35 trạm.\u2028Hết.", Facts("Báo cáo", "Hậu Giang", "2016")),)
PASSAGES = (Passage("a", 0, 0, 11, 0, "Có 35 trạm."), Passage("a", 1, 12, 16, 1, "Hết\n."))


def made(mark: str = "f"):
    return index(DOCUMENTS, PASSAGES, mark)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    number = write(tmp_path, made())
    found = read(tmp_path)
    empty = Passages([], {})
    assert list(found.passages) == list(PASSAGES)
    assert replace(found, number=0, folder=None, passages=empty) == replace(made(), passages=empty)
    assert (number, found.number, current(tmp_path)) == (1, 1, 1)
    assert found.documents[0].text == ""


def test_only_this_one_and_the_one_before_are_kept(tmp_path: Path) -> None:
    for mark in "abc":
        write(tmp_path, made(mark))
    assert sorted(path.name for path in (tmp_path / "generations").iterdir()) == ["2", "3"]
    assert read(tmp_path).fingerprint == "c"


def test_no_pickle_only_text_and_numbers(tmp_path: Path) -> None:
    write(tmp_path, made())
    for path in (tmp_path / "generations/1").iterdir():
        if path.suffix == ".ends":
            assert len(path.read_bytes()) == 8 * len(PASSAGES)
        else:
            path.read_text("utf-8")
    assert json.loads((tmp_path / "generations/1/manifest.json").read_text())["sha256"]


def test_any_flipped_or_missing_byte_is_seen(tmp_path: Path) -> None:
    write(tmp_path, made("a"))
    write(tmp_path, made("b"))
    rng = random.Random(1)
    files = sorted((tmp_path / "generations/2").iterdir())
    for _ in range(300):
        path = rng.choice(files)
        whole = path.read_bytes()
        at = rng.randrange(len(whole))
        cut = (
            whole[:at]
            if rng.random() < 0.3
            else whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :]
        )
        path.write_bytes(cut)
        found = read(tmp_path)
        assert (found.fingerprint, found.skipped) == ("a", (2,))
        path.write_bytes(whole)
    assert read(tmp_path).fingerprint == "b"


def test_nothing_whole_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="hoidap reindex"):
        read(tmp_path)
    write(tmp_path, made())
    (tmp_path / "generations/1/tokens-0.txt").unlink()
    with pytest.raises(GenerationError, match="--force"):
        read(tmp_path)


def test_a_second_publisher_is_told_who_runs(tmp_path: Path) -> None:
    write(tmp_path, made())
    with (tmp_path / "lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("số 4711")
        held.flush()
        with pytest.raises(GenerationError, match="4711"):
            write(tmp_path, made())
    assert write(tmp_path, made()) == 2


def test_an_unwritable_folder_is_one_clear_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(GenerationError, match="Không ghi được"):
        write(blocked / "index", made())


def test_damage_in_a_large_generation_is_found_while_it_serves(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)  # as though it were too large to be hashed when opened
    program = Program(settings)
    program.prepare(lambda text: None)
    first = program.generation()
    second = program.reindex(force=True, anew=True)
    path = next(second.folder.glob("passages-*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    assert Program(settings).generation().number == second.number
    program.serving.examine_from_now_on()
    program.generation()
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(10)
    assert program.generation().number == first.number
    assert program.generation().skipped == (second.number,)
    assert "bị hỏng" in caplog.text


def test_terms_made_in_child_processes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    use_synonyms([["loa phường", "đài truyền thanh cơ sở"]])
    try:
        texts = [f"Loa phường số {number} tăng 35 trạm" for number in range(50)]
        alone = list(chain.from_iterable(indexing._all_read(texts)))
        monkeypatch.setattr(indexing, "_ALONE", 10)
        monkeypatch.setattr(indexing, "_SLICE", 7)
        assert list(chain.from_iterable(indexing._all_read(texts))) == alone
        assert "@" in alone[0].terms
        assert b"@" in alone[0].words
        assert b"change" in alone[0].figures
    finally:
        use_synonyms([])


def test_a_child_that_is_killed_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_ALONE", 0)
    monkeypatch.setattr(indexing, "use_synonyms", os._exit)  # each child begins with it
    monkeypatch.setattr(indexing, "own_synonyms", lambda: 9)
    with pytest.raises(GenerationError, match="thử lại"):
        list(indexing._all_read(["a"]))


@given(st.text(max_size=200) | st.text(st.sampled_from("Số trạm 35,1: (quí) tỉ lệ và 4; –\n"), max_size=200))
def test_words_are_read_as_they_were_written(text: str) -> None:
    said = words.read(text)
    assert asdict(words.restored(text, json.loads(words.stored(said)))) == asdict(said)
