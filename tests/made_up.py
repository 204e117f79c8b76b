"""Made-up provincial reports with the facts they state, from the templates in tests/data; every figure is random."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_YEAR = re.compile(r"\b[Nn][ăa]m \{year\}")  # "cáp quang năm" without its year would be of Quảng Nam


@dataclass(frozen=True, slots=True)
class Fact:
    """What a report states: `answer` stands in `evidence`, which stands in the report."""

    indicator: str
    questions: tuple[str, ...]  # without province and year
    document: str
    province: str
    year: int
    evidence: str
    answer: str


@dataclass(frozen=True, slots=True)
class MadeUp:
    document: str
    text: str
    facts: tuple[Fact, ...]


def made_up(templates: str, provinces: list[str], years: range, seed: int = 1) -> Iterator[MadeUp]:
    """A report of each province and year; a quarter of the indicators are missing in each."""
    known = json.loads((DATA / templates).read_text("utf-8"))
    rng = random.Random(seed)
    for province in provinces:
        for year in years:
            stem = f"{'-'.join(province.lower().split())}-{year}"
            chosen = rng.sample(known["indicators"], round(len(known["indicators"]) * 0.75))
            facts = tuple(_fact(rng, indicator, stem, province, year) for indicator in chosen)
            yield MadeUp(stem, _text(rng, known, facts, province, year), facts)


def _fact(rng: random.Random, indicator: dict[str, Any], stem: str, province: str, year: int) -> Fact:
    value = rng.uniform(*indicator["range"])
    number = f"{value:,.{indicator.get('decimals', 0)}f}".translate(str.maketrans(",.", ".,"))
    answer = indicator["answer"].format(n=number)
    names = {"province": province, "year": year, "previous": year - 1}
    evidence = rng.choice(indicator["statements"]).format(answer=answer, **names)
    blank = tuple(_YEAR.sub("", q).format(province="", year="") for q in indicator["questions"])
    return Fact(indicator["id"], blank, stem, province, year, evidence, answer)


def _text(rng: random.Random, known: dict[str, Any], facts: tuple[Fact, ...], province: str, year: int) -> str:
    names = {"province": province, "year": year, "next": year + 1, "date": f"20/12/{year}"}
    filler = rng.sample(known["filler"], len(known["filler"]))
    body = []
    for number in range(0, len(facts), 3):
        lines = [fact.evidence for fact in facts[number : number + 3]]
        lines.append(filler[number // 3 % len(filler)].format(**names))
        rng.shuffle(lines)
        body.append(" ".join(lines))
    head = (*known["header"], rng.choice(known["titles"]).format(**names), f"({names['date']})")
    opening = rng.choice(known["openings"]).format(**names)
    return "\n\n".join([*head, opening, *body, *known["footer"]]) + "\n"
