# SPDX-License-Identifier: Apache-2.0
"""A picture as SVG that stands in a page: no global state of matplotlib, no id twice, colours by the page's style.

Each picture is drawn in two sizes, for a screen and for a telephone, since text in a picture shrinks with it.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from loadtests.report.palette import INK, LINE, QUIET, VARIABLES

_POINTS: Final = 72
_MINUTES_FROM: Final = 300
_ID: Final = re.compile(r'\bid="([^"]+)"')
_REFERENCE: Final = re.compile(r'(url\(#|xlink:href="#|href="#)([^)"]+)')
_FONT: Final = re.compile(r"font(?:-family)?: ?(?:([\d.]+px) )?'?[A-Z][^;\"]*")


@dataclass(frozen=True)
class Size:
    """A picture's size in points, and that of its text; `name` is the class it has in the page."""

    name: str
    width: float
    height: float
    text: float

    @property
    def is_narrow(self) -> bool:
        """Tell whether it is the one for a telephone."""
        return self.name == "narrow"

    def tall(self, times: float) -> Size:
        """Return the size with another height."""
        return Size(self.name, self.width, self.height * times, self.text)


WIDE: Final = Size("wide", 760, 250, 10.5)
NARROW: Final = Size("narrow", 330, 280, 13)

Draw = Callable[[Figure, Size], None]


def picture(name: str, label: str, draw: Draw, tall: float = 1.0) -> str:
    """Return what `draw` draws, in both sizes, as markup; `label` says in a sentence what is to be seen."""
    return "".join(_svg(name, label, draw, size.tall(tall)) for size in (WIDE, NARROW))


def style(axes: Axes) -> None:
    """Give axes the look that all pictures share: a quiet grid, no frame."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6, alpha=0.45)
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, length=0, which="both")
    axes.xaxis.label.set_color(QUIET)
    axes.yaxis.label.set_color(QUIET)


def time_axis(axes: Axes, seconds: float, size: Size) -> None:
    """Make the horizontal axis the run's time, in minutes where it is long."""
    axes.set_xlim(0, max(1.0, seconds))
    if seconds >= _MINUTES_FROM:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at / 60:.0f}"))
        axes.xaxis.set_major_locator(MaxNLocator(5 if size.is_narrow else 10, steps=[1, 1.2, 3, 6, 10]))
        axes.set_xlabel("minutes from the start")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5 if size.is_narrow else 12, integer=True))
        axes.set_xlabel("seconds from the start")


def legend(figure: Figure, size: Size, columns: int = 6) -> None:
    """Put the names above the picture, where they cover nothing."""
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles,
        names,
        loc="outside upper left",
        ncols=min(len(names), 2 if size.is_narrow else columns),
        frameon=False,
        labelcolor=INK,
        borderaxespad=0.2,
        handlelength=1.4,
        columnspacing=1.2,
    )


def _svg(name: str, label: str, draw: Draw, size: Size) -> str:
    with _settings(size):
        figure = Figure(figsize=(size.width / _POINTS, size.height / _POINTS), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure, size)
        written = io.BytesIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_page(written.getvalue().decode("utf-8"), f"{name}-{size.name}", label, size)


@contextmanager
def _settings(size: Size) -> Iterator[None]:
    """Draw text as text, nothing in it as a formula, and the same bytes each time."""
    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "report",
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "font.family": ["DejaVu Sans"],
        "font.size": size.text,
        "axes.labelsize": size.text,
        "xtick.labelsize": size.text,
        "ytick.labelsize": size.text,
        "legend.fontsize": size.text,
        "text.color": INK,
        "path.simplify": True,
    }
    with mpl.rc_context(settings):
        yield


def _for_page(svg: str, name: str, label: str, size: Size) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<style type="text/css">.*?</style>', "", svg, flags=re.DOTALL)
    used = {reference for _, reference in _REFERENCE.findall(svg)}
    svg = _ID.sub(lambda found: f'id="{name}-{found[1]}"' if found[1] in used else "", svg)
    svg = _REFERENCE.sub(lambda found: f"{found[1]}{name}-{found[2]}", svg)
    svg = _FONT.sub(lambda found: f"font-size: {found[1]}" if found[1] else "font-family: inherit", svg)
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    opening = (
        f'<svg class="picture {size.name}" role="img" aria-label="{html.escape(label)}" '
        f'viewBox="0 0 {size.width:g} {size.height:g}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return re.sub(r"<svg[^>]*>", lambda _: opening, svg, count=1)
