"""What a question's words weigh when passages are ranked, and what each is worth when a passage says it."""

from collections.abc import Callable

from index.question import Asked
from index.ranker import idf

PARTICLE, BIGRAM, CONCEPT = 0.7, 0.5, 0.8  # a word's own term weighs 1
RAREST = 5.0  # idf: among hundreds of reports, too, one rare word must not outweigh all others


def weighted(asked: Asked, known: Callable[[str], bool]) -> dict[str, float]:
    """Terms and their weights, as index.tokens.tokenize makes them; `known` tells of a term whether any passage has it.

    Accented words are looked for as such: their stripped terms beside them found nothing more, for half as much time
    again. They stand in for words that no report has.
    """
    query: dict[str, float] = {}
    for term in asked.terms:
        spelt = term.word if asked.marked and known(term.word) else f"~{term.stripped}"
        query[spelt] = term.weight
    for left, right in zip(asked.terms, asked.terms[1:], strict=False):
        if right.place == left.place + 1:
            query[f"~{left.stripped}_{right.stripped}"] = BIGRAM * min(left.weight, right.weight)
    for concept, _ in asked.synonyms:
        query[concept] = CONCEPT
    for word in asked.particles:
        query.setdefault(word, PARTICLE)
    return query


def worth(asked: Asked, size: int, frequency: Callable[[str], int]) -> dict[str, float]:
    """What each of the question's words is worth: weight × idf, no more than RAREST.

    `size` is the number of passages, `frequency` of a term in how many it stands. A word that no report has is worth
    what its synonym is that some have.
    """
    names = {place: concept for concept, places in asked.synonyms for place in places}
    found = {}
    for term in asked.terms:
        spelt = term.word if asked.marked else f"~{term.stripped}"
        known = spelt if frequency(spelt) else names.get(term.place, spelt)
        found[term.word] = term.weight * min(RAREST, idf(size, frequency(known)))
    return found
