# SPDX-License-Identifier: Apache-2.0
"""One run from prepared to ended: starts the generator, samples the parts, makes trouble, shows how it goes.

Ctrl-C and SIGTERM end it early, and what has ended by then is a run like any other, only shorter.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from federation.errors import TestbedError
from loadtests.generator import Generator
from loadtests.part_sampling import Sampler
from loadtests.preparing import Prepared
from loadtests.progress import Progress, Tail
from loadtests.records import Record
from loadtests.run_folder import Run, TroubleSeen, append
from loadtests.trouble import Act

_LOOK_SECONDS: Final = 0.25
_SAMPLE_SECONDS: Final = 1.0

Show = Callable[[Progress], None]
Enough = Callable[[Sequence[Record], float], bool]
"""Tells by the records so far and the seconds since the start whether a run may end early."""


def never(_records: Sequence[Record], _at: float) -> bool:
    """Let a run go on to its end."""
    return False


@dataclass
class Stopping:
    """Whether somebody asked for the end."""

    is_asked: bool = False

    @contextmanager
    def by_signals(self) -> Iterator[None]:
        """Take the signals that end a program as the wish to end the run early."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.is_asked = True

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, ask) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


@dataclass
class Running:
    """What happens while the load comes."""

    prepared: Prepared
    sample: Sampler
    stopping: Stopping
    show: Show
    acts: Sequence[Act] = ()
    enough: Enough = never
    _seen: list[TroubleSeen] = field(default_factory=list)

    def run(self, workers: int) -> Run:
        """Return the run as it ended; raises `TestbedError` where it never began or trouble could not be made."""
        generator = Generator.start(self.prepared, workers)
        try:
            self._follow(generator)
        finally:
            run = generator.close()
        if self._seen:
            run = run.model_copy(update={"trouble": tuple(self._seen)})
            self.prepared.folder.write_run(run)
        return run

    def _follow(self, generator: Generator) -> None:
        folder, tail, zero = self.prepared.folder, Tail(self.prepared.folder), 0.0
        acts, next_sample = list(self.acts), 0.0
        run = self.prepared.run
        while generator.is_running:
            time.sleep(_LOOK_SECONDS)
            if self.stopping.is_asked:
                generator.end()
                return
            if not zero:
                begun = generator.begun()
                if begun is None:
                    continue
                zero, run = begun.timestamp(), folder.read_run()
            at = time.time() - zero
            if at >= next_sample:
                append(folder.samples_path, [sample.to_json() for sample in self.sample(round(max(at, 0.0), 3))])
                next_sample = max(next_sample + _SAMPLE_SECONDS, at)
                records = tail.read()
                self.show(Progress.of(run, records, max(at, 0.0)))
                if self.enough(records, at):
                    generator.end()
                    return
            while acts and acts[0].at <= at:
                self._make(acts.pop(0), zero)

    def _make(self, act: Act, zero: float) -> None:
        try:
            act.do()
        except TestbedError as error:
            message = f"trouble {act.what} at {act.where}: {error}"
            raise TestbedError(message) from error
        self._seen.append(TroubleSeen(at_seconds=round(time.time() - zero, 3), what=act.what, where=act.where))
