"""Reports on their way into the store: one bad file stops nothing, what is known is not read again, undo."""

from pathlib import Path
from subprocess import CompletedProcess
from typing import Protocol

import papers
import pytest

from corpus import load
from corpus.checking import check
from corpus.errors import ReportError, StoreError
from corpus.load import bundled, make, take, take_all
from corpus.store import Store


class Run(Protocol):
    def __call__(self, *arguments: str) -> "CompletedProcess[str]": ...


FIRST = "Báo cáo của Sở Thông tin và Truyền thông tỉnh Bến Tre năm 2018.\nToàn tỉnh có 77 điểm phục vụ bưu chính.\n"
SECOND = FIRST.replace("77", "81")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'a.db'}")


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bao-cao" / "2018"
    made.mkdir(parents=True)
    (made / "a.txt").write_text(FIRST, "utf-8")
    (made / "b.docx").write_bytes(papers.word("Tỉnh An Giang năm 2017 có 35 trạm BTS."))
    (made / "c.pdf").write_bytes(b"%PDF-1.7 cut off")
    (made / "d.html").write_bytes(papers.portal(next(iter(bundled())).text))
    (made / "e.txt").symlink_to(made / "a.txt")
    (made / "anh.jpg").write_bytes(b"\xff\xd8\xff")
    return made.parent


def test_a_folder_of_all_kinds(hoidap: Run, tmp_path: Path) -> None:
    ran = hoidap("add", str(folder(tmp_path)))
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "hoidap: 1 trong 4 tệp không nạp được; các tệp khác đã vào kho."
    assert "c.pdf: PDF bị hỏng" in ran.stderr
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == ["Đã nạp"] * 3
    again = hoidap("add", str(tmp_path / "bao-cao"))
    assert [line.split(":")[0] for line in again.stdout.splitlines()] == ["Đã có, không đổi"] * 3


def test_undo_brings_the_version_before_back(hoidap: Run, tmp_path: Path) -> None:
    path = tmp_path / "ben-tre.txt"
    asked = ("ask", "Bến Tre năm 2018 có bao nhiêu điểm phục vụ bưu chính?")
    for text, figure in ((FIRST, "77"), (SECOND, "81")):
        path.write_text(text, "utf-8")
        assert hoidap("add", str(path)).returncode == 0
        assert hoidap(*asked).stdout.startswith(f"{figure} điểm")
    assert hoidap("history", "ben-tre").stdout.count("thay lúc") == 1
    assert hoidap("undo", "ben-tre").returncode == 0
    assert hoidap(*asked).stdout.startswith("77 điểm")
    assert hoidap("verify").returncode == 0
    nothing = hoidap("undo", "ben-tre")
    assert nothing.returncode == 1
    assert "chưa có bản nào trước đó" in nothing.stderr


def test_the_same_text_is_one_document(store: Store) -> None:
    assert take(store, "a.txt", FIRST.encode(), {})[0] == "added"
    status, second = take(store, "b.txt", FIRST.encode("utf-16"), {})
    assert (status, second.id) == ("same", "a")
    assert len(store.listing()) == 1


def test_what_was_read_is_not_read_again(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(FIRST, "utf-8")
    assert [status for _, (status, _) in take_all(store, [path], {})] == ["added"]
    monkeypatch.setattr(load, "make", None)
    assert [status for _, (status, _) in take_all(store, [path], {})] == ["same"]
    monkeypatch.undo()
    assert [status for _, (status, _) in take_all(store, [path], {"period": "2019"})] == ["replaced"]


def test_loading_that_is_broken_off_keeps_what_it_had(store: Store, tmp_path: Path) -> None:
    paths = []
    for number in range(9):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(FIRST.replace("77", str(100 + number)), "utf-8")
    loading = take_all(store, paths, {})
    assert next(loading)[1][0] == "added"
    loading.close()
    kept = len(store.listing())
    assert 1 <= kept < 9
    became = [status for _, (status, _) in take_all(store, paths, {})]
    assert became == ["same"] * kept + ["added"] * (9 - kept)


def test_removing_takes_history_and_bytes_along(store: Store) -> None:
    for text in (FIRST, SECOND):
        store.put(make("a.txt", text.encode(), {}))
    old = store.history("a")[0].sha256
    assert store.original(old) == FIRST.encode()
    store.remove(["a"])
    with pytest.raises(StoreError):
        store.original(old)


def test_a_file_that_is_being_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(FIRST, "utf-8")
    states = iter([(1, 1), (2, 2)])
    monkeypatch.setattr("corpus.reader._state", lambda file: next(states))
    with pytest.raises(ReportError, match="đang được ghi"):
        load.load(path)


def test_lines_of_most_pages_of_a_site_are_no_passages(store: Store) -> None:
    """Menus and footers that no rule knows are told by standing on every page; figures and sentences are kept."""
    frame = "Hòm thư góp ý\n\nVăn bản điều hành\n\n{}\n\nTổng cộng có 12 phòng\n\nSở luôn lắng nghe người dân.\n"
    for number, site in enumerate(("so.vn", "so.vn", "so.vn", "khac.vn"), 1):
        text = frame.format(f"Tỉnh Bến Tre năm 201{number} có {number}7 điểm bưu chính.")
        store.put(make(f"{number}.txt", text.encode(), {"url": f"https://{site}/{number}"}))
    texts = {id: [passage.text for passage in store.passages(id)] for id in ("1", "2", "3", "4")}
    kept = ["Tổng cộng có 12 phòng", "Sở luôn lắng nghe người dân."]
    for id in "123":
        assert texts[id] == [f"Tỉnh Bến Tre năm 201{id} có {id}7 điểm bưu chính.", *kept]
    assert len(texts["4"]) == 5
    assert "Hòm thư góp ý" in store.document("1").text
    assert [passages for _, passages in store.listing()] == [3, 3, 3, 5]
    assert list(check(store)) == []
