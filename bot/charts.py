"""Charts as pictures, with the [charts] extra; drawn without a screen and safely from any thread."""

import io
from collections.abc import Sequence
from importlib.util import find_spec

_WIDE, _HIGH, _DOTS = 6.0, 4.0, 160  # inches and dots an inch: sharp on a phone


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("matplotlib") is not None


def stacked(title: str, labels: Sequence[str], parts: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """A PNG of stacked bars: a bar for each label, a part (name, values) above the other."""
    from matplotlib.figure import Figure  # not pyplot: that keeps figures alive and belongs to one thread
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(_WIDE, _HIGH), dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    base = [0] * len(labels)
    for name, values in parts:
        axes.bar(labels, values, bottom=base, label=name)
        base = [low + value for low, value in zip(base, values, strict=True)]
    axes.set_title(title)
    axes.tick_params(axis="x", rotation=45)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
