"""Put the parts together: one Program holds the store and the index, and every way in goes through it."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.serving import Serving
from corpus.disk import sync
from corpus.errors import ClusterError, GenerationError, StoreError
from index.embedding import Encoder, load_encoder
from index.generation import DISTRIBUTED, FAST, REFERENCE, Generation, damaged, write
from index.publishing import locked
from index.records import Answer, Question
from index.tokens import name

if TYPE_CHECKING:
    from corpus.records import Document
    from corpus.store import Store
    from index.comparing import Comparison, Wanted
    from index.qdrant import Cluster
    from index.search import Search

# Asking needs neither the store nor what makes an index, and these don't need what answers: they are imported where
# they are used, so that a question on the command line does not wait for SQLAlchemy and underthesea.
Step = Callable[[int, int], None]
# Passages above which tantivy serves. rank-bm25's whole question takes 4 ms at this size (p95; 5 ms at 5,000), and
# opening it, which builds it anew, a third of a second.
MANY = 3000
_CHANGING = "changing"  # a file that stands beside the generations while the store may be ahead of them
VANISHED = 0.2  # part of the documents that may be gone before a reindex asks for --force


def _silent(done: int, of: int) -> None:
    pass


class Program:
    """The store, the index and the question's way through them, made from settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / "index"
        self.serving = Serving(settings.home, self._opened)

    def _opened(self, generation: Generation) -> "Search":
        from index.search import Search

        return Search(generation, self.encoder, self.cluster)

    @cached_property
    def store(self) -> "Store":
        from corpus.store import Store

        return Store.open(self.settings.database_url)

    def close(self) -> None:
        """End the connections to the database, if there are any."""
        if "store" in self.__dict__:
            self.store.close()

    @cached_property
    def encoder(self) -> Encoder | None:
        """The model for vectors, None without the [semantic] extra. Raises SettingsError."""
        return load_encoder(self.settings.embeddings)

    @cached_property
    def cluster(self) -> "Cluster | None":
        """The machines that rank, None unless they are the engine. Raises SettingsError without the [cluster] extra."""
        if self.settings.engine != DISTRIBUTED or not self.settings.qdrant_url:
            return None
        from index.qdrant import connect

        return connect(self.settings.qdrant_url)

    def ask(self, question: Question) -> Answer:
        """Answer by the newest whole generation, which is loaded once. Raises QuestionError and GenerationError."""
        from index.answering import answer

        return self.serving.ask(lambda search: answer(search, question))

    def compare(self, wanted: "Wanted") -> "Comparison":
        """An indicator over provinces and years, by the newest generation. Raises QuestionError and GenerationError."""
        from index.comparing import compare

        return self.serving.ask(lambda search: compare(search, wanted))

    def reports(self) -> Sequence["Document"]:
        """Those of the newest generation. Raises GenerationError."""
        return self.generation().documents

    def search(self) -> "Search":
        """The search over the newest generation; a reindex by another process is seen at the next question."""
        return self.serving.search()

    def generation(self) -> Generation:
        """The newest generation. Raises GenerationError."""
        return self.serving.generation()

    def ready(self) -> bool:
        """Whether questions can be answered at once, without a look at the store."""
        generation = self._usable()
        as_wanted = generation is not None and self._as_set(generation) and not generation.skipped
        return as_wanted and not (self.folder / _CHANGING).exists()

    def _usable(self) -> Generation | None:
        """The newest generation, if its terms and vectors are those of the settings."""
        with suppress(GenerationError):
            generation = self.generation()
            return generation if self._fits(generation) else None
        return None

    def changing(self) -> None:
        """Say that the store is about to change, so that the next question looks whether the index followed."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / _CHANGING).touch()
        sync(self.folder)

    def prepare(self, note: Callable[[str], None], step: Step = _silent) -> None:
        """Make the first question possible: bundled reports for an empty home, a fresh index for a stale one.

        When that cannot be made now, the older one answers.
        """
        from corpus.load import bundled

        counts = self.store.counts()
        if counts["documents"] == 0 and counts["generations"] == 0:
            note("Chưa có dữ liệu: đang nạp năm báo cáo có sẵn…")
            for report in bundled():
                self.store.put(report)
        if self.stale():
            note("Đang lập chỉ mục…")
            try:
                self.reindex(force=True, step=step)
            except (ClusterError, GenerationError, StoreError) as error:
                if not (older := self._usable()):
                    raise
                note(f"{error} Trả lời theo thế hệ {older.number}.")

    def stale(self) -> bool:
        """Whether the index is missing, damaged, or made from other documents than the store now has."""
        try:
            generation = self.generation()
        except GenerationError:
            return True
        as_stored = generation.fingerprint == self.store.fingerprint() and not generation.skipped
        return not (as_stored and self._as_set(generation) and generation.engine == self.wanted_engine())

    def _as_set(self, generation: Generation) -> bool:
        """Whether it was made as the settings say."""
        return self._fits(generation) and self.settings.engine in ("auto", generation.engine)

    def _fits(self, generation: Generation) -> bool:
        encoder = self.encoder.name if self.encoder else ""
        return (generation.tokenizer, generation.encoder) == (name(), encoder)

    def wanted_engine(self) -> str:
        """The one that the settings name, or that fits what the store has."""
        if self.settings.engine != "auto":
            return self.settings.engine
        return FAST if self.store.counts()["passages"] > MANY else REFERENCE

    def reindex(self, force: bool = False, step: Step = _silent, anew: bool = False) -> Generation:
        """Publish a generation of what the store has; only documents that changed are read, unless it is made anew.

        Raises GenerationError, also when much has vanished and it is not forced, and ClusterError.
        """
        from corpus.store import fingerprint
        from index.indexing import can_follow, index, unchanged

        with locked(self.folder):
            if self.cluster:
                self.cluster.check()
            # Read first: should documents change meanwhile, the generation counts as stale and is made again.
            stamps, engine, before = self.store.stamps(), self.wanted_engine(), None
            documents = [document for document in self.store.documents() if document.id in stamps]
            if not force:
                self._refuse_loss(len(documents))
            with suppress(GenerationError):
                before = self.generation()
            if before and damaged(before):
                before = None
            follows = before and not anew and self._as_set(before) and before.engine == engine
            base = before if before and follows and can_follow(before, stamps) else None
            kept = unchanged(base, stamps) if base else {}
            passages = self.store.passages_of(document.id for document in documents if document.id not in kept)
            made = index(
                documents, passages, fingerprint(stamps), step, self.encoder, before, engine, stamps=stamps, base=base
            )
            number = self._publish(made, before, base, step)
        if self.store.fingerprint() == made.fingerprint:
            (self.folder / _CHANGING).unlink(missing_ok=True)
        self.store.record_generation(number, len(documents), len(made.passages), made.fingerprint)
        return self.generation()

    def _publish(self, made: Generation, before: Generation | None, base: Generation | None, step: Step) -> int:
        """Qdrant has all of it before it is published, and loses what is gone after."""
        if self.cluster is None:
            return write(self.folder, made, base)
        from index.distributed import leave, take

        take(self.cluster, made, base is None, step)
        number = write(self.folder, made, base)
        leave(self.cluster, made, before, base is None)
        return number

    def reindex_command(self) -> list[str]:
        return [sys.executable, "-m", "bot", "reindex", "--steps"]

    def _refuse_loss(self, documents: int) -> None:
        if documents == 0:
            raise StoreError("Chưa có tài liệu nào để lập chỉ mục; hãy nạp bằng “hoidap add”.")
        try:
            before = len(self.generation().documents)
        except GenerationError:
            return
        if documents < (1 - VANISHED) * before:
            raise GenerationError(
                f"Chỉ còn {documents}/{before} tài liệu so với chỉ mục hiện tại; "
                "nếu đúng ý, hãy chạy “hoidap reindex --force”."
            )
