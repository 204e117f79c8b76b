"""Letters: packing at 4,096 UTF-16 units, escaping, the pace of a person, secrets."""

import html
import logging

from emulator import read_html
from hypothesis import given
from hypothesis import strategies as st

from bot import layout
from bot.access import Pace
from bot.config import load_settings
from bot.logs import Redacting, secrets_of
from bot.sending import LIMIT, pack, units, visible
from corpus.text import clean
from index.records import Answer

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
BLOCK = st.builds(
    lambda text, times: f"<b>{html.escape(clean(text) or 'x', quote=False)}</b>" * times, TEXT, st.integers(1, 12)
)


@given(st.lists(BLOCK, min_size=1, max_size=6), st.integers(60, 300))
def test_packing_loses_nothing_and_keeps_the_limit(blocks: list[str], limit: int) -> None:
    packed = pack(blocks, limit)
    assert all(0 < units(message) <= limit for message in packed)
    whole = "".join(map(visible, blocks))
    assert "".join(map(visible, packed)).replace("\n\n", "") == whole.replace("\n\n", "")
    for message in packed:
        assert read_html(message) == visible(message)


@given(st.text(max_size=200))
def test_whatever_an_answer_says_is_good_html(text: str) -> None:
    (block,) = layout.blocks(Answer("?", None, 0.0, text))
    assert read_html(block) == clean(text)


def test_the_limit_is_telegrams() -> None:
    assert LIMIT == 4096
    assert [units(message) for message in pack(["😀" * 3000])] == [4096, 1904]


def test_pace_allows_twenty_a_minute_and_tells_once() -> None:
    pace = Pace()
    assert [pace.allows(1) for _ in range(21)] == [True] * 20 + [False]
    assert pace.allows(2)
    assert [pace.allows(3, at) for at in range(0, 300, 10)] == [True] * 30  # written one by one, read all at once
    assert [pace.tell(1), pace.tell(1), pace.tell(2)] == [True, False, True]


def test_secrets_are_blotted_out_of_lines_and_tracebacks() -> None:
    token = "123456:" + "a" * 30
    settings = load_settings(
        {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_PROXY": "http://u:geheim@h:1", "HOIDAP_HOME": "/x"}
    )
    formatter = Redacting(secrets_of(settings))
    try:
        raise ValueError(f"https://api/bot{token}/x through http://u:geheim@h:1 not 7654321:{'b' * 30}")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "failed %s", (token,), (ValueError, error, error.__traceback__)
        )
    seen = formatter.format(record)
    assert "ValueError" in seen
    for secret in (token, "geheim", "b" * 30):
        assert secret not in seen
