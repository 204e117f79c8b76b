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
    """The vectors of one generation; a row of a part is a passage."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        import numpy

        self._encoder = encoder
        self._passages = generation.passages
        rows = [numpy.frombuffer(p.vectors, dtype="<f2").reshape(len(p), -1) for p in generation.passages.parts]
        self._vectors = numpy.concatenate(rows).astype("float32")

    def query(self, text: str) -> "NDArray[float32]":
        """The vector of a question."""
        return self._encoder.query(text)

    def nearest(self, vector: "NDArray[float32]", spans: Sequence[range], limit: int) -> list[int]:
        """The numbers, at most `limit`, of the passages most alike among those of some documents, best first."""
        import numpy

        ids = numpy.concatenate([numpy.arange(span.start, span.stop) for span in spans])
        order = (self._vectors[ids] @ vector).argsort()[::-1][:limit]
        return [int(ids[place]) for place in order]

    def likeness(self, vector: "NDArray[float32]", ids: Sequence[int]) -> list[float]:
        """For each id 0..1 within the ids given: the passage's likeness and its paragraph's, each min-max scaled."""
        import numpy

        own = _scaled(self._vectors[list(ids)] @ vector)
        sums = numpy.stack([self._vectors[slice(p.start, p.stop)].sum(0) for p in map(self._passages.paragraph, ids)])
        around = _scaled(sums @ vector / (numpy.linalg.norm(sums, axis=1) + 1e-9))
        return [float(value) for value in (own + PARAGRAPH * around) / (1 + PARAGRAPH)]


def _scaled(values: "NDArray[float32]") -> "NDArray[float32]":
    low = values.min(initial=1.0)
    scaled: NDArray[float32] = (values - low) / (values.max(initial=-1.0) - low + 1e-9)
    return scaled
