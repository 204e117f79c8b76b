"""How facts and places are put into words, the same on the command line and in Telegram."""

from corpus.records import Document, Place
from index.records import Answer, Cited

NEAREST = "Đoạn gần nhất (không phải câu trả lời):"


def understood(question: str) -> str:
    """What a follow-up was taken to ask."""
    return f"Hiểu là: {question}"


def note(text: str) -> str:
    """What to mind about an answer."""
    return f"Lưu ý: {text}"


_HEADING = 60  # characters of a heading that are shown
SURE = 0.9  # confidence under which a reader is asked to check


def unsure(confidence: float) -> str:
    """
    >>> unsure(0.634)
    'Độ chắc 63 %; hãy đối chiếu với nguồn.'
    """
    return f"Độ chắc {confidence:.0%}; hãy đối chiếu với nguồn.".replace("%", " %")


RELATED = 0.5  # of the best passage's score: what scores less is not worth reading


def worth_reading(answer: Answer) -> list[Cited]:
    """The passages to show a person: the best one, and those that come near it."""
    best = max((cited.score for cited in answer.passages), default=0.0)
    return [cited for cited in answer.passages if cited.score >= RELATED * best]


def source(cited: Cited) -> str:
    """Title, issuer, day, period, file and place in the text of a passage, on one line.

    >>> from corpus.records import Facts, Passage
    >>> facts = Facts("Báo cáo", "Hậu Giang", "2016", "Sở TT&TT", "2016-12-27", "https://vi.du")
    >>> source(Cited(1, 1.0, Passage("a", 0, 1234, 1300, 0, ""), Document("a", "a.txt", "", "", facts)))
    'Báo cáo · Sở TT&TT · ngày 27/12/2016 · kỳ 2016 · a.txt, ký tự 1.234–1.300 · https://vi.du'
    """
    facts, passage = cited.document.facts, cited.passage
    characters = f"ký tự {grouped(passage.start)}–{grouped(passage.end)}"
    parts = [
        facts.title,
        facts.issuer or facts.province,
        f"ngày {day(facts.date)}" if facts.date else None,
        f"kỳ {facts.period}" if facts.period else None,
        ", ".join(part for part in (cited.document.file, place(passage.place), characters) if part),
        facts.url,
    ]
    return " · ".join(part for part in parts if part)


def place(found: Place) -> str:
    """Page, heading and row, as far as there are such.

    >>> place(Place(4, "II. Bưu chính", 2)), place(Place())
    ('trang 4, mục “II. Bưu chính”, dòng 2 của bảng', '')
    """
    heading = found.heading and (found.heading if len(found.heading) <= _HEADING else found.heading[:_HEADING] + "…")
    parts = (
        f"trang {found.page}" if found.page else "",
        f"mục “{heading}”" if heading else "",
        f"dòng {found.row} của bảng" if found.row else "",
    )
    return ", ".join(part for part in parts if part)


def day(date: str) -> str:
    """
    >>> day("2016-12-27")
    '27/12/2016'
    """
    return "/".join(reversed(date.split("-")))


def grouped(number: int) -> str:
    """
    >>> grouped(41684)
    '41.684'
    """
    return f"{number:,}".replace(",", ".")


def facts(document: Document) -> list[tuple[str, str]]:
    """What is known of a document, as (label, value), and where from."""
    known = document.facts
    rows = (
        ("Tên", "title", known.title),
        ("Tỉnh", "province", known.province),
        ("Kỳ", "period", known.period),
        ("Cơ quan", "issuer", known.issuer),
        ("Ngày", "date", day(known.date) if known.date else None),
        ("Địa chỉ", "url", known.url),
    )
    told = [(label, value or "không rõ", origin(document, fact)) for label, fact, value in rows]
    named = [(label, f"{value} ({where})" if where else value) for label, value, where in told]
    return [("Mã", document.id), ("Tệp", document.file), *named]


DOUBTFUL = 0.6  # of 1: a fact less sure than this is shown with a question mark
_GIVERS = {"tệp kèm": "ghi trong tệp kèm theo", "người nạp": "người nạp cho biết"}


def origin(known: Document, fact: str) -> str:
    """Where a fact was found and how surely; "" when that is not on record.

    >>> from corpus.records import Facts, Origin
    >>> origin(Document("a", "a.txt", "", "", Facts("A"), (Origin("period", "năm 2016", 7, 0.9),)), "period")
    'tìm thấy: “năm 2016”, ký tự 7; chắc 90 %'
    """
    found = next((origin for origin in known.origins if origin.fact == fact), None)
    if found is None:
        return ""
    if found.start is None:
        return _GIVERS.get(found.words, found.words)
    return f"tìm thấy: “{found.words}”, ký tự {grouped(found.start)}; chắc {found.sure:.0%}".replace("%", " %")


def doubted(known: Document, fact: str, value: str | None) -> str:
    """A fact for a table: "?" behind one that is not sure, and alone for one that is not known."""
    sure = next((origin.sure for origin in known.origins if origin.fact == fact), 1.0)
    return f"{value or ''}{'?' if value is None or sure < DOUBTFUL else ''}"
