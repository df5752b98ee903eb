# SPDX-License-Identifier: Apache-2.0
"""One run from prepared to ended: starts the generator, samples the parts, makes trouble, shows how it goes.

Ctrl-C and SIGTERM end it early, and what has ended by then is a run like any other, only shorter.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from federation.errors import TestbedError
from loadtests.generator import Generator, Workers
from loadtests.part_sampling import Sampler
from loadtests.preparing import Prepared
from loadtests.progress import Progress, Tail
from loadtests.records import Record
from loadtests.run_folder import Run, TroubleSeen, append
from loadtests.trouble import Act
from loadtests.turns import SETTLE_SECONDS

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
    _under_way: list[Future[TroubleSeen]] = field(default_factory=list)

    def run(self, workers: Workers) -> Run:
        """Return the run as it ended; raises `TestbedError` where it never began or trouble could not be made."""
        generator = Generator.start(self.prepared, workers)
        # one after the other, beside the watching: what takes long must not keep from seeing how it goes
        with ThreadPoolExecutor(1) as doing:
            try:
                self._follow(generator, doing)
            finally:
                run = generator.close()
            self._look_at_acts(is_over=True)
        if self._seen:
            run = run.model_copy(update={"trouble": tuple(self._seen), **self._invalid(run)})
            self.prepared.folder.write_run(run)
        return run

    def _invalid(self, run: Run) -> Mapping[str, str]:
        """Return why the run says nothing: who is judged by what was not declared yet is judged wrongly."""
        planned = {act.turn.name: act.at for act in self.acts if act.turn is not None}
        for seen in self._seen:
            at = planned.get(seen.name)
            if at is None or seen.done_seconds is None or run.invalid_because is not None:
                continue
            if seen.done_seconds > at + SETTLE_SECONDS:
                late = seen.done_seconds - at
                because = f"{seen.what} ({seen.where}) took until {late:.0f} s after its moment, more than the {SETTLE_SECONDS:g} s that the check allows for"
                return {"invalid_because": because}
        return {}

    def _follow(self, generator: Generator, doing: ThreadPoolExecutor) -> None:
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
                self._under_way.append(doing.submit(_done, acts.pop(0), zero))
            self._look_at_acts()

    def _look_at_acts(self, *, is_over: bool = False) -> None:
        """Note what was done; raises `TestbedError` for what could not be."""
        while self._under_way and (is_over or self._under_way[0].done()):
            self._seen.append(self._under_way.pop(0).result())


def _done(act: Act, zero: float) -> TroubleSeen:
    """Do it, and return when that began and ended."""
    began = time.time() - zero
    try:
        act.do()
    except TestbedError as error:
        message = f"trouble {act.what} at {act.where}: {error}"
        raise TestbedError(message) from error
    done = time.time() - zero
    return TroubleSeen(at_seconds=round(began, 3), done_seconds=round(done, 3), what=act.what, where=act.where)
