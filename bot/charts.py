"""Charts as pictures, with the [charts] extra; drawn without a screen and safely from any thread."""

import io
import math
from collections.abc import Sequence
from importlib.util import find_spec
from textwrap import fill
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDE, _HIGH, _DOTS = 6.0, 4.0, 160  # inches and dots an inch: sharp on a phone
_LETTERS, _SMALL = 13, 11  # points
_FULL, _PALE = "#1f77b4", "#aec7e8"
_VIETNAMESE = str.maketrans(",.", ".,")


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


def bars(title: str, rows: Sequence[tuple[str, float, str, bool]], foot: str) -> bytes:
    """A PNG of horizontal bars (label, value, what stands at its end, pale), the first on top; tall as a phone."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDE, max(_HIGH, 1.6 + 0.32 * len(rows))), dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    drawn = axes.barh(places, [value for _, value, _, _ in rows], color=[_PALE if p else _FULL for *_, p in rows])
    axes.bar_label(drawn, [f" {said}" for _, _, said, _ in rows], fontsize=_SMALL)
    axes.set_yticks(places, [label for label, *_ in rows], fontsize=_LETTERS)
    axes.invert_yaxis()
    axes.margins(x=0.35, y=0.01)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    return _png(figure, title, foot)


def lines(title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], foot: str) -> bytes:
    """A PNG of a line for each name over the same labels; a missing value is a gap in it."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    figure = Figure(figsize=(_WIDE, _WIDE), dpi=_DOTS, layout="constrained")
    axes = figure.subplots()
    for name, values in series:
        heights = [math.nan if value is None else value for value in values]
        axes.plot(range(len(labels)), heights, marker="o", linewidth=2, label=name)
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(len(labels)), labels, fontsize=_LETTERS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".translate(_VIETNAMESE)))
    axes.tick_params(axis="y", labelsize=_LETTERS)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=_LETTERS)
    return _png(figure, title, foot)


def _png(figure: "Figure", title: str, foot: str) -> bytes:
    figure.suptitle(fill(title, 44), fontsize=_LETTERS + 3)
    figure.supxlabel(foot, fontsize=_SMALL, color="gray")
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
