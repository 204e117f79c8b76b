"""The generation that answers: the newest whole one, opened once, given up when it turns out to be damaged."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.config import read_synonyms
from corpus.errors import GenerationError
from index.generation import Generation, damaged, read
from index.publishing import current, stamp
from index.tokens import use_synonyms

if TYPE_CHECKING:
    from index.search import Search

T = TypeVar("T")


class Serving:
    """What is asked of the generations in a home's index; safe to use from several threads."""

    def __init__(self, home: Path, search: Callable[[Generation], "Search"]) -> None:
        self._folder, self._synonyms, self._open = home / "index", home / "synonyms.json", search
        self._lock = threading.Lock()
        self._seen: int | None = None  # what CURRENT said when the generation below was read
        self._stamp: tuple[int, ...] = ()  # of CURRENT when it was read
        self._generation: Generation | None = None
        self._search: Search | None = None
        self._damaged: set[int] = set()  # generations whose damage was only found by reading them
        self._examines = False  # whether each generation is read whole in the background once it serves
        use_synonyms(read_synonyms(self._synonyms))

    def ask(self, what: Callable[["Search"], T]) -> T:
        """What is found in the newest whole generation. Raises GenerationError when none is left."""
        while True:
            search = self.search()
            try:
                return what(search)
            except GenerationError:
                self._avoid(search.generation)

    def search(self) -> "Search":
        """The search over the newest generation; a reindex by another process is seen at the next question."""
        while True:
            generation = self.generation()
            with self._lock:
                if self._search and self._search.generation is generation:
                    return self._search
                try:
                    self._search = self._open(generation)
                    return self._search
                except GenerationError:
                    pass
            self._avoid(generation)

    def generation(self) -> Generation:
        """The newest generation. Raises GenerationError."""
        with self._lock:
            before = stamp(self._folder)
            if self._generation is not None and before == self._stamp:
                return self._generation
            now = current(self._folder)
            if self._generation is None or now != self._seen:
                if now != self._seen:
                    self._damaged.clear()
                use_synonyms(read_synonyms(self._synonyms))
                self._generation, self._seen = read(self._folder, self._damaged), now
                self._opened(self._generation)
            self._stamp = before
            return self._generation

    def examine_from_now_on(self) -> None:
        """Read every generation whole while it serves, large ones too; a damaged one gives way to the one before.

        Opening a large generation looks at sizes only, so that a process that asks once need not read all of it.
        """
        with self._lock:
            self._examines, self._generation = True, None

    def _opened(self, generation: Generation) -> None:
        if generation.skipped:
            import logging  # which a cold question need not wait for

        for number in generation.skipped:
            logging.getLogger(__name__).warning(
                "thế hệ chỉ mục %d bị hỏng, dùng thế hệ %d; hãy chạy “hoidap reindex --force”",
                number,
                generation.number,
            )
        if self._examines:
            threading.Thread(target=self._examine, args=(generation,), daemon=True).start()

    def _examine(self, generation: Generation) -> None:
        if damaged(generation):
            self._avoid(generation)

    def _avoid(self, generation: Generation) -> None:
        """Never again ask a generation that turned out to be damaged."""
        with self._lock:
            self._damaged.add(generation.number)
            if self._generation is generation:
                self._generation = None
