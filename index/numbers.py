"""Numbers in Vietnamese notation: 41.684 is forty-one thousand, 1,6 one and six tenths; money units that convert."""

import re
from dataclasses import dataclass
from decimal import Decimal

from corpus.text import fold

_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_POWERS = {"nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "trăm": 2}
_MONEY = re.compile(rf"((?:(?:{'|'.join(_POWERS)})\s*)*)(đồng|vnđ|usd|đô la|euro)?\s*$")
_CURRENCIES = {"đồng": "đồng", "vnđ": "đồng", "usd": "USD", "đô la": "USD", "euro": "EUR"}


@dataclass(frozen=True, slots=True)
class Number:
    """A value and, of "132/141" or "thứ 32/63", what it is out of."""

    value: Decimal
    of: Decimal | None = None


def parse(text: str) -> Number:
    """The number that a figure writes. Raises ValueError for what is none.

    >>> [str(parse(text).value) for text in ("41.684", "1,6", "09", "64.000.000")]
    ['41684', '1.6', '9', '64000000']
    >>> parse("132/141")
    Number(value=Decimal('132'), of=Decimal('141'))
    """
    value, slash, of = (part.strip() for part in text.partition("/"))
    return Number(_decimal(value), _decimal(of) if slash else None)


def _decimal(text: str) -> Decimal:
    if not _GROUPED.fullmatch(text):
        raise ValueError(f"no number in Vietnamese notation: {text!r}")
    return Decimal(text.replace(".", "").replace(",", "."))


def spell(value: Decimal) -> str:
    """A number as Vietnamese write it.

    >>> spell(Decimal(41684)), spell(Decimal("1.60")), spell(Decimal("0.05"))
    ('41.684', '1,60', '0,05')
    """
    whole, _, part = f"{value:,f}".partition(".")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def money(unit: str) -> tuple[int, str] | None:
    """The power of ten and the currency of a unit of money; None for a unit of anything else.

    >>> money("tỷ đồng"), money("triệu"), money("nghìn tỷ đồng"), money("triệu USD"), money("trạm")
    ((9, 'đồng'), (6, 'đồng'), (12, 'đồng'), (6, 'USD'), None)
    """
    match = _MONEY.fullmatch(fold(unit).strip())
    if not match or not match.group().strip():
        return None
    power = sum(_POWERS[word] for word in match.group(1).split())
    return power, _CURRENCIES[match.group(2) or "đồng"]
