# SPDX-License-Identifier: Apache-2.0
"""The master of a run: tells the workers what to do, lets all begin at one moment, and keeps what they find.

It owns the run's `run.json` while Locust runs: `started` is the schedule's first moment, `ended` stands there once
everything is in, `invalid_because` says why a run proves nothing.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import Any, Final

import gevent
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner

from loadtests.orders import Orders
from loadtests.run_folder import Run, RunFolder, append
from loadtests.sampling import own_sample

BEGIN_SECONDS: Final = 0.5
"""From the moment when all workers are ready to the first arrival."""
READY_SECONDS: Final = 120.0
"""How long the workers may take to work everything out."""
LAST_SECONDS: Final = 60.0
"""How long the last logins may take after the schedule's end."""
_LOG: Final = logging.getLogger(__name__)


class Conductor:
    """One run of one Locust environment."""

    def __init__(self, environment: Environment, folder: RunFolder, orders: Orders) -> None:
        """Take the folder, in which `run.json` is there already, and what the workers are to be told."""
        self._environment = environment
        self._folder = folder
        self._run = folder.read_run()
        self._orders = orders
        self._ready: dict[int, int] = {}
        self._finished: set[int] = set()
        self._indices: dict[str, int] = {}
        self._zero = 0.0
        self._is_over = False
        self._is_ending = False

    def prepare(self, settle: float = 0.0) -> None:
        """Tell every worker what to do, once none has come for `settle` seconds; they answer when they are ready."""
        runner = self._environment.runner
        while settle and isinstance(runner, MasterRunner):
            before = len(runner.clients.all)
            gevent.sleep(settle)
            if len(runner.clients.all) == before:
                break
        clients = sorted(client.id for client in runner.clients.all) if isinstance(runner, MasterRunner) else ["local"]
        self._indices = {client: index for index, client in enumerate(clients)}
        orders = Orders(**{**vars(self._orders), "workers": len(clients)}).to_json()
        self._send("prepare", {"orders": orders, "indices": self._indices})
        gevent.spawn_later(READY_SECONDS, self._give_up)

    def on_prepared(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 -- Locust's
        """Let all begin once the last is ready."""
        self._ready[msg.data["worker"]] = msg.data["count"]
        if len(self._ready) == len(self._indices) and not self._zero:
            self._zero = time.time() + BEGIN_SECONDS
            started = datetime.fromtimestamp(self._zero, UTC)
            self._write(started=started, scheduled=sum(self._ready.values()), workers=len(self._ready))
            self._send("begin", {"at": self._zero})
            gevent.spawn(self._watch)

    def on_records(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 -- Locust's
        """Keep what a worker found."""
        append(self._folder.records_path(msg.data["worker"]), msg.data["lines"])
        append(self._folder.samples_path, [msg.data["sample"]])

    def on_finished(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 -- Locust's
        """End the run once the last is done."""
        self._finished.add(msg.data["worker"])
        if len(self._finished) == len(self._indices):
            self._is_over = True
            gevent.spawn(self._end)

    def on_wrong_session(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 -- Locust's
        """End the run at once: a service saw somebody else."""
        _LOG.error("login %s: the service saw somebody else than who signed in", msg.data["number"])
        gevent.spawn(self._end)

    def on_broken(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 -- Locust's
        """Say that the run proves nothing: a worker could not do what it was told."""
        because = msg.data.get("because") or f"the generator itself failed at arrival {msg.data['number']}"
        self._write(invalid_because=because)
        if "because" in msg.data:
            gevent.spawn(self._end)

    def stopped(self) -> None:
        """End the run early because Locust stopped the test: somebody asked it to, or its last worker is gone."""
        if self._is_over or self._is_ending:
            return
        runner = self._environment.runner
        if isinstance(runner, MasterRunner) and runner.clients.missing:
            self._write(invalid_because="a worker was lost")
        self._is_ending = True
        self._send("end", {})
        if self._environment.web_ui is None:
            gevent.spawn(runner.quit)

    def leave(self) -> None:
        """Know that the workers go because the run ends."""
        self._is_ending = True

    def close(self) -> None:
        """Write how the run ended; everything that came is in."""
        if self._run.ended is None:
            # who never began has not ended early either: there is a reason, and it stands there
            because = self._run.invalid_because or (None if self._zero else "the generator never began")
            self._write(ended=datetime.now(UTC), ended_early=not self._is_over, invalid_because=because)

    def _watch(self) -> None:
        """Sample this process, and end a run whose workers are lost or never come to an end."""
        last = self._run.seconds + LAST_SECONDS
        while True:
            gevent.sleep(1.0)
            if self._is_over or self._is_ending:
                return
            at = time.time() - self._zero
            append(self._folder.samples_path, [own_sample(at, "master").to_json()])
            runner = self._environment.runner
            lost = isinstance(runner, MasterRunner) and len(runner.clients.all) < len(self._indices)
            if lost or at > last:
                because = (
                    "a worker was lost" if lost else f"logins were still under way {LAST_SECONDS:g} s after the end"
                )
                self._write(invalid_because=because)
                gevent.spawn(self._end)
                return

    def _give_up(self) -> None:
        """End a run whose workers were never all ready."""
        if not self._zero:
            self._write(invalid_because=f"{len(self._ready)} of {len(self._indices)} workers were ready in time")
            self._end()

    def _end(self) -> None:
        self._is_ending = True
        if self._environment.web_ui is None:
            self._environment.runner.quit()
        else:
            self._environment.runner.stop()

    def _send(self, kind: str, data: dict[str, Any]) -> None:
        runner = self._environment.runner
        if isinstance(runner, MasterRunner | LocalRunner):
            runner.send_message(kind, data)

    def _write(self, **changes: Any) -> None:  # noqa: ANN401 -- any field of a run
        self._run = Run.model_validate({**dict(self._run), **changes})
        self._folder.write_run(self._run)
