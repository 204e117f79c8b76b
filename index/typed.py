"""What was meant by what was typed: diacritics left out of some words, slips of the finger."""

from collections.abc import Callable
from dataclasses import replace

from corpus.gazetteer import mentions
from index.question import Asked, understand
from index.records import Question
from index.spelling import mend

Known = Callable[[str], bool]  # whether a term stands in any report


def meant(question: Question, known: Known) -> Asked:
    """The question understood as it was meant."""
    asked = understand(question)
    if _half_marked(asked, known):
        asked = understand(_bare(question, asked))
    return mended(asked, known)


def evened(question: Question, known: Known) -> Question:
    """Without any diacritics where only some of its words have theirs."""
    asked = understand(question)
    return _bare(question, asked) if _half_marked(asked, known) else question


def _bare(question: Question, asked: Asked) -> Question:
    """Without diacritics; what is surely a province stays apart from the words beside it: "trực tuyến Quảng Trị"."""
    text = asked.stripped
    for place in reversed([m for m in mentions(asked.text) if not asked.text[m.start : m.end].isascii()]):
        text = f"{text[: place.start]}, {text[place.start : place.end]}, {text[place.end :]}"
    return replace(question, text=text)


def _half_marked(asked: Asked, known: Known) -> bool:
    """Whether a bare word is in the reports with diacritics only, or a province was typed without its own."""
    if not asked.marked:
        return False
    bare = (term for term in asked.terms if term.word.isascii() and term.word.isalpha())
    if any(not known(term.word) and known(f"~{term.stripped}") for term in bare):
        return True
    # "Hai Phong" is the city; "hai phong trào" are two movements.
    named = {
        m.province for m in mentions(asked.stripped) if not m.district and _is_bare_name(asked.text[m.start : m.end])
    }
    return not named <= set(asked.provinces)


def _is_bare_name(words: str) -> bool:
    return words.isascii() and all(word[0].isupper() for word in words.split())


def mended(asked: Asked, known: Known) -> Asked:
    """The question with a slip of the finger put right in each word that no report has."""
    terms = list(asked.terms)
    for number, term in enumerate(terms):
        near = {other.place: other.stripped for other in terms}
        better = mend(term.stripped, near.get(term.place - 1), near.get(term.place + 1), known)
        if better:
            terms[number] = term._replace(word=better, stripped=better)
    if terms == list(asked.terms):
        return asked
    spelt = {(term.stripped, term.place) for term in terms}
    names = tuple(name for name in asked.names if name in spelt)
    # A mended word has lost its diacritics, so the whole question is compared without them.
    return asked._replace(terms=tuple(terms), names=names, marked=False)
