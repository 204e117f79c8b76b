"""What each conversation asked last, so that a follow-up can be understood; for half an hour."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from index.following import asks, resolve

Key = tuple[int, str]  # chat, user
Turn = tuple[int, float, str]  # its number, seconds, what was asked
KEPT_SECONDS = 30 * 60
_CONVERSATIONS = 10_000
_TURNS = 2  # an edited last question leans on the one before it


class Memory:
    """The last questions of each conversation; `now` gives seconds of a clock that never goes back.

    `recall` gives what a conversation had before, in another process, and how many seconds ago; it may block. `note`
    is told what to recall later.
    """

    def __init__(
        self,
        recall: Callable[[int, str], Sequence[Turn]] = lambda chat, user: (),
        note: Callable[[Key, int, str], None] = lambda key, turn, asked: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._recall, self._note, self._now = recall, note, now
        self._asked: OrderedDict[Key, list[Turn]] = OrderedDict()

    def whole(self, key: Key, turn: int, text: str) -> str:
        """What `text` asks, made whole by the last question of an earlier turn; turns are numbers that grow."""
        if key not in self._asked:
            now = self._now()
            self._asked[key] = [(number, now - since, asked) for number, since, asked in self._recall(*key)]
        limit = self._now() - KEPT_SECONDS
        earlier = [asked for number, at, asked in self._asked[key] if number < turn and at >= limit]
        whole = (resolve(earlier[-1], text) if earlier else None) or text
        if asks(whole):  # a greeting in between is not what "còn An Giang?" leans on
            self._keep(key, turn, whole)
            self._note(key, turn, whole)
        return whole

    def forget(self, key: Key) -> None:
        """Begin anew."""
        self._asked[key] = []

    def _keep(self, key: Key, turn: int, text: str) -> None:
        others = [asked for asked in self._asked.pop(key, []) if asked[0] != turn]
        self._asked[key] = sorted([*others, (turn, self._now(), text)])[-_TURNS:]
        while len(self._asked) > _CONVERSATIONS:
            self._asked.popitem(last=False)
