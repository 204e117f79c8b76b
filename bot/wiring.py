"""Put the parts together: one Program holds the store and the index, and every way in goes through it."""

import logging
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from bot.config import Settings, read_synonyms
from corpus.errors import GenerationError, StoreError
from index.answering import answer
from index.embedding import Encoder, load_encoder
from index.generation import FAST, REFERENCE, Generation, damaged, read, write
from index.publishing import current
from index.records import Answer, Question
from index.search import Search
from index.tokens import name, use_synonyms

if TYPE_CHECKING:
    from corpus.store import Store
    from index.comparing import Comparison, Wanted

# Asking needs neither the store nor what makes an index: they are imported where they are used, so that a question
# on the command line does not wait for SQLAlchemy and underthesea.
Step = Callable[[int, int], None]
# Passages above which tantivy serves. rank-bm25's whole question takes 4 ms at this size (p95; 5 ms at 5,000), and
# opening it, which builds it anew, a third of a second.
MANY = 3000
_CHANGING = "changing"  # a file that stands beside the generations while the store may be ahead of them
VANISHED = 0.2  # part of the documents that may be gone before a reindex asks for --force


_log = logging.getLogger(__name__)


def _silent(done: int, of: int) -> None:
    pass


class Program:
    """The store, the index and the question's way through them, made from settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / "index"
        self._lock = threading.Lock()
        self._seen: int | None = None  # what CURRENT said when the generation below was read
        self._generation: Generation | None = None
        self._search: Search | None = None
        self._examines = False  # whether each generation is read whole in the background once it serves
        self._avoid: set[int] = set()  # generations that were found damaged while they served
        use_synonyms(read_synonyms(settings.home / "synonyms.json"))

    @cached_property
    def store(self) -> "Store":
        from corpus.store import Store

        return Store.open(self.settings.database_url)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The model for vectors, None without the [semantic] extra. Raises SettingsError."""
        return load_encoder(self.settings.embeddings)

    def ask(self, question: Question) -> Answer:
        """Answer by the newest generation, which is loaded once. Raises QuestionError and GenerationError."""
        return answer(self.search(), question)

    def compare(self, wanted: "Wanted") -> "Comparison":
        """An indicator over provinces and years, by the newest generation. Raises QuestionError and GenerationError."""
        from index.comparing import compare

        return compare(self.search(), wanted)

    def search(self) -> Search:
        """The search over the newest generation; a reindex by another process is seen at the next question."""
        with self._lock:
            generation = self._newest()
            if self._search is None or self._search.generation is not generation:
                self._search = Search(generation, self.encoder)
            return self._search

    def generation(self) -> Generation:
        """The newest generation. Raises GenerationError."""
        with self._lock:
            return self._newest()

    def _newest(self) -> Generation:
        now = current(self.folder)
        if self._generation is None or self._seen is None or now != self._seen:
            use_synonyms(read_synonyms(self.settings.home / "synonyms.json"))
            self._generation, self._seen = read(self.folder, self._avoid), now
            if self._examines:
                threading.Thread(target=self._examine, args=(self._generation,), daemon=True).start()
        return self._generation

    def examine_from_now_on(self) -> None:
        """Read every generation whole while it serves, large ones too; a damaged one gives way to the one before.

        Opening a large generation looks at sizes only, so that a process that asks once need not read all of it.
        """
        with self._lock:
            self._examines, self._seen = True, None

    def _examine(self, generation: Generation) -> None:
        if damaged(generation):
            _log.error("generation %d is damaged; the one before serves: hoidap reindex --force", generation.number)
            with self._lock:
                self._avoid.add(generation.number)
                self._seen = None

    def log(self, channel: str, user: str | None, question: str, given: Answer) -> None:
        """Keep a question with what was answered, or why not. Raises StoreError."""
        cited = given.passages[0] if given.passages and not given.abstained else None
        place = (cited.document.id, cited.passage.start, cited.passage.end) if cited else None
        self.store.log_question(channel, user, question, given.answer, given.reason, given.confidence, place)

    def ready(self) -> bool:
        """Whether questions can be answered at once, without a look at the store."""
        with suppress(GenerationError):
            return not (self.folder / _CHANGING).exists() and self._as_set(self.generation())
        return False

    def changing(self) -> None:
        """Say that the store is about to change, so that the next question looks whether the index followed."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / _CHANGING).touch()

    def prepare(self, note: Callable[[str], None], step: Step = _silent) -> None:
        """Make the first question possible: bundled reports for an empty home, a fresh index for a stale one."""
        from corpus.load import bundled

        counts = self.store.counts()
        if counts["documents"] == 0 and counts["generations"] == 0:
            note("Chưa có dữ liệu: đang nạp năm báo cáo có sẵn…")
            for report in bundled():
                self.store.put(report)
        if self.stale():
            note("Đang lập chỉ mục…")
            self.reindex(force=True, step=step)

    def stale(self) -> bool:
        """Whether the index is missing, damaged, or made from other documents than the store now has."""
        try:
            generation = self.generation()
        except GenerationError:
            return True
        as_stored = generation.fingerprint == self.store.fingerprint()
        return not (as_stored and self._as_set(generation) and generation.engine == self._engine())

    def _as_set(self, generation: Generation) -> bool:
        """Whether it was made with the tokens and vectors that the settings say."""
        encoder = self.encoder.name if self.encoder else ""
        wanted = self.settings.engine
        return (generation.tokenizer, generation.encoder) == (name(), encoder) and wanted in ("auto", generation.engine)

    def _engine(self) -> str:
        if self.settings.engine != "auto":
            return self.settings.engine
        return FAST if self.store.counts()["passages"] > MANY else REFERENCE

    def reindex(self, force: bool = False, step: Step = _silent, anew: bool = False) -> Generation:
        """Publish a generation of what the store has; only documents that changed are read, unless it is made anew.

        Raises GenerationError, also when much has vanished and it is not forced.
        """
        from corpus.store import fingerprint
        from index.indexing import can_follow, index, unchanged

        # Read first: should documents change meanwhile, the generation counts as stale and is made again.
        stamps, engine, before = self.store.stamps(), self._engine(), None
        documents = [document for document in self.store.documents() if document.id in stamps]
        if not force:
            self._refuse_loss(len(documents))
        with suppress(GenerationError):
            before = self.generation()
        follows = before and not anew and self._as_set(before) and before.engine == engine
        base = before if before and follows and can_follow(before, stamps) else None
        kept = unchanged(base, stamps) if base else {}
        passages = self.store.passages_of(document.id for document in documents if document.id not in kept)
        made = index(
            documents, passages, fingerprint(stamps), step, self.encoder, before, engine, stamps=stamps, base=base
        )
        number = write(self.folder, made, base)
        (self.folder / _CHANGING).unlink(missing_ok=True)
        self.store.record_generation(number, len(documents), len(made.passages), made.fingerprint)
        return self.generation()

    def verify(self) -> list[str]:
        """Everything recomputed: complaints in Vietnamese, [] when all is well."""
        from corpus.checking import check

        complaints = list(check(self.store))
        generation = self.generation()
        complaints += [f"Thế hệ chỉ mục {number} bị hỏng." for number in generation.skipped]
        stored = self.store.passages_of(document.id for document in generation.documents)
        if generation.fingerprint != self.store.fingerprint():
            complaints.append("Chỉ mục cũ hơn cơ sở dữ liệu; hãy chạy “hoidap reindex”.")
        elif damaged(generation) or any(ours != theirs for ours, theirs in zip_longest(generation.passages, stored)):
            complaints.append("Chỉ mục không khớp cơ sở dữ liệu; hãy chạy “hoidap reindex --force”.")
        return complaints

    def status(self) -> list[tuple[str, str]]:
        """Labels and values in Vietnamese; no address of a database is shown, it may hold a password."""
        counts = self.store.counts()
        try:
            made = self.generation()
            newness = "cần lập lại" if self.stale() else "khớp cơ sở dữ liệu"
            state, engine = f"thế hệ {made.number}, {len(made.passages)} đoạn, {newness}", made.engine
            skipped = ", ".join(map(str, made.skipped))
        except GenerationError as error:
            state, engine, skipped = str(error), self._engine(), ""
        return [
            ("Thư mục", str(self.settings.home)),
            ("Tài liệu", str(counts["documents"])),
            ("Đoạn", str(counts["passages"])),
            ("Câu hỏi đã nhận", str(counts["questions"])),
            ("Chỉ mục", state),
            *([("Thế hệ bị hỏng", skipped)] if skipped else []),
            ("Bộ tìm kiếm", engine + (f" + {self.encoder.name}" if self.encoder else "")),
        ]

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
