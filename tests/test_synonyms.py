"""An office's own synonyms: from a file in the home folder, into the index and every question."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from index import phrases
from index.tokens import concepts, name, tokenize, use_synonyms

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    use_synonyms([])


def test_own_groups_stand_beside_the_known_ones() -> None:
    plain = name()
    use_synonyms([["loa phường", "đài truyền thanh cơ sở"], ["cột phát sóng", "trạm BTS"]])
    assert name() != plain
    assert concepts(["loa", "phuong"])[0][0] == concepts(["dai", "truyen", "thanh", "co", "so"])[0][0]
    assert set(tokenize("cột phát sóng")) & set(tokenize("trạm thu phát sóng")) >= {concepts(["bts"])[0][0]}


def test_a_question_in_the_words_of_the_office(hoidap: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    question = "Hậu Giang có bao nhiêu cột nhộng tăng?"
    before = hoidap("ask", question).stdout
    assert before.startswith("Không trả lời")
    (tmp_path / "home/synonyms.json").write_text('[["cột nhộng", "trạm BTS"]]', "utf-8")
    after = hoidap("ask", question)
    assert "Đang lập chỉ mục" in after.stderr
    assert after.stdout.startswith("35 trạm")


@pytest.mark.parametrize("text", ["{", "{}", '[["một"]]', "[[1, 2]]", '[["", "a"]]'])
def test_a_wrong_file_is_one_clear_error(hoidap: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/synonyms.json").write_text(text, "utf-8")
    done = hoidap("ask", "x")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "synonyms.json" in done.stderr


def test_the_ready_table_is_what_the_files_say() -> None:
    # Not by table(), which goes to the files where the ready one is of others.
    _, *ready = json.loads(Path(phrases.__file__).with_name("phrases.json").read_text("utf-8"))
    assert ready == list(phrases.made()), "run make phrases"


def test_the_ready_table_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "made", lambda own: None)
    phrases.table.cache_clear()
    assert phrases.table() is not None, "run make phrases"
    assert phrases.table((("loa phường", "đài truyền thanh cơ sở"),)) is None
    phrases.table.cache_clear()


def test_a_table_of_other_files_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "synonyms.json"
    changed.write_text('[["một hai", "ba bốn"]]', "utf-8")
    monkeypatch.setattr(phrases, "_SYNONYMS", changed)
    phrases.table.cache_clear()
    assert phrases.table().groups["@0"] == ["mot hai", "ba bon"]
    phrases.table.cache_clear()
