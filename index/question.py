"""Understand a question: where, when, what kind of answer, of what, and which words must be found."""

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from corpus.gazetteer import Mention, canonical, mentions
from corpus.syllables import is_foreign
from corpus.text import WORD, clean, fold, has_marks, pattern, sought, strip_marks
from index.kinds import ENTITY_ASKED, MONEY_TOPIC, MULTIPLIER, Kind, kind_of
from index.periods import periods
from index.phrases import initials
from index.records import Question
from index.tokens import concepts, words
from index.vocabulary import ambiguous_words, function_words, places_of

MOST_TERMS = 64  # different words of a question that are searched for; the rest of a very long one is not
_QUESTION_WORDS = re.compile(
    rf"\b(ai la nguoi|nguoi nao|(?:bao nhieu|may)(?: {MULTIPLIER}\b)+(?: (?:dong|usd|vnd|euro|do la|do)\b)?|bao nhieu"
    r"|(?:co quan|don vi|to chuc|tap the)(?: \w+){0,2}? nao"
    r"|la gi|nhung gi|la ai|boi ai|do ai|ai la|o dau|tai dau|noi nao|the nao|khi nao|luc nao|bao gio"
    r"|vi sao|tai sao|(ngay|thang) (nao|may|bao nhieu)|thu may|thu bao nhieu|phan tram|ten (la )?gi|chuc vu gi"
    r"|(hay |xin )?cho (toi |minh |em )?(biet|hoi)|lam on|gi|nao|ai|so voi|tren dia ban)\b"
    r"|\b(khong|chua|nhi|vay|the|nhe|a|u)$"
)
AMBIGUOUS_WEIGHT = 0.3  # the least of a word that asks for anything by itself
_LIGHT_WEIGHT, _FAINT_WEIGHT, _ISSUER_WEIGHT = 0.45, 0.2, 0.15  # what "tỷ lệ" says "%" says, too
_ISSUERS = "so ", "nganh", "linh vuc"
_ISSUER = pattern(
    r"(?<!\bco )\b(so|nganh|linh vuc) (thong tin (va )?truyen thong|tt ?& ?tt|tttt|khoa hoc (va )?cong nghe|kh ?& ?cn"
    r"|khcn)"
    r"|(?<!\bco )\bso (giao duc( (va )?dao tao)?|gd ?& ?dt|gddt|y te"
    r"|nong nghiep( (va )?(phat trien nong thon|moi truong))?|nn ?& ?ptnt"
    r"|tai chinh|ke hoach (va )?dau tu|kh ?& ?dt|cong thuong|xay dung|giao thong van tai|gtvt|tu phap"
    r"|noi vu|ngoai vu|van hoa,? the thao (va )?du lich|vhttdl|du lich|lao dong,?( -)? thuong binh (va )?xa hoi|ldtbxh"
    r"|tai nguyen (va )?moi truong|tn ?& ?mt|dan toc( (va )?ton giao)?)\b"
    r"|\bnganh\b"
)
_UNITS = frozenset(("km", "kg", "usd", "vnd", "m2", "m3", "mw", "kwh", "gb", "mbps"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_ASKS_RANK = re.compile(r"hang|xep|thu|dung|6[34]|34")
_JOBS = r"\bviec lam\b"  # but "việc triển khai"
_THINGS = pattern(rf"\bco (?:so|quan)\b(?! (?:luong|ho|nguoi|tien)\b)|{_JOBS}")  # "cơ sở", "cơ quan", bare
_MARKED_THINGS = pattern(_JOBS)
_SHORT_FOR_HOW_MANY = pattern(  # but "mấy bn" are patients
    r"(?<!nhiêu )(?<!nhieu )(?<!mấy )(?<!may )(?<!số )(?<!so )(?<!lượng )(?<!luong )\b(?:bn|bnhieu|bnhiu|bao nhiu)\b",
    re.IGNORECASE,
)
_UNIT_WORDS = (  # as people say the units that reports write
    (re.compile(r"\b(?:héc[\s-]?ta|hec[\s-]?ta|hecta)\b", re.IGNORECASE), "ha"),
    (re.compile(r"\b(?:cây số|cay so|ki[\s-]?lô[\s-]?mét|kilomet)\b", re.IGNORECASE), "km"),
)
_LEAD_IN = re.compile(  # "Xin cho biết", ": " after a province that was named first
    r"^[\s:,.;–-]*(?:(?:hay|xin|vui long|lam on|de nghi|nho)\s+)*(?:cho\s+(?:(?:toi|minh|em)\s+)?(?:biet|hoi|xem)\b)?"
    r"[\s:,.;–-]*(?:(?:ve|trong)\s+)?"
)
_MORE = sought(
    " hon ",
    r"\b(?:(?P<more>nhieu|cao|lon)|it|thap|nho) hon (?:so voi )?(?:cung ky|nam (?:truoc|ngoai|(?:19|20)\d\d))\b",
)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_AFTER = r"\s+((?:[^\W\d_]+[\s,&/-]*){1,6})"
_NO_NOUN = frozenset(
    ("tăng", "giảm", "phần", "so", "đạt", "tỷ", "thêm", "vượt", "tang", "giam", "phan", "dat", "ty", "them", "vuot")
)
_NO_NUMBER = r"(?<!chi )(?<!he )(?<!ty )(?<!dan )(?<!mot )(?<!ho )(?<!co )(?<!tru )"  # "chỉ số", "hồ sơ", "cơ sở"
_COUNTED = tuple(
    re.compile(rf"\b{lead}{_AFTER}")
    for lead in (rf"(?:bao nhieu|may)(?: {MULTIPLIER}\b)*", rf"{_NO_NUMBER}(?:so luong|tong so|so)")
)


class Term(NamedTuple):
    """A word of the question that passages are searched for; weight 0..1 before its idf."""

    word: str  # folded
    stripped: str
    weight: float
    place: int  # counted in words


class Asked(NamedTuple):
    """A question, understood."""

    text: str
    stripped: str  # of the same length as text
    marked: bool  # typed with diacritics
    kind: Kind
    terms: tuple[Term, ...]
    particles: tuple[str, ...] = ()  # folded function words: they help to rank, but say nothing of the matter
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    quarter: str | None = None  # "III"
    noun: tuple[str, ...] = ()  # stripped syllables of what is counted
    numbers: tuple[str, ...] = ()  # that the passage must say, too: "mức độ 3"
    names: tuple[tuple[str, int], ...] = ()  # and abbreviations, stripped, with their places: "FDI"
    synonyms: tuple[tuple[str, frozenset[int]], ...] = ()  # (concept, places of the words that say it)
    direction: str | None = None  # "tang", "giam", "vuot" or "them"
    people: tuple[str, ...] = ()  # names of persons in it

    @property
    def letters(self) -> str:
        """The initials of its words, and names whole: what an abbreviation in a passage may stand for."""
        return _letters(self.terms, self.names)


@lru_cache(maxsize=64)
def _letters(terms: tuple[Term, ...], names: tuple[tuple[str, int], ...]) -> str:
    return "".join(t.stripped if (t.stripped, t.place) in names else initials([t.stripped]) for t in terms)


class _Said(NamedTuple):
    """A question's text in ways of spelling it, with the same offsets."""

    folded: str
    bare: str  # stripped, blank where provinces and periods stand
    marked: bool


def understand(question: Question) -> Asked:
    """
    >>> asked = understand(Question("Hau Giang nam 2016 co bao nhieu tram BTS tang?"))
    >>> asked.provinces, asked.years, str(asked.kind), asked.noun, asked.direction
    (('Hậu Giang',), (2016,), 'count', ('tram', 'bts'), 'tang')
    >>> [term.word for term in asked.terms]
    ['tram', 'bts', 'tang']
    """
    text = _written_out(clean(question.text).strip(" ?!.…\n\t"))
    folded = fold(text)
    stripped = strip_marks(folded)
    places = list(mentions(text))
    places = [m for m in places if not _is_year_word(m, text)] or places
    whole = {m.province for m in places if not m.district}
    places = [m for m in places if not m.district or not whole or m.province in whole]
    named = [mention.province for mention in places]
    if question.province:
        named = [canonical(question.province) or question.province]
    marked = has_marks(text)
    times = periods(stripped, folded if marked else None)
    hidden = [(m.start, m.end) for m in places if not m.district] + [p.span() for p in times]
    bare = _blank(stripped, hidden)
    kind = kind_of(_LEAD_IN.sub("", re.sub(r"\s+", " ", bare)).strip(), folded if marked else "")
    said = _Said(folded, bare, marked)
    terms = _terms(said)
    if kind is Kind.NONE and (places or times) and sum(term.weight == 1 for term in terms) > 1:
        kind = Kind.COUNT  # "phòng học xây mới Hậu Giang 2018": what stands in a table's row
    if kind is Kind.RANK:  # "đứng thứ mấy trong 63 tỉnh": a rank says that by itself
        terms = tuple(t._replace(weight=_FAINT_WEIGHT) if _ASKS_RANK.fullmatch(t.stripped) else t for t in terms)
    quarter = next((p["quarter"] for p in times if p["quarter"]), None)
    return Asked(
        text=text,
        stripped=stripped,
        marked=said.marked,
        kind=kind,
        terms=terms,
        particles=_particles(said),
        provinces=tuple(dict.fromkeys(named)),
        years=(question.year,) if question.year else tuple(dict.fromkeys(int(p["year"]) for p in times)),
        quarter=_ROMAN.get(quarter, quarter.upper()) if quarter else None,
        noun=_head(said) if kind is Kind.ENTITY else tuple(match.group() for match in _noun_words(said)),
        numbers=tuple(t.word for t in terms if t.word.isdigit() and t.weight == 1 and not _YEAR.fullmatch(t.word)),
        names=tuple((t.stripped, t.place) for t in terms if t.weight == 1 and _is_name(t.stripped)),
        synonyms=_synonyms(bare, terms),
        direction=_direction(text),
    )


def _written_out(text: str) -> str:
    """With what people shorten in chats written out.

    >>> _written_out("Hậu Giang có bn trạm"), _written_out("co bao nhieu bn covid")
    ('Hậu Giang có bao nhiêu trạm', 'co bao nhieu bn covid')
    """
    for said, unit in _UNIT_WORDS:
        text = said.sub(unit, text)
    if not any(short in text.lower() for short in ("bn", "nhiu")):
        return text
    return _SHORT_FOR_HOW_MANY().sub("bao nhiêu" if has_marks(text) else "bao nhieu", text)


def _is_name(bare: str) -> bool:
    return bare not in _UNITS and is_foreign(bare)


def _is_year_word(mention: Mention, text: str) -> bool:
    """Without diacritics "cáp quang năm 2018" looks like Quảng Nam."""
    end = text[: mention.end].lower().endswith("nam")
    return end and not has_marks(text) and bool(re.match(r"\s(19|20)\d\d", text[mention.end :]))


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _terms(said: _Said) -> tuple[Term, ...]:
    """Content words with their weights; question words, function words, provinces and periods are left out."""
    asking = [match.span() for match in _QUESTION_WORDS.finditer(said.bare)]
    issuer = [match.span() for match in _ISSUER().finditer(said.bare)] if any(w in said.bare for w in _ISSUERS) else []
    function, things = function_words(said.marked), _things(said)
    found: list[Term] = []
    different: set[str] = set()
    words = [(match, said.folded[match.start() : match.end()]) for match in WORD.finditer(said.bare)]
    spelt, ambiguous = [word for _, word in words], ambiguous_words(said.marked)
    light, faint = places_of("light", spelt, said.marked), places_of("faint", spelt, said.marked)
    for place, (match, word) in enumerate(words):
        if (word in function and not _inside(match.start(), things)) or _inside(match.start(), asking):
            continue
        if word not in different and len(different) == MOST_TERMS:
            continue
        different.add(word)
        weight = _FAINT_WEIGHT if place in faint else _LIGHT_WEIGHT if place in light else 1.0
        weight = _ISSUER_WEIGHT if _inside(match.start(), issuer) else weight
        weight = weight if word not in ambiguous else AMBIGUOUS_WEIGHT
        found.append(Term(word, match.group(), weight, place))
    return tuple(found)


def _particles(said: _Said) -> tuple[str, ...]:
    """Function words outside the question words; without diacritics they are too alike to tell anything."""
    if not said.marked:
        return ()
    asking = [match.span() for match in _QUESTION_WORDS.finditer(said.bare)]
    found = (said.folded[m.start() : m.end()] for m in WORD.finditer(said.bare) if not _inside(m.start(), asking))
    return tuple(dict.fromkeys(word for word in found if word in function_words(True)))


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(low <= place < high for low, high in spans)


def _synonyms(bare: str, terms: tuple[Term, ...]) -> tuple[tuple[str, frozenset[int]], ...]:
    """The concepts said in the question, without those that only name the issuer."""
    heavy = {term.place for term in terms if term.weight > _ISSUER_WEIGHT}
    found = ((name, frozenset(range(start, end))) for name, start, end in concepts(words(bare)))
    return tuple((name, places) for name, places in found if places & heavy)


def _head(said: _Said) -> tuple[str, ...]:
    """What sort of body is asked for: "sở" of "sở nào", "mạng xã hội" of "trên mạng xã hội nào"."""
    match = ENTITY_ASKED().search(said.bare)
    return tuple(match["head"].split()) if match else ()


def _noun_words(said: _Said) -> list[re.Match[str]]:
    """What is counted: the syllables after "bao nhiêu", else after "số"."""
    ends, things = function_words(said.marked) | _NO_NOUN, _things(said)
    for known in _COUNTED:
        for match in known.finditer(said.bare):
            found = WORD.finditer(said.bare, *match.span(1))
            kept = list(
                takewhile(lambda w: said.folded[slice(*w.span())] not in ends or _inside(w.start(), things), found)
            )
            if kept:
                return kept
    return []


def _things(said: _Said) -> list[tuple[int, int]]:
    """Where a function word is a part of a thing's name; with diacritics "cơ" is spelt otherwise."""
    things = _MARKED_THINGS if said.marked else _THINGS
    return [match.span() for match in things().finditer(said.bare)]


def noun_span(text: str) -> tuple[int, int] | None:
    """Offsets of what a question counts.

    >>> noun_span("có bao nhiêu trạm BTS tăng?")
    (13, 21)
    """
    found = _noun_words(_Said(fold(text), strip_marks(fold(text)), has_marks(text)))
    return (found[0].start(), found[-1].end()) if found else None


def modifier_span(text: str) -> tuple[int, int] | None:
    """Offsets of what a sum or share is of: "bưu chính" in "doanh thu bưu chính"; None without such a head."""
    stripped = strip_marks(text)
    head = MONEY_TOPIC().search(stripped)
    words = WORD.finditer(stripped, head.end()) if head else ()
    ends = function_words(has_marks(text)) | {"năm", "là"}
    kept = list(takewhile(lambda word: fold(text[word.start() : word.end()]) not in ends, words))
    return (kept[0].start(), kept[-1].end()) if kept else None


def question_words(text: str) -> tuple[int, int] | None:
    """Offsets of the first words that ask: "bao nhiêu", "ai"."""
    found = _QUESTION_WORDS.search(strip_marks(text))
    return found.span() if found else None


def _direction(text: str) -> str | None:
    """
    >>> _direction("số trạm giảm bao nhiêu"), _direction("so tram"), _direction("hoạt động giảm nghèo")
    ('giam', None, None)
    """
    # Without its diacritics growth ("tăng trưởng") must not find "tăng 9 trường",
    # nor praise ("tặng giấy khen") what rose.
    given = r"giay khen|bang khen|thuong|qua\b|danh hieu|huan chuong|ky niem chuong|co thi dua"
    nouns = "cuong|ngheo|doc|sat" if has_marks(text) else f"cuong|ngheo|doc|sat|truong|{given}"
    bare = strip_marks(text)
    if match := _MORE(bare):
        return "tang" if match["more"] else "giam"
    match = re.search(rf"\b(tang|giam|vuot|them)\b(?! (?:{nouns}))", bare)
    spelt = fold(text[match.start() : match.end()]) if match else ""
    return (
        match.group() if match and spelt in ("tăng", "giảm", "vượt", "thêm", "tang", "giam", "vuot", "them") else None
    )
