"""What each conversation asked last, so that a follow-up can be understood; kept in memory, for half an hour."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from index.following import asks, resolve

KEPT_SECONDS = 30 * 60
_CONVERSATIONS = 10_000
_TURNS = 2  # an edited last question leans on the one before it


class Memory:
    """The last questions of each conversation; `now` gives seconds of a clock that never goes back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._asked: OrderedDict[Hashable, list[tuple[int, float, str]]] = OrderedDict()

    def whole(self, key: Hashable, turn: int, text: str) -> str:
        """What `text` asks, made whole by the last question of an earlier turn; turns are numbers that grow."""
        limit = self._now() - KEPT_SECONDS
        earlier = [asked for number, at, asked in self._asked.get(key, []) if number < turn and at >= limit]
        whole = (resolve(earlier[-1], text) if earlier else None) or text
        if asks(whole):  # a greeting in between is not what "còn An Giang?" leans on
            self._keep(key, turn, whole)
        return whole

    def forget(self, key: Hashable) -> None:
        """Begin anew."""
        self._asked.pop(key, None)

    def _keep(self, key: Hashable, turn: int, text: str) -> None:
        others = [asked for asked in self._asked.pop(key, []) if asked[0] != turn]
        self._asked[key] = sorted([*others, (turn, self._now(), text)])[-_TURNS:]
        while len(self._asked) > _CONVERSATIONS:
            self._asked.popitem(last=False)
