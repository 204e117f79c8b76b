"""How facts and places are put into words, the same on the command line and in Telegram."""

from corpus.records import Document
from index.records import Answer, Cited

NEAREST = "Đoạn gần nhất (không phải câu trả lời):"


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
    parts = [
        facts.title,
        facts.issuer or facts.province,
        f"ngày {day(facts.date)}" if facts.date else None,
        f"kỳ {facts.period}" if facts.period else None,
        f"{cited.document.file}, ký tự {grouped(passage.start)}–{grouped(passage.end)}",
        facts.url,
    ]
    return " · ".join(part for part in parts if part)


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
    """What is known of a document, as (label, value)."""
    known = document.facts
    rows = (
        ("Mã", document.id),
        ("Tệp", document.file),
        ("Tên", known.title),
        ("Tỉnh", known.province),
        ("Kỳ", known.period),
        ("Cơ quan", known.issuer),
        ("Ngày", day(known.date) if known.date else None),
        ("Địa chỉ", known.url),
    )
    return [(label, value or "không rõ") for label, value in rows]
