"""Find what is known of a report in its text: province, period, issuer, date, title. Nothing found is None."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace

from corpus.gazetteer import mentions, provinces
from corpus.litter import is_dated_heading, is_litter
from corpus.period import find_period, latest_column
from corpus.records import Facts, Finding, Origin
from corpus.text import fold, strip_marks

_TITLE_WORDS = re.compile(r"tổng kết|kết quả|báo cáo|triển khai|nhiệm vụ|hội nghị|tình hình|sơ kết|năm \d{4}", re.I)
_PORTAL = re.compile(r"^(cổng|trang)( thông tin| ttđt| tin)|^website", re.I)
_DATE = re.compile(r"(?<!\d)([0-3]?\d)[/.-]([01]?\d)[/.-]((?:19|20)\d\d)(?!\d)")
_DEPARTMENTS = (
    "Thông tin và Truyền thông|Khoa học và Công nghệ|Nội vụ|Tài chính|Kế hoạch và Đầu tư|Xây dựng|Y tế"
    "|Giao thông vận tải|Tư pháp"
    "|Giáo dục và Đào tạo|Công Thương|Nông nghiệp và Phát triển nông thôn|Nông nghiệp và Môi trường"
    "|Tài nguyên và Môi trường"
    "|Lao động - Thương binh và Xã hội|Văn hóa, Thể thao và Du lịch|Văn hóa và Thể thao|Du lịch|Ngoại vụ"
)
_ISSUER = re.compile(rf"Sở ({_DEPARTMENTS}|TT&TT|TTTT)", re.I)
_WEAK = 0.5  # of 1: a province or period found less surely gives way to the file's name
_OPENING_DATE = re.compile(rf"^.{{0,40}}?{_DATE.pattern}")


def find_facts(name: str, text: str, stated: Mapping[str, str] | None = None) -> tuple[Facts, tuple[Origin, ...]]:
    """The facts of a report named `name` (its title when the text has none), and where each was found, how surely.

    `stated` has what the file says of itself apart from its text: "url", "date".
    """
    stated = stated or {}
    stripped = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in stripped if is_dated_heading(line) or not is_litter(line)]
    title = _title(lines)
    head = title.value if title else ""
    province = _province(head, text, stated.get("url", ""))
    date = _date(lines)
    found = {
        "title": title,
        "province": province,
        "period": find_period(head, text, date.value if date else None),
        "issuer": _issuer(text, province.value if province else None),
        "date": date,
    }
    known = {fact: finding for fact, finding in found.items() if finding}
    origins = [Origin(fact, f.words, _found(text, f.words), round(f.sure, 2)) for fact, f in known.items()]
    values = {fact: finding.value for fact, finding in known.items()}
    weak = {fact for fact in ("province", "period") if fact not in known or known[fact].sure < _WEAK}
    named = {fact: value for fact, value in _named(name).items() if fact in weak}
    values |= named
    where = (
        *(origin for origin in origins if origin.fact not in named),
        *(Origin(fact, "tên tệp", None, _WEAK) for fact in named),
    )
    facts = Facts(**{"title": name, **values})
    return overlay((facts, where), {name: value for name, value in stated.items() if name not in values}, "trang web")


def _named(name: str) -> dict[str, str]:
    """What a file's name says, where it says one thing: "hau-giang-2016-bang".

    >>> _named("hau-giang-2016-bang"), _named("bao cao 2015 2016")
    ({'province': 'Hậu Giang', 'period': '2016'}, {})
    """
    words = re.sub(r"[-_.]+", " ", name)
    places = {mention.province for mention in mentions(words) if not mention.district}
    years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", words))
    one = (("province", places), ("period", years))
    return {fact: found.pop() for fact, found in one if len(found) == 1}


def _found(text: str, words: str) -> int | None:
    at = text.find(words)
    return at if at >= 0 else None


def overlay(
    found: tuple[Facts, tuple[Origin, ...]], given: Mapping[str, str], giver: str
) -> tuple[Facts, tuple[Origin, ...]]:
    """Facts with what was given in place of what was found; empty and unknown ones are passed over."""
    known = {field.name for field in fields(Facts)}
    kept = {name: value for name, value in given.items() if name in known and value}
    facts, origins = found
    others = tuple(origin for origin in origins if origin.fact not in kept)
    return replace(facts, **kept), (*others, *(Origin(name, giver, None, 1.0) for name in kept))


def _title(lines: list[str]) -> Finding | None:
    """The line among the first that looks most like a headline."""
    scored = [(_headline(line) - 0.1 * place, line) for place, line in enumerate(lines[:12])]
    score, best = max(scored, key=lambda item: item[0], default=(0.0, ""))
    if score <= 0:
        return None
    title = re.sub(r"\s*\([^()]*\d{4}\)$", "", best)[:300]
    return Finding(title, title, min(0.95, 0.4 + score / 6))


def _headline(line: str) -> float:
    if not 12 <= len(line) <= 250 or _PORTAL.match(line) or latest_column(line):
        return 0
    score = 1 + min(2, len(_TITLE_WORDS.findall(line))) + 0.5 * (len(line) >= 40) - (len(line) > 200)
    opening = bool(re.match(r"(ngày|chiều|sáng|tối|trong năm|năm \d{4},|\()", line, re.I))
    return score - 2 * line.endswith((":", ";")) - 0.2 * line.endswith(".") - 3 * opening


def _province(title: str, text: str, address: str) -> Finding | None:
    votes: Counter[str] = Counter()
    words: dict[str, str] = {}
    for part, weight in ((title, 5), (text[:400], 2), (text, 1)):
        for mention in mentions(part):
            near = fold(part[max(0, mention.start - 12) : mention.start])
            named = 2 if re.search(r"(tỉnh|thành phố|tp\.?)\s*$", near) else 1
            votes[mention.province] += weight * named
            words.setdefault(mention.province, part[mention.start : mention.end])
    for host in re.finditer(r"([a-z]+)\.gov\.vn", f"{text} {address}"):
        for name in provinces():
            if strip_marks(name).replace(" ", "") == host[1]:
                votes[name] += 4
                words.setdefault(name, host[0])
    best = _winner(votes)
    return Finding(best[0], words[best[0]], best[1]) if best else None


def _winner(votes: Counter[str]) -> tuple[str, float] | None:
    """The name with most votes and its share of them; a single vote is a weak one."""
    if not votes:
        return None
    name, most = votes.most_common(1)[0]
    return name, most / (votes.total() + 0.5)


def _issuer(text: str, province: str | None) -> Finding | None:
    """The department the text names most often, with the province it is one of."""
    matches = list(_ISSUER.finditer(text))
    best = _winner(Counter(_full_name(match.group(1)) for match in matches))
    if not best:
        return None
    words = next(match.group() for match in matches if _full_name(match.group(1)) == best[0])
    name = f"Sở {best[0]}"
    return Finding(f"{name} {province}" if province else name, words, best[1])


def _full_name(department: str) -> str:
    if department.upper() in ("TT&TT", "TTTT"):
        return "Thông tin và Truyền thông"
    return next(name for name in _DEPARTMENTS.split("|") if name.lower() == department.lower())


def _date(lines: list[str]) -> Finding | None:
    """The day in the headline or on a line of its own, else the one that the opening starts with."""
    dated = [line for line in lines[:15] if is_dated_heading(line)]
    tried = [(_DATE.search(line), 0.95) for line in dated] + [(_OPENING_DATE.search(line), 0.7) for line in lines[:15]]
    for match, sure in tried:
        if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[1]) <= 31:
            return Finding(f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}", match.group(), sure)
    return None
