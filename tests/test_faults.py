"""A sample of what tools/faults.py breaks: nothing acknowledged is lost, the index that serves is whole."""

import errno
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import breaking
import pytest
import spoiling
from test_embedding import Counting

from bot.config import Settings, load_settings
from bot.health import status, verify
from bot.wiring import Program
from corpus.errors import GenerationError, StoreError
from corpus.load import make, take
from index import publishing
from index.fast import build
from index.generation import FAST, damaged, read
from index.records import Question

Run = Callable[..., "CompletedProcess[str]"]
SHM = Path("/dev/shm")  # noqa: S108


@pytest.fixture
def folder() -> Iterator[Path]:
    """On a disk in memory, where there is one: to sync a real one takes most of the time."""
    with tempfile.TemporaryDirectory(dir=SHM if SHM.is_dir() else None, ignore_cleanup_errors=True) as made:
        yield Path(made)


@pytest.mark.parametrize(
    ("case", "tries"),
    [
        (breaking.stopped, 50),
        (breaking.killed, 24),
        (breaking.unpowered, 240),
        (breaking.refused, 60),
        (breaking.too_large, 24),
        (spoiling.flipped, 120),
        (spoiling.flipped_unhashed, 120),
        (spoiling.killed_loading, 12),
        (spoiling.at_once, 6),
        (spoiling.restored, 3),
        (spoiling.reread_anew, 3),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_it_survives(case: Callable[[Path, int], breaking.Count], tries: int, folder: Path) -> None:
    tried, survived = case(folder, tries)
    assert (survived, tried >= tries) == (tried, True)


@pytest.mark.parametrize("name", breaking.MUTANTS)
def test_a_build_that_loses_data_is_caught(name: str, folder: Path) -> None:
    assert any(breaking.lost_power(folder, 720, breaking.MUTANTS[name]))


def test_a_full_disk_is_told_while_the_old_index_answers(hoidap: Run, folder: Path) -> None:
    with spoiling.small_disk(folder / "disk", 2000) as mounted:
        if not mounted:
            pytest.skip("no file system may be mounted here; tools/faults.py says the same")
    assert spoiling.full(folder, 4) == (4, 4)


def test_damage_that_is_found_late_lets_the_one_before_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    index = folder / "index"
    for state in (breaking.FIRST, breaking.STEPS[1]):
        breaking.publish(index, state, FAST)
    for path in (index / "generations/2").glob("passages.tantivy/*.term"):
        path.write_bytes(bytes(path.stat().st_size))
    program = Program(load_settings({"HOIDAP_HOME": str(folder), "HOIDAP_EMBEDDINGS": "off"}))
    assert damaged(read(index))
    assert program.generation().number == 2
    assert program.ask(Question("Có bao nhiêu trạm?")).passages
    assert (program.generation().number, program.generation().skipped) == (1, (2,))
    assert not program.ready()


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_no_byte_of_a_row_goes_unchecked(place: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    breaking.publish(folder, breaking.FIRST, FAST)
    path = folder / "generations/1/passages-0.jsonl"
    whole = path.read_bytes()
    first = whole.index(b"\n")
    at = {"start": 0, "middle": first // 2, "end": first}[place]
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(GenerationError, match="hỏng"):
        list(read(folder).passages)


def test_facts_are_never_taken_from_damaged_documents(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    for state in (breaking.FIRST, breaking.STEPS[1]):
        breaking.publish(folder, state, FAST)
    path = folder / "generations/2/documents.jsonl"
    path.write_bytes(path.read_bytes().replace(b"o a", b"o b", 1))
    assert read(folder).skipped == (2,)


def test_a_disk_that_refuses_tantivy_is_named(folder: Path) -> None:
    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, resource.RLIM_INFINITY))
        try:
            build(folder / "index", ((n, n, f"a{n} b{n}") for n in range(1000)))
        except OSError as error:
            os._exit(9 if error.errno == errno.EFBIG else 4)

    assert breaking.forked(work) == 9


def test_an_admin_is_told_of_damage_and_the_next_index_is_whole(program: Program) -> None:
    program.reindex(force=True, anew=True)
    (program.folder / "generations/2/documents.jsonl").write_bytes(b"")
    again = Program(program.settings)
    assert ("Thế hệ bị hỏng", "2") in status(again)
    assert "Thế hệ chỉ mục 2 bị hỏng." in verify(again)
    assert again.stale()
    again.prepare(lambda text: None)
    assert verify(again) == []
    assert sorted(path.name for path in (program.folder / "generations").iterdir()) == ["1", "3"]


def test_damage_is_not_inherited(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    path = program.folder / "generations/1/passages-0.jsonl"
    path.write_bytes(bytes(path.stat().st_size))
    take(program.store, "moi.txt", spoiling.text_of(1), {})
    again = Program(program.settings)
    again.reindex(force=True)
    assert verify(again) == []


def test_vectors_are_not_taken_from_what_is_damaged(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ALWAYS_HASHED", 0)
    program.encoder = Counting()
    program.reindex(force=True, anew=True)
    path = program.folder / "generations/2/passages-0.jsonl"
    path.write_bytes(bytes(path.stat().st_size))
    again = Program(program.settings)
    again.encoder = Counting()
    again.reindex(force=True, anew=True)
    assert verify(again) == []


def test_without_any_index_it_is_told_why_none_could_be_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> int:
        raise GenerationError("Đĩa đầy.")

    monkeypatch.setattr("bot.wiring.write", refuse)
    with pytest.raises(GenerationError, match="Đĩa đầy"):
        Program(settings).prepare(lambda text: None)


def test_answers_go_on_when_the_index_cannot_be_made(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> int:
        raise GenerationError("Đĩa đầy.")

    monkeypatch.setattr("bot.wiring.write", refuse)
    take(program.store, "moi.txt", spoiling.text_of(1), {})
    said: list[str] = []
    program.prepare(said.append)
    assert said[-1] == "Đĩa đầy. Trả lời theo thế hệ 1."
    assert program.ask(Question(spoiling.ASKED)).passages


def test_a_change_that_comes_while_an_index_is_made_is_not_forgotten(program: Program) -> None:
    program.changing()

    def step(done: int, of: int) -> None:
        if program.store.counts()["documents"] == 5:
            take(Program(program.settings).store, "moi.txt", spoiling.text_of(1), {})

    program.reindex(force=True, step=step, anew=True)
    assert not program.ready()
    assert program.stale()
    program.reindex(force=True)
    assert program.ready()


def test_rereading_keeps_what_was_given(hoidap: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(spoiling.text_of(1))
    assert hoidap("add", str(path), "--period", "2015").returncode == 0
    ran = hoidap("reread")
    assert (ran.returncode, ran.stdout) == (0, "Đã đọc lại 1 tài liệu từ tệp gốc: 0 thay đổi.\n")
    assert "2015" in hoidap("show", "a").stdout


def test_a_document_that_can_no_longer_be_read_stays(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus import load
    from corpus.errors import ReportError

    def picky(name: str, *given: object) -> object:
        if name.startswith("hau"):
            raise ReportError("không đọc được")
        return make(name, *given)  # type: ignore[arg-type]

    with closing(program.store) as store:
        assert {became[0] for _, became in load.reread(store) if isinstance(became, tuple)} == {"same"}
        monkeypatch.setattr(load, "make", picky)
        became = dict(load.reread(store))
        assert isinstance(became["hau-giang-2016"], ReportError)
        assert len(became) == len(store.documents()) == 5


def test_an_index_that_lost_much_is_not_published_unless_forced(program: Program) -> None:
    ids = [document.id for document in program.store.documents()]
    program.store.remove(ids[:1])  # a fifth
    assert len(program.reindex().documents) == len(ids) - 1
    program.store.remove(ids[1:2])
    with pytest.raises(GenerationError, match=f"Chỉ còn {len(ids) - 2}/{len(ids) - 1} tài liệu"):
        program.reindex()
    assert len(program.generation().documents) == len(ids) - 1
    assert len(program.reindex(force=True).documents) == len(ids) - 2
    program.store.remove(ids[2:])
    with pytest.raises(StoreError, match="Chưa có tài liệu nào"):
        program.reindex()
    assert len(program.generation().documents) == len(ids) - 2
