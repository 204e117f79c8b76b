"""Put the parts together: one Program holds the store and the index, and every way in goes through it."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property

from bot.config import Settings, read_synonyms
from corpus.checking import check
from corpus.errors import GenerationError, StoreError
from corpus.load import bundled
from corpus.store import Store
from index.answering import answer
from index.embedding import Encoder, load_encoder
from index.generation import Generation, current, read, write
from index.indexing import index
from index.ranker import RankBM25
from index.records import Answer, Question
from index.search import Search
from index.tokens import name, use_synonyms

Step = Callable[[int, int], None]
VANISHED = 0.2  # part of the documents that may be gone before a reindex asks for --force


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
        use_synonyms(read_synonyms(settings.home / "synonyms.json"))

    @cached_property
    def store(self) -> Store:
        return Store.open(self.settings.database_url)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The model for vectors, None without the [semantic] extra. Raises SettingsError."""
        return load_encoder(self.settings.embeddings)

    def ask(self, question: Question) -> Answer:
        """Answer by the newest generation, which is loaded once. Raises QuestionError and GenerationError."""
        return answer(self.search(), question)

    def search(self) -> Search:
        """The search over the newest generation; a reindex by another process is seen at the next question."""
        with self._lock:
            generation = self._newest()
            if self._search is None or self._search.generation is not generation:
                self._search = Search(generation, RankBM25, self.encoder)
            return self._search

    def generation(self) -> Generation:
        """The newest generation. Raises GenerationError."""
        with self._lock:
            return self._newest()

    def _newest(self) -> Generation:
        now = current(self.folder)
        if self._generation is None or now != self._seen:
            use_synonyms(read_synonyms(self.settings.home / "synonyms.json"))
            self._generation, self._seen = read(self.folder), now
        return self._generation

    def log(self, channel: str, user: str | None, question: str, given: Answer) -> None:
        """Keep a question with what was answered, or why not. Raises StoreError."""
        cited = given.passages[0] if given.passages and not given.abstained else None
        place = (cited.document.id, cited.passage.start, cited.passage.end) if cited else None
        self.store.log_question(channel, user, question, given.answer, given.reason, given.confidence, place)

    def prepare(self, note: Callable[[str], None], step: Step = _silent) -> None:
        """Make the first question possible: bundled reports for an empty home, a fresh index for a stale one."""
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
        made_otherwise = generation.tokenizer != name() or generation.encoder != self._encoder_name()
        return made_otherwise or generation.fingerprint != self.store.fingerprint()

    def _encoder_name(self) -> str:
        return self.encoder.name if self.encoder else ""

    def reindex(self, force: bool = False, step: Step = _silent) -> Generation:
        """Build and publish a generation from the store. Raises GenerationError, also when much has vanished."""
        # Read first: should documents change meanwhile, the generation counts as stale and is made again.
        fingerprint = self.store.fingerprint()
        documents = self.store.documents()
        if not force:
            self._refuse_loss(len(documents))
        known, before = {document.id for document in documents}, None
        passages = [passage for passage in self.store.passages() if passage.document_id in known]
        with suppress(GenerationError):
            before = self.generation()
        number = write(self.folder, index(documents, passages, fingerprint, step, self.encoder, before))
        self.store.record_generation(number, len(documents), len(passages), fingerprint)
        return self.generation()

    def verify(self) -> list[str]:
        """Everything recomputed: complaints in Vietnamese, [] when all is well."""
        complaints = list(check(self.store))
        generation = self.generation()
        complaints += [f"Thế hệ chỉ mục {number} bị hỏng." for number in generation.skipped]
        if generation.fingerprint != self.store.fingerprint():
            complaints.append("Chỉ mục cũ hơn cơ sở dữ liệu; hãy chạy “hoidap reindex”.")
        elif generation.passages != tuple(self.store.passages()):
            complaints.append("Chỉ mục không khớp cơ sở dữ liệu; hãy chạy “hoidap reindex --force”.")
        return complaints

    def status(self) -> list[tuple[str, str]]:
        """Labels and values in Vietnamese; no address of a database is shown, it may hold a password."""
        counts = self.store.counts()
        try:
            made = self.generation()
            newness = "cần lập lại" if self.stale() else "khớp cơ sở dữ liệu"
            state = f"thế hệ {made.number}, {len(made.passages)} đoạn, {newness}"
            damaged = ", ".join(map(str, made.skipped))
        except GenerationError as error:
            state, damaged = str(error), ""
        return [
            ("Thư mục", str(self.settings.home)),
            ("Tài liệu", str(counts["documents"])),
            ("Đoạn", str(counts["passages"])),
            ("Câu hỏi đã nhận", str(counts["questions"])),
            ("Chỉ mục", state),
            *([("Thế hệ bị hỏng", damaged)] if damaged else []),
            ("Bộ tìm kiếm", "rank-bm25" + (f" + {self.encoder.name}" if self.encoder else "")),
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
