"""What every benchmark says: options, results as tables and goals, JSON and a picture."""

import argparse
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

_WIDE, _HIGH, _DOTS = 5.5, 4.2, 120  # inches of a panel and dots an inch
_MARKS = "osD^vPX*"
Cell = str | int | float | None


@dataclass(frozen=True)
class Panel:
    """Lines over corpus sizes {name: {passages: value}}, or bars {name: value}; values on a log scale."""

    title: str
    label: str  # of the values, with their unit
    values: Mapping[str, Any]


@dataclass
class Report:
    """Results of one benchmark: tables and goals, printed as they come, then kept in `out`."""

    name: str
    out: Path
    tables: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        self.tables.append({"title": title, "heads": list(heads), "rows": [list(row) for row in rows]})
        print(f"### {title}\n\n{markdown(heads, rows)}", flush=True)

    def goal(self, what: str, measured: float, most: float | None = None, least: float | None = None) -> None:
        """One limit that was set before measuring, and whether it is kept."""
        met = (most is None or measured <= most) and (least is None or measured >= least)
        limit = f"≤ {shown(most)}" if most is not None else f"≥ {shown(least)}"
        self.goals.append({"goal": what, "limit": limit, "measured": measured, "met": met})

    def finish(self, title: str, panels: Sequence[Panel]) -> None:
        """Print the goals; write benchmarks-NAME.json and .png."""
        if self.goals:
            rows = [[g["goal"], g["limit"], g["measured"], "yes" if g["met"] else "**no**"] for g in self.goals]
            print(f"### Goals\n\n{markdown(('goal', 'limit', 'measured', 'met'), rows)}")
        self.out.mkdir(parents=True, exist_ok=True)
        kept = {"machine": machine(), "tables": self.tables, "goals": self.goals}
        stem = self.out / f"benchmarks-{self.name}"
        stem.with_suffix(".json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
        draw(stem.with_suffix(".png"), title, panels)
        print(f"![{title}]({stem.name}.png)\n", flush=True)


def percentile(values: Sequence[float], percent: int) -> float:
    """
    >>> percentile([1, 2, 3, 4, 5], 50), percentile([7], 95)
    (3.0, 7)
    """
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def times_faster(base: Sequence[float], times: Sequence[float]) -> float:
    """How many times the median of `base` is that of `times`, over the first questions, which both answered."""
    both = min(len(base), len(times))
    return percentile(base[:both], 50) / percentile(times[:both], 50)


def options(doc: str | None, sizes: Sequence[int], short: Sequence[int]) -> argparse.Namespace:
    """--sizes, --short and --out, which every benchmark has; `sizes` has numbers of passages."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="numbers of passages")
    parser.add_argument("--short", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder for JSON and PNG (default: build)")
    given = parser.parse_args()
    given.sizes = given.sizes or list(short if given.short else sizes)
    return given


def markdown(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(map(shown, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shown(value: Cell) -> str:
    """
    >>> shown(0.01234), shown(1.25), shown(12345.6), shown(100000), shown(None), shown("tantivy")
    ('0.012', '1.2', '12,346', '100,000', '–', 'tantivy')
    """
    if value is None or isinstance(value, str):
        return value or "–"
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.1f}"


def machine() -> str:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}, {python}"


def draw(path: Path, title: str, panels: Sequence[Panel]) -> None:
    """A PNG of panels side by side, values on a log scale."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDE * len(panels), _HIGH), dpi=_DOTS, layout="constrained")
    figure.suptitle(title)
    names: list[str] = []  # a line of one name looks the same in all panels
    legend: dict[str, Any] = {}
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        axes.set_title(panel.title, fontsize="medium")
        if all(isinstance(value, Mapping) for value in panel.values.values()):
            names += [name for name in panel.values if name not in names]
            _lines(axes, panel, names)
            legend |= {line.get_label(): line for line in axes.get_lines()}
        else:
            _bars(axes, panel)
    if legend:
        figure.legend(legend.values(), legend.keys(), loc="outside lower center", ncols=min(3, len(legend)))
    figure.savefig(path, format="png")


def _lines(axes: Any, panel: Panel, names: list[str]) -> None:
    from matplotlib.ticker import LogLocator

    for name, points in panel.values.items():
        number = names.index(name)
        look = {"color": f"C{number}", "marker": _MARKS[number % len(_MARKS)]}
        axes.plot(list(points), list(points.values()), label=name, **look)
    sizes = sorted({size for points in panel.values.values() for size in points})
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel=panel.label)
    axes.set_xticks(sizes, labels=[f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:,.5g}")
    axes.grid(alpha=0.3)


def _bars(axes: Any, panel: Panel) -> None:
    bars = axes.barh(list(panel.values), list(panel.values.values()))
    axes.bar_label(bars, labels=[shown(value) for value in panel.values.values()], padding=3)
    axes.set(xscale="log", xlabel=panel.label)
    axes.minorticks_off()
    axes.xaxis.set_major_formatter("{x:,.5g}")
    axes.margins(x=0.2)
    axes.invert_yaxis()


if __name__ == "__main__":
    print("# Speed and memory\n\nMade by `make bench-full`, corpora and questions made up by `benchmarks/made.py`.\n")
    print(f"On {machine()}. Compare figures of one table only: they were measured in turns in one run.\n")
