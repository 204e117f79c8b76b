"""Text from before Unicode: TCVN3, VNI, VISCII, windows-1258, and these read as Latin letters, told by how Vietnamese
the result reads.

The tables follow TCVN 5712:1993 (as the .Vn fonts use it), RFC 1456 (VISCII) and the VNI for Windows fonts.
"""

import re
import unicodedata
from collections.abc import Iterator

from corpus.errors import ReportError
from corpus.syllables import reads

_TCVN3_HIGH = (  # the bytes 0x80 to 0xFF
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3_LOW = {
    0x01: "Ú",
    0x02: "Ụ",
    0x04: "Ừ",
    0x05: "Ử",
    0x06: "Ữ",
    0x11: "Ứ",
    0x12: "Ự",
    0x13: "Ỳ",
    0x14: "Ỷ",
    0x15: "Ỹ",
}
_TCVN3_LOW |= {0x16: "Ý", 0x17: "Ỵ"}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
# VNI writes a letter, then its marks as another character; a few letters have a place of their own.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300",
    "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300",
    "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_TAKEN = "hãy gửi tệp .txt, .html, .docx, .pdf, .xlsx hoặc .csv"
_SURE = 0.9  # of the words with letters beyond ASCII: as many must be syllables
_FOREIGN = 0.1  # of such words may be names from abroad
_LEAST = 3  # such words, before a guess is more than a guess
_STRANGE = re.compile(  # in no text that is read rightly: controls, marks on nothing, signs inside words
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]|[^\W\d_][\u0300-\u036f]|(?<=[^\W\d_])[\xa1-\xbf×÷](?=[^\W\d_])"
)
_EDGES = re.compile(r"\A\S{0,8}(?=\s)|(?<=\s)\S{0,8}\Z")  # words that may be cut off
_COMMON = frozenset(
    "và của các có được là trong đã với cho năm số tỉnh đến đạt trên từ tại thông về khác việc này để".split()  # noqa: SIM905
)
_AHEAD = 2  # words by which the best reading must be better than the next


def decode(name: str, data: bytes) -> str:
    """The text of a file's bytes, as it stands there. Raises ReportError for what is binary or in doubt.

    >>> decode("a.txt", "Số trạm BTS".encode("utf-16"))
    'Số trạm BTS'
    >>> decode("a.txt", "Sè tr¹m BTS t¨ng thªm t¹i tØnh".encode("latin-1"))
    'Số trạm BTS tăng thêm tại tỉnh'
    """
    if wide := _utf16(data):
        try:
            return data.decode(wide)
        except UnicodeDecodeError as error:
            raise ReportError(f"{name} không phải văn bản; {_TAKEN}.") from error
    if b"\x00" in data:
        raise ReportError(f"{name} không phải văn bản; {_TAKEN}.")
    try:
        return repair(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        at = error.start + 1
    readings = sorted(_readings(data), key=lambda reading: reading[0], reverse=True)
    (best, encoding, text), (second, *_) = readings[:2]
    if best - second < _AHEAD or not _vietnamese(text):
        raise ReportError(
            f"{name} không phải UTF-8 (byte thứ {at}), có vẻ là {encoding} nhưng không chắc; hãy lưu lại với mã UTF-8."
        )
    return text


def repair(text: str) -> str:
    """Text whose letters are the places of an old font's, as Word keeps it, made Unicode; other text as it is.

    >>> repair("Céng hoµ x· héi chñ nghÜa ViÖt Nam\\nĐộc lập - Tự do - Hạnh phúc")
    'Cộng hoà xã hội chủ nghĩa Việt Nam\\nĐộc lập - Tự do - Hạnh phúc'
    >>> repair("Cộng hoà François Œuvre")
    'Cộng hoà François Œuvre'
    """
    good, bad = reads(text)
    if bad < max(_LEAST, _FOREIGN * (good + bad)):
        return text
    return "\n".join(_repaired(line) for line in text.split("\n"))


def _repaired(line: str) -> str:
    good, bad = reads(line)
    if bad == 0 or good > bad:
        return line
    try:
        data = b"".join(_byte(char) for char in line)
    except UnicodeEncodeError:
        return line
    best, _, text = max(_readings(data), key=lambda reading: reading[0])
    return text if best > good and not reads(text)[1] else line


def _byte(char: str) -> bytes:
    return bytes([ord(char)]) if ord(char) < 256 else char.encode("cp1252")


def _readings(data: bytes) -> Iterator[tuple[int, str, str]]:
    """(syllables less twice the words that are none, encoding, text) of each way to read the bytes."""
    ways = {
        "TCVN3": _single(data, _TCVN3_HIGH, _TCVN3_LOW),
        "VNI": _vni(data),
        "VISCII": _single(data, _VISCII_HIGH, _VISCII_LOW),
        "windows-1258": unicodedata.normalize("NFC", data.decode("cp1258", "replace")),
    }
    for encoding, text in ways.items():
        good, bad = reads(_EDGES.sub("", text))
        common = sum(word in _COMMON for word in text.lower().split())
        yield good + common - 2 * (bad + len(_STRANGE.findall(text))), encoding, text


def _single(data: bytes, high: str, low: dict[int, str]) -> str:
    text = "".join(high[byte - 128] if byte > 127 else low.get(byte, chr(byte)) for byte in data)
    return unicodedata.normalize("NFC", text)


def _vni(data: bytes) -> str:
    """VNI: letters, then letters with marks behind them; in lower case first, capitals by what they stand behind."""
    text = data.decode("cp1252", "replace")
    marks = "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper()
    spelled = re.sub(rf"([aeouyAEOUYôöÔÖ])([{marks}])", lambda m: _vni_letter(m[1]) + _VNI_MARKS[m[2].lower()], text)
    lone = "".join(_VNI_LETTERS) + "".join(_VNI_LETTERS).upper()
    return unicodedata.normalize("NFC", re.sub(rf"[{lone}](?![\u0300-\u036f])", lambda m: _vni_letter(m[0]), spelled))


def _vni_letter(char: str) -> str:
    letter = _VNI_LETTERS.get(char.lower(), char.lower())
    return letter.upper() if char.isupper() else letter


def _vietnamese(text: str) -> bool:
    good, bad = reads(_EDGES.sub("", text))
    return good >= _LEAST and good >= _SURE * (good + bad) and not _STRANGE.search(text)


def _utf16(data: bytes) -> str | None:
    """Its byte order, by mark or because every other byte of the first ones is often zero."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) < len(head) / 8 or min(even, odd) > 0:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
