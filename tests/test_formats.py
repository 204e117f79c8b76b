"""Reports as web pages, Word, PDF and Excel files: every word, in order, without what stands around them."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import papers
import pypdf
import pytest

from corpus import child
from corpus.errors import ReportError
from corpus.formats import extract
from corpus.load import bundled, make
from corpus.reader import read_bytes
from corpus.records import Document, Passage, Report
from index import answering
from index.indexing import index
from index.records import Question
from index.search import Search

REPORTS = list(bundled())
GOLDEN = Path(__file__).parent / "golden" / "questions.jsonl"
ASKED = [json.loads(line)["question"] for line in GOLDEN.read_text("utf-8").splitlines()]


def words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.,/]\d+)*", text)


def engine(reports: list[Report]) -> Search:
    documents, passages = [], []
    for report in reports:
        id = report.file.split(".")[0]
        documents.append(Document(id, report.file, "", report.text, report.facts))
        spans = enumerate(zip(report.spans, report.places, strict=True))
        passages += [Passage(id, n, a, b, group, report.text[a:b], place) for n, ((a, b, group), place) in spans]
    return Search(index(documents, passages, ""))


@pytest.mark.parametrize("name", papers.MAKERS)
def test_every_word_is_there_in_order_and_the_answers_are_those_from_text(name: str) -> None:
    made = [make(report.file, papers.MAKERS[name](report.text), {}) for report in REPORTS]
    for plain, found in zip(REPORTS, made, strict=True):
        rest = iter(words(found.text))
        assert [word for word in words(plain.text) if word not in rest] == []
        said = [found.text[start:end] for start, end, _ in found.spans]
        litter = [line for line in papers.LITTER if line not in plain.text and any(line in passage for passage in said)]
        assert litter == []
        assert (found.facts.province, found.facts.period) == (plain.facts.province, plain.facts.period)
    known, other = engine(REPORTS), engine(made)
    same = [answering.answer(known, Question(q)).answer == answering.answer(other, Question(q)).answer for q in ASKED]
    assert sum(same) >= 0.98 * len(same)


def test_places_of_a_pdf_and_a_word_file() -> None:
    made = make("a.pdf", papers.pdf(REPORTS[0].text), {})
    pages = [place.page for place in made.places]
    assert pages[0] == 1
    assert pages == sorted(pages)
    assert pages[-1] == len(pypdf.PdfReader(io.BytesIO(made.data)).pages)
    document = docx.Document()
    document.add_heading("II. Bưu chính", 1)
    document.add_paragraph("Năm 2016 toàn tỉnh có 77 điểm phục vụ.")
    found = make("a.docx", papers._saved(document), {})
    assert [place.heading for place in found.places] == [None, "II. Bưu chính"]


TABLE = [
    ["STT", "Chỉ tiêu", "Đơn vị tính", "Năm 2015", "Năm 2016"],
    ["1", "Số trạm BTS tăng thêm", "trạm", "12", "35"],
    ["2", "Tỷ lệ hộ có Internet", "%", "41,5", "48,2"],
]
ROWS = [
    "1. Số trạm BTS tăng thêm: 12 trạm (Năm 2015); 35 trạm (Năm 2016)",
    "2. Tỷ lệ hộ có Internet: 41,5% (Năm 2015); 48,2% (Năm 2016)",
]


def word_table() -> bytes:
    document = docx.Document()
    table = document.add_table(len(TABLE), len(TABLE[0]))
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return papers._saved(document)


def excel_table() -> bytes:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    return papers._saved(book)


def web_table() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE)
    return f"<html><body><h2>Kết quả</h2><table>{rows}</table></body></html>".encode()


def csv_table() -> bytes:
    return "\n".join(";".join(row) for row in TABLE).encode()


@pytest.mark.parametrize("made", [word_table, excel_table, web_table, csv_table])
def test_a_row_of_a_table_reads_alone(made) -> None:
    report = make("a.bin", made(), {})
    lines = report.text.split("\n\n")
    assert lines[-2:] == ROWS
    assert [place.row for place in report.places][-2:] == [1, 2]


def test_a_cell_is_an_answer_like_any_other() -> None:
    report = make("bang.xlsx", excel_table(), {"province": "Hậu Giang", "period": "2016"})
    given = answering.answer(engine([report]), Question("Hậu Giang năm 2016 tăng thêm bao nhiêu trạm BTS?"))
    assert given.answer == "35 trạm"
    given = answering.answer(engine([report]), Question("Tỷ lệ hộ có Internet của Hậu Giang năm 2016?"))
    assert given.answer == "48,2%"


def test_a_table_alone_takes_its_facts_from_heads_and_file_name() -> None:
    facts = make("hau-giang-2016-bang.xlsx", excel_table(), {}).facts
    assert (facts.title, facts.province, facts.period) == ("hau-giang-2016-bang", "Hậu Giang", "2016")


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def declared(document: str) -> bytes:
    """A Word file whose text has a DTD before it."""
    good = zipfile.ZipFile(io.BytesIO(papers.word("Có 35 trạm.")))
    members = {name: good.read(name) for name in good.namelist()}
    body = members["word/document.xml"].split(b"?>", 1)[1]
    members["word/document.xml"] = b'<?xml version="1.0"?>' + document.encode() + body
    return zipped(**members)


def locked(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("bi mat", algorithm="RC4-128")
    return papers._saved(_Saved(writer))


class _Saved:
    def __init__(self, writer: pypdf.PdfWriter) -> None:
        self.save = writer.write


def pages(number: int) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(number):
        writer.add_blank_page(10, 10)
    return papers._saved(_Saved(writer))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda: zipped(**{"word/document.xml": b"0" * (60 * 2**20)}), "quá lớn"),
        (lambda: zipped(**{f"m{n}.xml": b"<a/>" for n in range(600)}), "quá lớn"),
        (lambda: declared(BOMB), "DTD"),
        (lambda: declared(XXE), "DTD"),
        (lambda: zipped(**{"a.txt": b"x"}), "Không phải tệp Word"),
        (lambda: papers.word("Có 35 trạm.")[:-200], "hỏng"),
        (lambda: papers.excel("Có 35 trạm.")[:500], "hỏng"),
        (lambda: papers.pdf("Có 35 trạm và 12 hộ.")[:300], "hỏng"),
        (lambda: locked(papers.pdf("Có 35 trạm.")), "mật khẩu"),
        (lambda: pages(2001), "trang"),
        (lambda: pages(2), "bản quét"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "lưu lại dạng .docx"),
        (lambda: b"\x89PNG\r\n\x1a\n\x00", "ảnh"),
        (lambda: b"<html><body></body></html>", "không có chữ"),
    ],
)
def test_attacks_and_damage_are_refused_with_their_reason(data, says: str) -> None:
    given = data()
    begun = time.monotonic()
    with pytest.raises(ReportError, match=says) as caught:
        extract("tep.bin", given)
    assert time.monotonic() - begun < 20
    assert "\n" not in str(caught.value)


def test_what_takes_too_long_or_too_much_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "WALL", 0.01)
    with pytest.raises(ReportError, match="đọc quá"):
        child.run("a.pdf", "pdf", papers.pdf("Có 35 trạm."))
    monkeypatch.undo()
    with pytest.raises(ReportError, match="bộ nhớ"):
        child.run("a", "no such reader", b"")


def test_the_child_has_no_network_and_writes_no_file(tmp_path: Path) -> None:
    code = "import corpus.child, socket, sys; corpus.child.limit()\n"
    code += "try:\n    socket.create_connection(('127.0.0.1', 9))\nexcept PermissionError: print('offline')\n"
    code += f"try:\n    open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'a' * 10)\nexcept OSError: print('no file')\n"

    ran = subprocess.run(
        [sys.executable, "-c", f"import signal\nsignal.signal({int(signal.SIGXFSZ)}, signal.SIG_IGN)\n{code}"],
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split("\n")[:2] == ["offline", "no file"]


def test_a_pipe_in_place_of_a_file_hangs_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    done = threading.Event()

    def read() -> None:
        with pytest.raises(ReportError, match="không phải là tệp thường"):
            read_bytes(tmp_path / "a.txt")
        done.set()

    threading.Thread(target=read, daemon=True).start()
    assert done.wait(5)


def test_damaged_files_give_a_text_or_a_refusal() -> None:
    """A sample; `tools/mutate.py` alone does ten thousand of each format."""
    tool = Path(__file__).parent.parent / "tools" / "mutate.py"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    ran = subprocess.run([sys.executable, str(tool), "--number", "60"], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("| 60 |") == 4
