"""Likeness of meaning: cosines between a question's vector and those of passages and their paragraphs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.embedding import Encoder
from index.generation import Generation

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

PARAGRAPH = 0.5  # of the paragraph's likeness, whose vector is the mean of its passages'


class Meaning:
    """The vectors of one generation. `paragraph_of[i]` is the number of passage i's paragraph."""

    def __init__(self, generation: Generation, paragraph_of: Sequence[int], encoder: Encoder) -> None:
        import numpy

        self._encoder = encoder
        stored = numpy.frombuffer(generation.vectors, dtype="<f2").astype("float32")
        self._passages = stored.reshape(len(generation.passages), -1)
        self._paragraph_of = numpy.array(paragraph_of, dtype="int64")
        sums = numpy.zeros((max(paragraph_of, default=-1) + 1, self._passages.shape[1]), "float32")
        numpy.add.at(sums, self._paragraph_of, self._passages)
        self._paragraphs = sums / (numpy.linalg.norm(sums, axis=1, keepdims=True) + 1e-9)

    def query(self, text: str) -> "NDArray[float32]":
        """The vector of a question."""
        return self._encoder.query(text)

    def nearest(self, vector: "NDArray[float32]", ids: Sequence[int], limit: int) -> list[int]:
        """The ids, at most `limit`, whose passages are most alike, best first."""
        order = (self._passages[list(ids)] @ vector).argsort()[::-1][:limit]
        return [ids[place] for place in order]

    def likeness(self, vector: "NDArray[float32]", ids: Sequence[int]) -> list[float]:
        """For each id 0..1 within the ids given: the passage's likeness and its paragraph's, each min-max scaled."""
        own = _scaled(self._passages[list(ids)] @ vector)
        around = _scaled(self._paragraphs[self._paragraph_of[list(ids)]] @ vector)
        return [float(value) for value in (own + PARAGRAPH * around) / (1 + PARAGRAPH)]


def _scaled(values: "NDArray[float32]") -> "NDArray[float32]":
    low = values.min(initial=1.0)
    scaled: NDArray[float32] = (values - low) / (values.max(initial=-1.0) - low + 1e-9)
    return scaled
