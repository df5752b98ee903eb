# SPDX-License-Identifier: Apache-2.0
"""Pictures of how things are spread: how long each step took, and what ended otherwise than it should, by reason."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from loadtests.figures import WHOLE_LOGIN
from loadtests.report.document import FailureCount, LatencyFigures
from loadtests.report.palette import BAD, INK, LINE, QUIET, SERIES
from loadtests.report.plots.drawing import Draw, Size, legend, style
from loadtests.report.plots.over_time import logarithmic

BINS: Final = 48
LEAST: Final = 0.001
"""Seconds: what is quicker is drawn as this."""
MOST_REASONS: Final = 8
MOST_PROVIDERS: Final = 6
LONGEST_LABEL: Final = 26


def steps(
    latencies: Mapping[str, LatencyFigures], taken: Mapping[str, Sequence[float]], allowed: Mapping[str, float]
) -> Draw:
    """Draw for each step how its times are spread, its p50, p95 and p99, and the p95 it may have."""
    names = [name for name in reversed(list(taken)) if taken[name]]

    def draw(figure: Figure, size: Size) -> None:
        axes = figure.add_subplot()
        style(axes)
        for row, name in enumerate(names):
            edges, counts = _histogram(taken[name])
            heights = [row + 0.72 * count / max(counts) for count in counts]
            axes.stairs(heights, edges, baseline=row, fill=True, color=SERIES[0], alpha=0.35)
        for share, width, colour in (("p50", 1.2, INK), ("p95", 2.4, SERIES[0]), ("p99", 1.2, QUIET)):
            at = [getattr(latencies[name], share) for name in names]
            axes.vlines(
                at, range(len(names)), [row + 0.5 for row in range(len(names))], colour, linewidth=width, label=share
            )
        judged = [(allowed[name], row + 0.1) for row, name in enumerate(names) if name in allowed]
        if judged:
            axes.plot(*zip(*judged, strict=True), "^", color=BAD, markersize=5, label="p95 allowed")
        logarithmic(axes, "x", is_crowded=size.is_narrow)
        axes.grid(visible=True, axis="x", color=LINE, linewidth=0.6, alpha=0.45)
        axes.grid(visible=False, axis="y")
        axes.set_yticks(
            [row + 0.2 for row in range(len(names))], ["whole login" if name == WHOLE_LOGIN else name for name in names]
        )
        axes.tick_params(axis="y", colors=INK)
        axes.set_ylim(-0.1, len(names))
        legend(figure, size)

    return draw


def failures(found: Sequence[FailureCount]) -> Draw:
    """Draw how often logins ended otherwise than they should, by reason and education provider."""
    shown = list(reversed(found[:MOST_REASONS]))
    counted: dict[str, int] = {}
    for failure in shown:
        for provider, count in failure.providers.items():
            counted[provider] = counted.get(provider, 0) + count
    named = sorted(counted, key=lambda provider: (-counted[provider], provider))[:MOST_PROVIDERS]

    def draw(figure: Figure, size: Size) -> None:
        axes = figure.add_subplot()
        style(axes)
        rows = range(len(shown))
        reached = [0] * len(shown)
        rest = [failure.count - sum(failure.providers.get(name, 0) for name in named) for failure in shown]
        bars = [(name, [failure.providers.get(name, 0) for failure in shown]) for name in named]
        for number, (name, counts) in enumerate([*bars, *([("others", rest)] if any(rest) else [])]):
            axes.barh(rows, counts, left=reached, height=0.62, color=SERIES[number], label=name)
            reached = [before + count for before, count in zip(reached, counts, strict=True)]
        for row, failure in zip(rows, shown, strict=True):
            axes.text(failure.count, row, f" {failure.count}", verticalalignment="center", color=INK)
        longest = LONGEST_LABEL if size.is_narrow else 2 * LONGEST_LABEL
        axes.set_yticks(list(rows), [_cut(failure.reason, longest) for failure in shown])
        axes.tick_params(axis="y", colors=INK)
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_xlim(0, max(failure.count for failure in shown) * 1.15)
        axes.set_xlabel("logins")
        legend(figure, size)

    return draw


def _histogram(values: Sequence[float]) -> tuple[list[float], list[int]]:
    """Return the edges of bins of even width on a logarithmic scale, and how many values each holds."""
    low = max(LEAST, min(values)) * 0.95
    high = max(LEAST, *values) * 1.05
    ratio = math.log(high / low)
    counts = [0] * BINS
    for value in values:
        place = int(BINS * math.log(max(value, low) / low) / ratio)
        counts[min(BINS - 1, place)] += 1
    return [low * math.exp(ratio * number / BINS) for number in range(BINS + 1)], counts


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
