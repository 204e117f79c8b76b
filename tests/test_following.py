"""Follow-ups: what leans on the question before is made whole, what stands by itself is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory import KEPT_SECONDS, Memory
from index.following import resolve

BEFORE = "Hậu Giang năm 2016 có bao nhiêu trạm BTS tăng?"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Còn An Giang thì sao?", "An Giang năm 2016 có bao nhiêu trạm BTS tăng?"),
        ("con an giang", "An Giang năm 2016 có bao nhiêu trạm BTS tăng?"),
        ("An Giang?", "An Giang năm 2016 có bao nhiêu trạm BTS tăng?"),
        ("còn Đắk Lắk năm 2017?", "Đắk Lắk năm 2017 có bao nhiêu trạm BTS tăng?"),
        ("năm 2019?", "Hậu Giang năm 2019 có bao nhiêu trạm BTS tăng?"),
        ("nam 2019 thi sao", "Hậu Giang năm 2019 có bao nhiêu trạm BTS tăng?"),
        ("quý III thì sao?", "Hậu Giang quý III năm 2016 có bao nhiêu trạm BTS tăng?"),
        ("năm sau thì sao?", "Hậu Giang năm 2017 có bao nhiêu trạm BTS tăng?"),
        ("bao nhiêu hộ?", "Hậu Giang năm 2016 có bao nhiêu hộ tăng?"),
        ("bao nhieu thue bao?", "hau giang nam 2016 co bao nhieu thue bao tang?"),
        ("giảm bao nhiêu?", "Hậu Giang năm 2016 có bao nhiêu trạm BTS giảm?"),
        ("thế còn thuê bao internet thì sao?", "Hậu Giang năm 2016 có bao nhiêu thuê bao internet tăng?"),
        ("Ai là Giám đốc Sở?", "Hậu Giang năm 2016 Ai là Giám đốc Sở?"),
    ],
)
def test_what_leans_is_made_whole(text: str, whole: str) -> None:
    assert resolve(BEFORE, text) == whole


@pytest.mark.parametrize(
    "text", ["xin chào", "cảm ơn", "An Giang có bao nhiêu điểm phục vụ bưu chính?", "ok", "", "?", "…"]
)
def test_what_stands_by_itself_is_left_alone(text: str) -> None:
    assert resolve(BEFORE, text) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_anything_may_follow_anything(before: str, text: str) -> None:
    whole = resolve(before, text)
    assert whole is None or whole.strip()


def test_memory_is_of_one_conversation_and_half_an_hour() -> None:
    clock = [0.0]
    memory = Memory(lambda: clock[0])
    memory.whole("a", 1, BEFORE)
    assert memory.whole("b", 2, "năm 2019?") == "năm 2019?"
    assert memory.whole("a", 2, "năm 2019?") == "Hậu Giang năm 2019 có bao nhiêu trạm BTS tăng?"
    # An edited question leans on what was asked before it, not on itself.
    assert memory.whole("a", 2, "năm 2017?") == "Hậu Giang năm 2017 có bao nhiêu trạm BTS tăng?"
    clock[0] = KEPT_SECONDS + 1
    assert memory.whole("a", 3, "An Giang?") == "An Giang?"
    memory.whole("a", 4, BEFORE)
    memory.forget("a")
    assert memory.whole("a", 5, "An Giang?") == "An Giang?"
