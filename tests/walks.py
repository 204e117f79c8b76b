"""Who may do what: a simple model beside the real handlers, and a state machine that holds one to the other.

Handlers run in process, on a store of their own; what they send is taken down instead of sent. After each step nothing
that the model does not allow has been sent, logged or changed.
"""

import asyncio
import json
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import bots
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import text
from telegram.request import BaseRequest

from bot import access, asking, charts, doors, layout, library, messages, outbox, telegram
from bot.config import Settings
from bot.logs import Redacting, secrets_of
from bot.service import Service
from bot.telegram import REPORTS, Backing
from corpus.desk import Desk, decided
from corpus.load import make
from corpus.records import Passage
from corpus.store import Store
from index.records import Answer, Cited, Question

ADMINS, LISTED = (1, 2), 42
PEOPLE = (101, 102, 103)
USERS = (*ADMINS, LISTED, *PEOPLE)
ANONYMOUS = 1087968824
NAMED, OTHER = -100, -200  # the group in the settings, and one that is not
BOT = {"id": 7, "is_bot": True, "first_name": "B", "username": "hoidap_bot"}
SECRET = "bimatx"  # in every document, its title, its file's name, and so in every answer
FOR_ADMINS = ("Người được phép hỏi:", "Chưa duyệt ai", messages.BY_WEEK, "câu chưa trả lời được", "Đã chạy", " (trang ")
FORBIDDEN_TEXTS = ("chưa được phép hỏi", messages.REFUSED)
TEXTS = (
    "Q",
    "/hoi Q",
    "@hoidap_bot Q",
    "Q nổ",
    "/help",
    "/moi",
    "/reindex",
    "/start",
    "/start dKEY",
    "/start d" + "0" * 16,
)
COMMANDS = (*TEXTS, *(f"/{name}" for name in REPORTS), "/nonsense", "fix")
WAYS = ("new", "new", "new", "edited", "forwarded", "via")
users = st.sampled_from(USERS)
_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk would wait for every one of ten thousand steps


class Wire(BaseRequest):
    """Takes down each call of the bot, and answers as Telegram would."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, object]]] = []
        self.files: dict[str, bytes] = {}
        self._ids = count(5000)

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def do_request(self, url, method, request_data=None, **more):
        name = url.rsplit("/", 1)[-1]
        if name in self.files:
            return 200, self.files[name]
        fields = dict(request_data.parameters) if request_data else {}
        uploads = (request_data.multipart_data or {}) if request_data else {}
        result = self._result(name, fields)
        self.calls.append((name, {**fields, "uploads": list(uploads.values())}))
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _result(self, name, fields):
        if name == "getMe":
            return BOT
        if name == "getFile":
            id = fields["file_id"]
            return {"file_id": id, "file_unique_id": id, "file_path": id, "file_size": len(self.files[id])}
        if name.startswith(("send", "edit")) and name != "sendChatAction":
            chat = int(fields["chat_id"])
            place = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
            return {"message_id": next(self._ids), "date": 1, "chat": place, "from": BOT, "text": "x"}
        return True


@dataclass
class State:
    """What the model knows of somebody."""

    name: str = ""  # "", asked, allowed, refused
    over: bool = False  # allowed, but for a time that has passed


class Rights(RuleBasedStateMachine):
    """Anybody does anything, in any order."""

    steps = 0  # of all walks

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="hoidap-rights-", dir=_MEMORY if _MEMORY.exists() else None))
        path = shutil.copy(bots._template(), self.folder)
        self.store = Store.open(f"sqlite:///{path}")
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.execute("PRAGMA synchronous=OFF")
        for number in range(3):
            self.store.put(make(f"{SECRET}-{number}.txt", _report(number), {"title": f"Báo cáo {SECRET} {number}"}))
        given = bots.settings(
            "http://telegram.invalid",
            TELEGRAM_ADMIN_IDS="1,2",
            TELEGRAM_ALLOWED_IDS=f"{LISTED},{NAMED}",
            HOIDAP_HOME=str(self.folder),
        )
        self.wire, self.loop = Wire(), asyncio.Runner()
        self.service = self.loop.run(self._begun(given))
        self.lines = Lines(Redacting(secrets_of(given)))
        logging.getLogger().addHandler(self.lines)
        logging.getLogger().setLevel(logging.INFO)
        self.ids = count(10)
        self.meanwhile: Callable[[], object] | None = None  # what happens while an answer is made
        self.people = {user: State() for user in PEOPLE}
        self.screens: dict[str, tuple[int, int]] = {}  # id → its user and chat
        self.stale: set[str] = set()
        self.buttons = ["quyen:a:101", "quyen:v:101", "chiso:huy", "tl:p:0", "x:b:0", "nonsense", "a" * 64]

    def teardown(self) -> None:
        logging.getLogger().removeHandler(self.lines)
        self.loop.run(self.service._close())
        self.loop.close()
        self.base.close()
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _begun(self, given: Settings) -> Service:
        """All of the bot but what fetches updates."""
        backing = Backing(given, self.ask, bots.uncompared, list, ("true",), self.store, lambda: [("Tài liệu", SECRET)])
        service = Service(backing)
        service.application.bot._request = (self.wire, self.wire)
        await service.application.initialize()
        return service

    # What stands behind the handlers.

    def ask(self, question: Question) -> Answer:
        if self.meanwhile:
            self.meanwhile()
        if "nổ" in question.text:
            raise RuntimeError(f"boom with {bots.TOKEN}")
        documents = [document for document, _ in self.store.listing()]
        if not documents or "không" in question.text:
            return Answer(question.text, None, 0.1, "Không có.", ())
        text = self.store.document(documents[0].id).text
        passage = Passage(documents[0].id, 0, 0, min(20, len(text)), 0, text[:20])
        cited = Cited(1, 2.0, passage, documents[0], (0, 6))
        return Answer(question.text, SECRET, 1.0, None, (cited,), choices=("An Giang", "Hậu Giang"))

    # The model.

    def may_ask(self, user: int) -> bool:
        if user in (*ADMINS, LISTED):
            return True
        known = self.people.get(user)
        return known is not None and known.name == "allowed" and not known.over

    def may_read(self, user: int, chat: int) -> bool:
        return self.may_ask(user) and chat in (user, NAMED)

    def knocked(self, user: int) -> None:
        known = self.people[user]
        if known.name in ("", "allowed"):
            self.people[user] = State("asked")

    def decided(self, verb: str, id: int) -> bool:
        """Whether a decision can be made of somebody; it is made."""
        known = self.people.get(id)
        needed = {"a": "asked", "t": "asked", "r": "asked", "v": "allowed", "b": "refused"}[verb]
        if known is None or known.name != needed:
            return False
        self.people[id] = State("allowed" if verb in "atb" else "refused")
        return True

    # Steps.

    @rule(
        user=users,
        chat=st.sampled_from(("own", "own", "own", NAMED, OTHER)),
        text=st.sampled_from(COMMANDS),
        way=st.sampled_from(WAYS),
    )
    def writes(self, user: int, chat: int | str, text: str, way: str) -> None:
        self._writes(user, user if chat == "own" else chat, text, way)

    def _writes(self, user: int, chat: int, text: str, way: str) -> None:
        said, message = self._message(user, chat, text, way)
        allowed, admin = self.may_ask(user), user in ADMINS and chat == user and way == "new"
        if not allowed and chat == user and way != "edited":
            self.knocked(user)
        calls = self._step(
            {"edited_message" if way == "edited" else "message": message},
            user,
            chat,
            documents=admin and text == "fix",
            reindex=admin and text in ("/reindex", "fix"),
        )
        if allowed and chat == user and said == f"hoi{user}x":
            assert any(SECRET in _payload(fields) for _, fields in calls), "somebody who may ask got no answer"

    @rule(user=users)
    def asks_and_is_turned_out_meanwhile(self, user: int) -> None:
        known = self.people.get(user)
        if known is None or not self.may_ask(user):
            return

        def revoke() -> None:
            bots.kept(self.store, decided, str(user), "U", "refused", "1")
            known.name, self.meanwhile = "refused", None

        self.meanwhile = revoke
        _, message = self._message(user, user, "Q", "new")
        self._step({"message": message}, user, user)

    @rule(user=users, chat=st.sampled_from(("own", NAMED, OTHER)), way=st.sampled_from(WAYS), number=st.integers(0, 5))
    def sends_a_file(self, user: int, chat: int | str, way: str, number: int) -> None:
        chat = user if chat == "own" else chat
        _, message = self._message(user, chat, None, way)
        id, data = f"f{next(self.ids)}", _report(10 + number)
        self.wire.files[id] = data
        name = f"../{SECRET}\u202e\n<b>-{number}.txt"
        message["document"] = {"file_id": id, "file_unique_id": id, "file_name": name, "file_size": len(data)}
        admin = user in ADMINS and chat == user and way == "new"
        if not self.may_ask(user) and chat == user and way != "edited":
            self.knocked(user)
        kind = "edited_message" if way == "edited" else "message"
        calls = self._step({kind: message}, user, chat, documents=admin, reindex=admin)
        assert not admin or any("Đã nạp" in _payload(f) or "đã có" in _payload(f) for _, f in calls)

    @rule(user=users, chat=st.sampled_from(("own", "own", NAMED, OTHER)), which=st.integers(0, 10**6))
    def presses(self, user: int, chat: int | str, which: int) -> None:
        """Any button that anybody was ever shown, or made up, the newest ones more often."""
        chat = user if chat == "own" else chat
        data = self.buttons[-1 - which % min(len(self.buttons), 12 if which % 2 else len(self.buttons))]
        self._press(user, chat, data)

    @rule(which=st.integers(0, 10**6))
    def presses_what_is_theirs(self, which: int) -> None:
        """A screen of their own."""
        own = [id for id in self.screens if id not in self.stale]
        if own:
            id = own[-1 - which % min(len(own), 5)]
            user, chat = self.screens[id]
            calls = self._press(user, chat, f"{id}:{'bmcfupd'[which % 7]}:0")
            assert not self.may_read(user, chat) or messages.EXPIRED not in str(calls), "an own button did nothing"

    @rule(user=users, which=st.integers(0, 10**6))
    def presses_anothers_screen(self, user: int, which: int) -> None:
        """Where it stands."""
        if self.screens:
            id = list(self.screens)[-1 - which % min(len(self.screens), 5)]
            self._press(user, self.screens[id][1], f"{id}:{'bmcfupd'[which % 7]}:0")

    @rule(which=st.integers(0, 10**6), group=st.booleans())
    def presses_their_screen_elsewhere(self, which: int, group: bool) -> None:
        if self.screens:
            id = list(self.screens)[-1 - which % min(len(self.screens), 5)]
            self._press(self.screens[id][0], NAMED if group else self.screens[id][0], f"{id}:{'bmcfupd'[which % 7]}:0")

    @rule(user=users, group=st.booleans())
    def asks(self, user: int, group: bool) -> None:
        self._writes(user, NAMED if group else user, "/hoi Q" if group else "Q", "new")

    @rule(
        user=st.sampled_from((1, 1, 2, 2, LISTED, 101)),
        group=st.sampled_from((False, False, False, True)),
        verb=st.sampled_from("atrvb"),
        whom=st.sampled_from(PEOPLE),
    )
    def presses_a_door(self, user: int, group: bool, verb: str, whom: int) -> None:
        """Perhaps a button that nobody was shown."""
        self._press(user, NAMED if group else user, f"quyen:{verb}:{whom}")

    def _press(self, user: int, chat: int, data: str) -> list[tuple[str, dict[str, object]]]:
        message = {"message_id": next(self.ids), "date": 1, "chat": _place(chat), "from": BOT, "text": "x"}
        query = {
            "id": str(next(self.ids)),
            "chat_instance": "1",
            "data": data,
            "from": _person(user),
            "message": message,
        }
        admin, parts = user in ADMINS and chat == user, data.split(":")
        id, verb = parts[0], parts[1] if len(parts) == 3 else ""
        if admin and id == "quyen":
            self.decided(verb, int(parts[2]))
        owned = self.screens.get(id) == (user, chat) and id not in self.stale and self.may_read(user, chat)
        calls = self._step(
            {"callback_query": query},
            user,
            chat,
            documents=admin and id == "tl" and verb in "uX",
            reindex=admin and id == "tl" and verb in "uX",
            feedback=owned and verb in messages.VERDICTS,
        )
        if id in self.screens and not owned:
            assert [name for name, _ in calls] == ["answerCallbackQuery"], "a button that is not theirs did something"
        return calls

    @rule(user=users, text=st.sampled_from(("Q", "Q không", "", "/tailieu")))
    def asks_inline(self, user: int, text: str) -> None:
        query = {
            "id": str(next(self.ids)),
            "from": _person(user),
            "query": text.replace("Q", f"hoi{user}x có bao nhiêu"),
            "offset": "",
        }
        calls = self._step({"inline_query": query}, user, user)
        for _, fields in calls:
            assert fields["is_personal"] is True, "an inline answer that others get, too"
            assert int(fields["cache_time"]) <= 10, "an inline answer that outlives its right"
        assert self.may_ask(user) or [f["results"] for _, f in calls] == [[]]

    @rule(user=st.sampled_from(PEOPLE), state=st.sampled_from(("allowed", "refused", "over")))
    def another_process_decides(self, user: int, state: str) -> None:
        became, days = ("refused" if state == "refused" else "allowed"), (-1 if state == "over" else None)
        bots.kept(self.store, decided, str(user), "U", became, "1", days)
        self.people[user] = State("refused" if state == "refused" else "allowed", state == "over")

    @rule(often=st.integers(0, 4))
    def a_week_passes(self, often: int) -> None:
        """For screens, now and then."""
        if often:
            return
        past = (datetime.now(UTC) - timedelta(days=8)).isoformat()
        self.base.execute("UPDATE screens SET made_at = ?", (past,))
        self.stale |= set(self.screens)

    @rule(text=st.sampled_from(COMMANDS), chat=st.sampled_from((NAMED, OTHER)))
    def somebody_without_a_name_writes(self, text: str, chat: int) -> None:
        _, message = self._message(ANONYMOUS, chat, text, "new")
        message["sender_chat"] = _place(chat)
        assert self._step({"message": message}, ANONYMOUS, chat) == [], "nobody in person got a reply"

    # What a step must not do.

    def _step(
        self,
        update: dict[str, object],
        user: int,
        chat: int,
        documents: bool = False,
        reindex: bool = False,
        feedback: bool = False,
    ) -> list[tuple[str, dict[str, object]]]:
        Rights.steps += 1
        before, self.wire.calls = self._facts(), []
        self.lines.seen.clear()
        self.loop.run(self._handled({"update_id": next(self.ids), **update}))
        calls, after = self.wire.calls, self._facts()
        for name, fields in calls:
            self._check(name, fields, user, chat)
        logged = "\n".join(self.lines.seen)
        assert not any(sign in logged for sign in (SECRET, "hoi1", "hoi4", bots.TOKEN)), f"logged: {logged}"
        for what, may in (("documents", documents), ("feedback", feedback), ("reindex", reindex)):
            assert may or before[what] == after[what], f"{what} changed"
        expected = {id: state.name for id, state in self.people.items() if state.name}
        assert after["people"] == expected, "rights are not what was decided"
        self._learn(calls, user)
        return calls

    async def _handled(self, raw: dict[str, object]) -> None:
        """An update comes in, and everything that follows from it is over."""
        await self.service._inbox.accept([raw])
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)

    def _check(self, name: str, fields: dict[str, object], user: int, chat: int) -> None:
        """Nothing goes where it must not."""
        to = int(fields["chat_id"]) if "chat_id" in fields else user  # answers to queries go to who asked
        said, public = _payload(fields), name == "answerCallbackQuery"
        if SECRET in said and not public:
            place = chat if to == chat else to
            assert self.may_read(user, place) or (place in ADMINS and self.may_read(place, place)), (
                f"{name} to {to}: {said}"
            )
        assert not public or SECRET not in said or self.may_read(user, chat), f"pop-up to {user}: {said}"
        assert to in ADMINS or not any(sign in said for sign in FOR_ADMINS), f"admins' matter to {to}: {said}"
        for other in USERS:
            if f"hoi{other}x" in said:
                assert to in (other, *ADMINS) or (to == NAMED == chat), f"a question of {other} went to {to}"
        if to == OTHER:
            assert name == "sendMessage" and "không trả lời trong nhóm" in said, f"said in a group: {said}"
        if to == user and not self.may_ask(user) and name == "sendMessage":
            assert any(text in said for text in FORBIDDEN_TEXTS) or "Mã sự cố" in said, f"to one refused: {said}"

    def _facts(self) -> dict[str, object]:
        rows = {
            "documents": "SELECT id, stamp FROM documents ORDER BY id",
            "feedback": "SELECT * FROM feedback",
            "reindex": "SELECT count(*) FROM audit WHERE act = 'reindex'",
            "people": "SELECT user_id, state FROM people",
        }
        found = {name: self.base.execute(query).fetchall() for name, query in rows.items()}
        return {**found, "people": {int(id): state for id, state in found["people"]}}

    def _learn(self, calls: list[tuple[str, dict[str, object]]], user: int) -> None:
        """Buttons that were shown can be pressed by anybody from now on."""
        for _, fields in calls:
            markup = fields.get("reply_markup")
            rows = markup["inline_keyboard"] if markup else []
            for data in [button["callback_data"] for row in rows for button in row]:
                self.buttons.append(data)
                id = data.split(":")[0]
                if id not in ("quyen", "tl", "chiso"):
                    self.screens.setdefault(id, (user, int(fields["chat_id"])))

    def _message(self, user: int, chat: int, text: str | None, way: str) -> tuple[str, dict[str, object]]:
        now = int(datetime.now(UTC).timestamp())
        message = {"message_id": next(self.ids), "date": now, "chat": _place(chat), "from": _person(user)}
        said = text or ""
        if text == "fix":
            said = "tỉnh: An Giang"
            known = {"message_id": 3, "date": 1, "chat": _place(chat), "from": BOT, "text": f"Mã: {SECRET}-0"}
            message["reply_to_message"] = known
        documents = self.store.listing()
        key = documents[0][0].sha256[:16] if documents else "0" * 16
        said = said.replace("KEY", key).replace("Q", f"hoi{user}x")
        if text is not None:
            message["text"] = said
        if said.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(said.split()[0])}]
        if way == "edited":
            message["edit_date"] = now
        if way == "forwarded":
            message["forward_origin"] = {"type": "user", "date": 1, "sender_user": _person(1)}
        if way == "via":
            message["via_bot"] = {"id": 99, "is_bot": True, "first_name": "Khác"}
        return said, message


class Lines(logging.Handler):
    """What would be logged."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(formatter)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(self.format(record))


def _report(number: int) -> bytes:
    return f"Tỉnh An Giang năm 2017, {SECRET} {number}.\n\nToàn tỉnh có {number + 70} điểm phục vụ bưu chính.".encode()


def _person(user: int) -> dict[str, object]:
    return {"id": user, "is_bot": False, "first_name": "U"}


def _place(chat: int) -> dict[str, object]:
    return {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "N", "first_name": "U"}


def _payload(fields: dict[str, object]) -> str:
    """All that a call says, in small letters where the secret is concerned."""
    said = json.dumps(
        {key: value for key, value in fields.items() if key != "uploads"}, ensure_ascii=False, default=str
    )
    files = [f"{upload[0]} {upload[1].decode('utf-8', 'replace')}" for upload in fields.get("uploads") or []]
    return " ".join([said, *files])


def hurried(monkeypatch) -> None:
    """No limits in time, no pictures: ten thousand steps are one person's month."""
    clock = count(0, 61)
    monkeypatch.setattr(access, "time", SimpleNamespace(monotonic=lambda: next(clock), time=lambda: next(clock)))
    monkeypatch.setattr(access.Pace, "allows", lambda pace, person, at=None: True)
    monkeypatch.setattr(outbox, "PER_SECOND", 1_000_000)
    monkeypatch.setattr(outbox, "MOST", 1_000_000)
    monkeypatch.setattr(charts, "available", lambda: False)


def walk(walks: int, length: int, chance: int | None = None) -> None:
    """Take random walks. Raises what a breach raises; hypothesis makes that walk short unless `chance` is given."""
    more = {} if chance is None else {"phases": [Phase.generate]}
    chosen = settings(max_examples=walks, stateful_step_count=length, deadline=None, database=None, **more)
    machine = Rights if chance is None else seed(chance)(type("Seeded", (Rights,), {}))
    run_state_machine_as_test(machine, settings=chosen)


def _everybody(settings, update) -> bool:
    return update.message is not None


def _wherever(settings, update) -> bool:
    return update.message is not None and update.effective_user.id in ADMINS and not update.message.forward_origin


def _however(settings, update) -> bool:
    message = update.message
    return message is not None and update.effective_user.id in ADMINS and message.chat.type == "private"


def _edited_too(settings, update) -> bool:
    message = update.effective_message
    return message is not None and update.effective_user.id in ADMINS and message.chat.id in ADMINS


def _anyones(screen):
    def found(desk, id, user, chat):
        owner = _row(desk, "SELECT user_id FROM screens WHERE id = :id", id=id)
        return screen(desk, id, owner or user, chat)

    return found


def _anywhere(screen):
    def found(desk, id, user, chat):
        place = _row(desk, "SELECT chat_id FROM screens WHERE id = :id", id=id)
        return screen(desk, id, user, place or chat)

    return found


def _forever(desk, id, user, chat):
    return _row(
        desk,
        "SELECT question FROM screens WHERE id = :id AND user_id = :user AND chat_id = :chat",
        id=id,
        user=user,
        chat=chat,
    )


def _row(desk, query, **given):
    with desk._engine.connect() as connection:
        return connection.execute(text(query), given).scalar()


async def _remembered(doors, update):
    """Rights read once and kept."""
    known = doors.__dict__.setdefault("known", {})
    user = update.effective_user.id
    known[user] = known.get(user) or doors._desk.may_ask(str(user))
    return known[user]


async def _unchecked(channel, update, context):
    await channel._library.shelves(update.effective_chat.id)


def _told(blocks):
    def made(answer, *given, **more):
        logging.getLogger().info("answered %s", answer.answer)
        return blocks(answer, *given, **more)

    return made


class _Whatever(dict[str, object]):
    """Whatever state somebody has is the one that is needed."""

    def __missing__(self, verb: str) -> object:
        return mock.ANY


# Each takes one check away; a walk must run into every one of them.
MUTANTS: dict[str, tuple[object, str, object]] = {
    "anybody's press decides who is let in": (doors, "presses_as_admin", lambda settings, query: True),
    "anybody's press removes documents": (library, "presses_as_admin", lambda settings, query: True),
    "anybody commands": (telegram, "may_administrate", _everybody),
    "admins command in groups": (telegram, "may_administrate", _wherever),
    "admins command by forwarded messages": (telegram, "may_administrate", _however),
    "admins command by edited messages": (telegram, "may_administrate", _edited_too),
    "one command without its check": (telegram.Channel, "desk", _unchecked),
    "a screen serves whoever presses": (Desk, "screen", _anyones(Desk.screen)),
    "a screen serves in every chat": (Desk, "screen", _anywhere(Desk.screen)),
    "a screen serves for ever": (Desk, "screen", _forever),
    "rights are read once and kept": (doors.Doors, "may_ask", _remembered),
    "rights are not read again in the transaction": (doors, "entitled", lambda connection, id: None),
    "rights for a while never end": (
        Desk,
        "may_ask",
        lambda desk, id: bool((known := desk.person(id)) and known.state == "allowed"),
    ),
    "groups that nobody named": (telegram, "stays_inside", lambda settings, update: True),
    "a decision is made of whatever was decided": (doors, "_NEEDED", _Whatever()),
    "inline answers that Telegram keeps": (asking, "_CACHED", 300),
    "answers are logged": (layout, "blocks", _told(layout.blocks)),
}
