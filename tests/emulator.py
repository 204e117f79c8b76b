"""A Bot API server for tests: lo-bot-api-emulator with a transcript, faults, edits and Telegram's HTML rules."""

import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from itertools import count

import lo_bot_api_emulator as lo
import lo_bot_api_emulator.updates
from aiohttp import web

TOKEN = "123456789:TEST-token-of-the-emulator-0000"
USERNAME = "hoidap_bot"
Obey = Callable[[web.Request], Awaitable[web.Response]]
_TAGS = {"b", "u", "i", "blockquote", "pre"}
# Parameters of the real Bot API that the emulator does not know.
_NEW = {"link_preview_options", "allow_sending_without_reply"}


class _Reader(HTMLParser):
    """What a reader sees of HTML; refuses what Telegram would."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.open = "", []

    def handle_starttag(self, tag, attributes) -> None:
        if tag not in _TAGS or tag in self.open:
            raise lo.ApiRefusal(f"Bad Request: can't parse entities: unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if not self.open or self.open.pop() != tag:
            raise lo.ApiRefusal(f"Bad Request: can't parse entities: unexpected end tag {tag!r}")

    def handle_data(self, data) -> None:
        self.text += data


def read_html(markup: str) -> str:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    if reader.open:
        raise lo.ApiRefusal("Bad Request: can't parse entities: a tag is left open")
    return reader.text


class Emulator(lo.LoBotApiEmulator):
    """`calls` has every call of the bot as (method, fields); `fail` makes the next ones fail."""

    def __init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True, max_updates=20_000)
        lo.updates.KINDS |= {"edited_message", "channel_post"}
        self.calls: list[tuple[str, dict]] = []
        self.times: list[float] = []  # of each call
        self.files: list[tuple[str, bytes]] = []  # that came with calls, by method
        self._faults = defaultdict(list)
        self._lost = defaultdict(int)
        self._ids = count(9000)
        self.url = ""
        # May reply itself, or None: given the request and what obeys it.
        self.instead: Callable[[web.Request, Obey], Awaitable[web.Response | None]] | None = None

    async def __aenter__(self) -> "Emulator":
        self._runner = web.AppRunner(self.app(), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *exception) -> None:
        await self._runner.cleanup()

    def fail(
        self, method: str, status: int, description: str, times: int = 1, chat: int | None = None, **parameters
    ) -> None:
        """Refuse the next calls of a method, only those to a chat when one is given."""
        self._faults[method] += [(chat, lo.ApiRefusal(description, status, parameters or None))] * times

    def lose(self, method: str, times: int = 1) -> None:
        """The next calls of a method are obeyed, but the bot hears nothing of it: the connection breaks."""
        self._lost[method] += times

    async def handle(self, request):
        if self.instead and (reply := await self.instead(request, super().handle)):
            return reply
        response = await super().handle(request)
        if self._lost[request.match_info["method"]]:
            self._lost[request.match_info["method"]] -= 1
            request.transport.close()
        return response

    def validate(self, method, fields, uploads):
        if method != "getUpdates":
            self.calls.append((method, dict(fields)))
            self.times.append(time.monotonic())
            self.files += [(method, upload["data"]) for upload in uploads.values()]
        for fault in self._faults[method]:
            if fault[0] in (None, int(fields.get("chat_id", 0))):
                self._faults[method].remove(fault)
                raise fault[1]
        for name in _NEW:
            fields.pop(name, None)
        if "text" in fields and fields.get("parse_mode") == "HTML":
            fields["text"] = read_html(fields["text"])
        result = super().validate(method, fields, uploads)
        return {**result, "username": USERNAME} if method == "getMe" else result

    def sent(self, chat: int, method: str = "sendMessage") -> list[str]:
        """The texts sent to a chat, as HTML."""
        return [
            fields["text"] for name, fields in self.calls if name == method and str(fields.get("chat_id")) == str(chat)
        ]

    async def say(self, user: int, text: str | None, chat: dict | None = None, **more) -> dict:
        """A user writes; the message comes back for an edit or a reply."""
        message = {
            "message_id": next(self._ids),
            "date": int(time.time()),
            "chat": chat or {"id": user, "type": "private", "first_name": "U"},
            "from": {"id": user, "is_bot": False, "first_name": "U"},
            **({"text": text} if text is not None else {}),
            **more,
        }
        if text and text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        await self.enqueue_update({"message": message}, token=TOKEN)
        return message

    async def upload(self, user: int, name: str, data: bytes, size: int | None = None) -> None:
        """A user sends a file."""
        ref = f"upload-{next(self._ids)}"
        self.assets[ref] = {"filename": name, "data": data, "size": len(data)}
        file = {"file_id": ref, "file_unique_id": f"{ref}u", "file_name": name, "file_size": size or len(data)}
        await self.say(user, None, document=file)

    async def edit(self, message: dict, text: str) -> None:
        await self.enqueue_update(
            {"edited_message": {**message, "text": text, "edit_date": int(time.time())}}, token=TOKEN
        )

    async def press(self, user: int, data: str = "x", message_id: int = 1, chat: int | None = None) -> None:
        place = {"id": chat or user, "type": "private" if (chat or user) > 0 else "supergroup", "first_name": "U"}
        message = {"message_id": message_id, "date": 1, "chat": place, "text": "x"}
        person = {"id": user, "is_bot": False, "first_name": "U"}
        query = {"id": str(next(self._ids)), "chat_instance": "1", "data": data, "from": person, "message": message}
        await self.enqueue_update({"callback_query": query}, token=TOKEN)

    def buttons(self, chat: int) -> dict[str, str]:
        """Of the newest keyboard in a chat: text → what a press sends."""
        shown = [f["reply_markup"] for _, f in self.calls if f.get("reply_markup") and int(f.get("chat_id", 0)) == chat]
        rows = json.loads(shown[-1])["inline_keyboard"] if shown else []
        return {button["text"]: button["callback_data"] for row in rows for button in row}

    async def inline(self, user: int, text: str) -> None:
        query = {
            "id": str(next(self._ids)),
            "from": {"id": user, "is_bot": False, "first_name": "U"},
            "query": text,
            "offset": "",
        }
        await self.enqueue_update({"inline_query": query}, token=TOKEN)
