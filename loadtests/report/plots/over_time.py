# SPDX-License-Identifier: Apache-2.0
"""Pictures over the run's time: who came and who was done, how long it took, what the parts used."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from loadtests.report.document import Report
from loadtests.report.palette import BAD, CAME, GOOD, INK, PLAN, QUIET, SERIES, TROUBLE
from loadtests.report.plots.drawing import Draw, Size, legend, style, time_axis
from loadtests.report.slices import Slice
from loadtests.report.wording import duration

Series = Sequence[tuple[str, Sequence[tuple[float, float]]]]
_DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))


def arrivals(report: Report, cut: Sequence[Slice], width: int) -> Draw:
    """Draw who came each second against who was done, and what the plan was."""

    def draw(figure: Figure, size: Size) -> None:
        axes = _axes(figure, report, size)
        at = [one.at for one in cut] + [cut[-1].at + width]
        axes.stairs([one.arrived / width for one in cut], at, fill=True, color=CAME, alpha=0.55, label="came")
        axes.plot(
            [moment for moment, _ in report.points],
            [share * report.peak for _, share in report.points],
            color=PLAN,
            linewidth=1.2,
            linestyle=(0, (4, 2)),
            label="planned",
        )
        middles = [one.at + width / 2 for one in cut]
        axes.plot(middles, [one.well / width for one in cut], color=GOOD, linewidth=1.8, label="ended as they should")
        if report.wrong_outcome:
            otherwise = [one.otherwise / width for one in cut]
            axes.plot(middles, otherwise, color=BAD, linewidth=1.8, linestyle=(0, (3, 1)), label="ended otherwise")
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_ylabel("logins a second")
        legend(figure, size)

    return draw


def latency(report: Report, cut: Sequence[Slice], width: int, budget: float | None) -> Draw:
    """Draw how long the logins took that were scheduled at each moment."""

    def draw(figure: Figure, size: Size) -> None:
        axes = _axes(figure, report, size)
        there = [(one.at + width / 2, one.latency) for one in cut if one.latency is not None]
        at = [moment for moment, _ in there]
        axes.fill_between(at, [one.p50 for _, one in there], [one.p95 for _, one in there], color=SERIES[0], alpha=0.18)
        axes.plot(at, [one.longest for _, one in there], ".", color=QUIET, markersize=3.5, label="the longest")
        axes.plot(at, [one.p95 for _, one in there], color=SERIES[0], linewidth=1.8, label="95 of 100 within")
        axes.plot(at, [one.p50 for _, one in there], color=INK, linewidth=1.2, label="half within")
        if budget is not None:
            axes.axhline(budget, color=BAD, linewidth=1.1, linestyle=(0, (4, 2)), label=f"budget, p95 {budget:g} s")
        logarithmic(axes, "y")
        axes.set_ylabel("whole login")
        legend(figure, size)

    return draw


def stacked(report: Report, series: Series, full: int) -> Draw:
    """Draw what the parts used, one on the other, below the line of what there is."""

    def draw(figure: Figure, size: Size) -> None:
        axes = _axes(figure, report, size)
        moments = sorted({moment for _, values in series for moment, _ in values})
        rows = [[dict(values).get(moment, 0.0) for moment in moments] for _, values in series]
        if moments:
            axes.stackplot(
                moments,
                *rows,
                labels=[name for name, _ in series],
                colors=SERIES[: len(series)],
                linewidth=0,
                alpha=0.85,
            )
        axes.axhline(full, color=BAD, linewidth=1.1, linestyle=(0, (4, 2)), label=f"all {full} cores")
        axes.set_ylim(0, full * 1.12)
        axes.set_ylabel("cores in use")
        legend(figure, size)

    return draw


def lines(report: Report, series: Series, label: str, words: Callable[[float], str]) -> Draw:
    """Draw one line for each part."""

    def draw(figure: Figure, size: Size) -> None:
        axes = _axes(figure, report, size)
        for number, (name, values) in enumerate(series):
            axes.plot(
                [moment for moment, _ in values],
                [amount for _, amount in values],
                color=SERIES[number % len(SERIES)],
                linestyle=_DASHES[number % len(_DASHES)],
                linewidth=1.8,
                label=name,
            )
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: words(amount)))
        axes.set_ylabel(label)
        legend(figure, size)

    return draw


def logarithmic(axes: Axes, name: str, *, is_crowded: bool = False) -> None:
    """Make an axis one of durations on a logarithmic scale; a crowded one has fewer words."""
    axis = axes.yaxis if name == "y" else axes.xaxis
    (axes.set_yscale if name == "y" else axes.set_xscale)("log")
    axis.set_major_locator(LogLocator(base=10, subs=(1.0,) if is_crowded else (1.0, 3.0)))
    axis.set_major_formatter(FuncFormatter(lambda seconds, _: duration(seconds)))
    axis.set_minor_formatter(NullFormatter())


def _axes(figure: Figure, report: Report, size: Size) -> Axes:
    """Return axes over the run's time, with the marks of what was done to the system."""
    axes = figure.add_subplot()
    style(axes)
    time_axis(axes, max(report.seconds, report.points[-1][0] if report.points else 0.0), size)
    for number, trouble in enumerate(report.trouble, 1):
        axes.axvline(trouble.at_seconds, color=TROUBLE, linewidth=1.2, linestyle=(0, (1, 1.5)))
        axes.annotate(
            str(number),
            (trouble.at_seconds, 1),
            xycoords=("data", "axes fraction"),
            xytext=(3, -1),
            textcoords="offset points",
            verticalalignment="top",
            color=TROUBLE,
            fontweight="bold",
        )
    return axes
