# SPDX-License-Identifier: Apache-2.0
"""One worker's part of a run: each arrival begins at its moment, in a greenlet of its own, however slow the system is.

What it knows comes from the master, and everything it finds goes back there: records and samples once a second, one
wrong session at once.
"""

from __future__ import annotations

import gc
import logging
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import gevent
import gevent.pool

from loadtests.briefing import Briefing
from loadtests.conduct import PATIENCE_SECONDS, conduct
from loadtests.connections import PersonBrowser, Place
from loadtests.orders import Orders
from loadtests.records import Record
from loadtests.sampling import own_sample
from party.run_token import bearer_text

REPORT_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger(__name__)

Tell = Callable[[str, dict[str, Any]], None]
"""Sends a message to the master: its type, and what it carries."""
Count = Callable[[Record], None]
"""Is told of each login that ended."""


class Part:
    """The arrivals of one worker, from 0; `begin` lets them come."""

    def __init__(self, orders: Orders, briefings: Sequence[Briefing], worker: int, tell: Tell, count: Count) -> None:
        """Take what is to be done, in the order of time; raises `OSError` where a name cannot be found."""
        self.worker = worker
        self._tell = tell
        self._count = count
        self._briefings = briefings
        self._authorization = bearer_text(orders.run_token)
        tls = _tls(orders.ca_certificate)
        self._places = {origin: Place.of(origin, tls, orders.localhost) for origin in orders.origins.values()}
        self._zero = 0.0
        self._lines: list[str] = []
        self._people = gevent.pool.Group()
        self._work: gevent.Greenlet[..., Any] | None = None
        self.is_ended = False

    @property
    def count(self) -> int:
        """How many arrivals it has."""
        return len(self._briefings)

    def now(self) -> float:
        """Return the seconds since the schedule's start."""
        return time.monotonic() - self._zero

    def begin(self, at: float) -> None:
        """Let the arrivals come from the moment `at`, in seconds since the epoch."""
        self._zero = time.monotonic() + at - time.time()
        # what is there now stays: looking through it again and again would cost what is measured
        gc.collect()
        gc.freeze()
        self._work = gevent.spawn(self._run)

    def end(self) -> None:
        """Let nobody come any more, leave those who are under way, and hand in what there is."""
        self.is_ended = True
        gevent.killall([each for each in (self._work,) if each is not None])
        self._people.kill()
        self.report()

    def report(self) -> None:
        """Hand in what has ended since the last time, and what this process has used."""
        lines, self._lines = self._lines, []
        sample = own_sample(self.now(), str(self.worker))
        self._tell("records", {"worker": self.worker, "lines": lines, "sample": sample.to_json()})

    def _run(self) -> None:
        reporting = gevent.spawn(self._report_for_ever)
        for briefing in self._briefings:
            wait = briefing.at - self.now()
            if wait > 0:
                gevent.sleep(wait)
            self._people.spawn(self._one, briefing)
        self._people.join()
        reporting.kill()
        self.report()
        self.is_ended = True
        self._tell("finished", {"worker": self.worker})

    def _report_for_ever(self) -> None:
        gevent.sleep(max(0.0, -self.now()))
        while True:
            self.report()
            gevent.sleep(REPORT_SECONDS)

    def _one(self, briefing: Briefing) -> None:
        browser = PersonBrowser(self._places, PATIENCE_SECONDS)
        try:
            record = conduct(briefing, browser, self.now, self._authorization, self.worker)
        except Exception:  # noqa: BLE001 -- a fault of the generator makes the run invalid, not one login slow
            _LOG.exception("the generator failed at arrival %s", briefing.number)
            self._tell("broken", {"worker": self.worker, "number": briefing.number})
            return
        finally:
            browser.close()
        self._lines.append(record.to_json())
        self._count(record)
        if record.is_right_person is False:
            self.report()
            self._tell("wrong-session", {"worker": self.worker, "number": record.number})


def _tls(ca_certificate: str | None) -> ssl.SSLContext | None:
    if ca_certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=ca_certificate)
    return context
