# SPDX-License-Identifier: Apache-2.0
"""What a person sees while a run runs: one line that changes on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from loadtests.progress import Progress

PLAIN_SECONDS: Final = 10.0
_BAR: Final = 30


@contextmanager
def view(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Give what shows progress on `console` while the block lasts."""
    if not console.is_terminal:
        yield _plain(console)
        return
    with Live(Text("preparing…"), console=console, transient=True, auto_refresh=False) as live:

        def show(progress: Progress) -> None:
            live.update(Text(f"{bar(progress)} {progress}"), refresh=True)

        yield show


def bar(progress: Progress) -> str:
    """Return how much of a run is over, as a bar."""
    share = min(1.0, progress.at / progress.seconds) if progress.seconds else 1.0
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)


def _plain(console: Console) -> Callable[[Progress], None]:
    due = [PLAIN_SECONDS]

    def show(progress: Progress) -> None:
        if progress.at >= due[0]:
            console.print(str(progress), markup=False)
            due[0] = progress.at + PLAIN_SECONDS

    return show
