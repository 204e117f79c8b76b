"""A report in pages around a passage, so that it can be read where it stands."""

SIZE = 1500  # code points of a page, about


def page(text: str, start: int, end: int, number: int) -> tuple[tuple[str, str, str], int, int]:
    """Page `number` (0 holds text[start:end] in its middle, -1 stands before it), and the least and the most number.

    The page comes as (before, passage, after); only page 0 has a passage. Pages join without gap or overlap.

    >>> text = "".join(f"Câu số {n}. " for n in range(1000))
    >>> (before, passage, after), least, most = page(text, 5000, 5010, 0)
    >>> passage == text[5000:5010], least < 0 < most
    (True, True)
    >>> text == "".join("".join(page(text, 5000, 5010, n)[0]) for n in range(least, most + 1))
    True
    """
    half = max(0, SIZE - (end - start)) // 2
    low, high = max(0, start - half), min(len(text), end + half)
    least, most = -((low + SIZE - 1) // SIZE), (len(text) - high + SIZE - 1) // SIZE
    number = max(least, min(most, number))
    if number == 0:
        return (text[low:start], text[start:end], text[end:high]), least, most
    if number < 0:
        stop = low + (number + 1) * SIZE
        return (text[max(0, stop - SIZE) : stop], "", ""), least, most
    begin = high + (number - 1) * SIZE
    return (text[begin : begin + SIZE], "", ""), least, most
