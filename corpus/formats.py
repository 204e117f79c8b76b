"""Which format a file has, told by its bytes, and its text: plain text here, the others in a limited child process."""

import re

from corpus import child, sheets
from corpus.encodings import decode
from corpus.errors import ReportError
from corpus.extract import Extract
from corpus.text import clean

EXTENSIONS = (".txt", ".htm", ".html", ".docx", ".pdf", ".xlsx", ".csv", ".tsv")
_OTHER = {
    b"\xd0\xcf\x11\xe0": "là tệp Word, Excel cũ hoặc có mật khẩu; hãy lưu lại dạng .docx, .xlsx không mật khẩu rồi nạp",
    b"{\\rtf": "là tệp RTF; hãy lưu lại dưới dạng .docx rồi nạp",
    b"\x89PNG": "là ảnh; hãy nạp bản có chữ",
    b"\xff\xd8\xff": "là ảnh; hãy nạp bản có chữ",
    b"Rar!": "là tệp nén; hãy giải nén rồi nạp",
    b"7z\xbc\xaf": "là tệp nén; hãy giải nén rồi nạp",
    b"\x1f\x8b": "là tệp nén; hãy giải nén rồi nạp",
}
_WEB = re.compile(rb"\s*(<\?xml[^>]{0,200}>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype html|html|head|body)\b", re.I | re.S)
_MARKUP = re.compile(rb"<(p|div|table|br|span|h[1-6]|li|a)\b[^>]{0,300}>", re.IGNORECASE)
_HEAD = 4096  # bytes that are looked at


def sniff(name: str, data: bytes) -> str:
    """pdf, word, sheets, webpage or text. Raises ReportError for what is known to be something else.

    >>> sniff("a.txt", b"%PDF-1.4"), sniff("a", b"<!DOCTYPE html><p>x"), sniff("a.html", b"Co 35 tram")
    ('pdf', 'webpage', 'text')
    """
    head = data[:_HEAD]
    for magic, said in _OTHER.items():
        if head.startswith(magic):
            raise ReportError(f"{name} {said}.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return "sheets" if b"xl/workbook.xml" in data else "word"
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return "webpage" if _WEB.match(plain) or len(_MARKUP.findall(plain)) > 3 else "text"


def extract(name: str, data: bytes) -> Extract:
    """The text of a file and what stands where in it. Raises ReportError, also when there is no text."""
    kind = sniff(name, data)
    if kind == "text":
        made = _text(name, clean(decode(name, data)))
    elif kind == "webpage":
        made = child.run(name, kind, webpage_text(name, data).encode("utf-8", "replace"))
    else:
        made = child.run(name, kind, data)
    if not made.text.strip():
        raise ReportError(f"{name} không có chữ nào.")
    return made


def _text(name: str, text: str) -> Extract:
    named = name.lower().endswith((".csv", ".tsv"))
    return sheets.read_csv(text, named) or Extract(text)


def webpage_text(name: str, data: bytes) -> str:
    """A page's source; what it says of its encoding counts only where it is none of those that are recognised."""
    try:
        return decode(name, data)
    except ReportError:
        said = re.search(rb"charset\s*=\s*[\"']?([\w-]{1,30})", data[:_HEAD], re.IGNORECASE)
        try:
            return data.decode(said[1].decode("ascii") if said else "ascii")
        except (LookupError, UnicodeDecodeError):
            raise
