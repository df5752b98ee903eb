# SPDX-License-Identifier: Apache-2.0
"""The load run as a locustfile: `locust -f loadtests/locustfile.py` works by itself, `testbed load` wraps it.

Locust distributes the run and shows it; when people come is the schedule's. Locust's own users are one for each worker
and wait: an arrival is a greenlet of its own (`loadtests.part`), because a closed population of users would come later
the slower the system is. Locust patches sockets when it is imported, so nothing but these processes imports this file.
"""

from __future__ import annotations

import logging
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
from gevent import get_hub
from locust import User, events, runners, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from federation.errors import TestbedError
from federation.loader import load
from loadtests.conductor import Conductor
from loadtests.orders import Orders, briefings_of
from loadtests.part import Part
from loadtests.preparing import Asked, prepare
from loadtests.records import Record
from loadtests.run_folder import RunFolder
from loadtests.shapes import NATIONAL_PEAK, SHAPES
from loadtests.target import running_target

_LOG = logging.getLogger(__name__)

# Locust gives a worker up after three silent seconds, and with the last one the run: on a machine that the parts fill,
# which is what a run is for, that is soon
runners.HEARTBEAT_LIVENESS = 30


class SchoolMorning(User):  # type: ignore[misc]  # Locust is not looked into
    """Stands for one worker's part in Locust's own count."""

    @task  # type: ignore[untyped-decorator]  # the same
    def wait(self) -> None:
        """Do nothing: people come by the schedule."""
        self.environment.runner.greenlet.join()


class Roles:
    """What this process is in a run: the master, a worker, or both at once."""

    def __init__(self, environment: Environment) -> None:
        """Listen to the messages of the other side."""
        self._environment = environment
        self._conductor: Conductor | None = None
        self._part: Part | None = None
        runner = environment.runner
        if isinstance(runner, WorkerRunner | LocalRunner):
            runner.register_message("prepare", self._prepare_part, concurrent=True)
            runner.register_message("begin", self._begin_part)
            runner.register_message("end", self._end_part)
            environment.events.report_to_master.add_listener(self._hand_in)
        if isinstance(runner, MasterRunner | LocalRunner):
            environment.events.test_start.add_listener(self._conduct)
            environment.events.test_stop.add_listener(self._stopped)
            environment.events.quitting.add_listener(self._leave)
            environment.events.quit.add_listener(self._close)
            for name in ("prepared", "records", "finished", "wrong_session", "broken"):
                runner.register_message(name.replace("_", "-"), self._listener(name))

    def _listener(self, name: str) -> Any:  # noqa: ANN401 -- Locust's
        def listen(environment: Environment, msg: Any, **more: Any) -> None:  # noqa: ANN401 -- Locust's
            if self._conductor is not None:
                getattr(self._conductor, f"on_{name}")(environment, msg, **more)

        return listen

    def _conduct(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        options = self._environment.parsed_options
        try:
            folder, orders = _given(options) if options.orders else _asked(options)
        except TestbedError as error:
            _LOG.error("%s", error)
            self._environment.process_exit_code = error.exit_code
            self._environment.runner.quit()
            return
        self._conductor = Conductor(self._environment, folder, orders)
        gevent.spawn(self._conductor.prepare, options.settle)

    def _stopped(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        self._hand_in()
        if self._conductor is not None:
            self._conductor.stopped()

    def _leave(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        if self._conductor is not None:
            self._conductor.leave()

    def _close(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        if self._conductor is not None:
            self._conductor.close()

    def _prepare_part(self, environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        runner = environment.runner
        worker = msg.data["indices"].get(getattr(runner, "client_id", ""), 0)
        tell = runner.send_message
        try:
            orders = Orders.from_json(msg.data["orders"])
            # in a thread: a worker that says nothing for seconds counts as lost
            work = get_hub().threadpool.apply(briefings_of, (orders, worker))
            self._part = Part(orders, work, worker, tell, self._count)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the master must know
            _LOG.exception("the orders cannot be followed")
            tell("broken", {"worker": worker, "because": f"worker {worker} could not prepare: {error}"})
            return
        tell("prepared", {"worker": worker, "count": self._part.count})

    def _begin_part(self, msg: Any, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        if self._part is not None:
            self._part.begin(msg.data["at"])

    def _end_part(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        if self._part is not None and not self._part.is_ended:
            self._part.end()

    def _hand_in(self, **_: Any) -> None:  # noqa: ANN401 -- Locust's
        """Before Locust leaves: a run that ends early keeps what has ended."""
        if self._part is not None and not self._part.is_ended and self._is_leaving():
            self._part.end()

    def _is_leaving(self) -> bool:
        return self._environment.runner.state in {"stopping", "stopped", "cleanup"}

    def _count(self, record: Record) -> None:
        """Show a login in Locust's own figures."""
        error = None if record.is_right_outcome else RuntimeError(record.failure or record.because or record.outcome)
        fire = self._environment.events.request.fire
        for step, seconds in record.steps.items():
            fire(request_type="step", name=step, response_time=seconds * 1000, response_length=0, exception=None)
        fire(
            request_type="whole",
            name="login",
            response_time=record.latency * 1000,
            response_length=0,
            exception=error,
        )


def _add_options(parser: LocustArgumentParser, **_: Any) -> None:  # noqa: ANN401 -- Locust's
    parser.add_argument("--scenario", choices=sorted(SHAPES), default="first-bell", help="the shape of the arrivals")
    parser.add_argument("--peak", type=float, default=NATIONAL_PEAK, help="logins a second at the peak")
    parser.add_argument("--compression", type=float, default=None, help="how many times faster the morning passes")
    parser.add_argument("--minutes", type=float, default=None, help="how much of the shape's own time")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
    parser.add_argument("--service", default="publisher", help="where people sign in")
    parser.add_argument("--federation", default="federation.yaml", help="the declaration")
    parser.add_argument("--state", default=".testbed", help="the folder of the testbed that runs")
    parser.add_argument("--orders", default="", include_in_web_ui=False, help="what `testbed load` has prepared")
    parser.add_argument("--settle", type=float, default=0.0, help="seconds without a further worker before it begins")
    parser.add_argument("--run-folder", default="", include_in_web_ui=False, help="where `testbed load` wants the run")


def _take_part(environment: Environment, **_: Any) -> None:  # noqa: ANN401 -- Locust's
    Roles(environment)


def _given(options: Namespace) -> tuple[RunFolder, Orders]:
    """Return what `testbed load` has prepared; the orders hold the run's token and are not left lying about."""
    path = Path(options.orders)
    orders = Orders.from_json(path.read_text("utf-8"))
    path.unlink()
    return RunFolder(Path(options.run_folder)), orders


def _asked(options: Namespace) -> tuple[RunFolder, Orders]:
    """Return a run of the testbed that runs, prepared by Locust's own command line."""
    declaration, state = Path(options.federation), Path(options.state).absolute()
    target, _ = running_target(state, load(declaration))
    wanted: Mapping[str, Any] = {
        name: getattr(options, name) for name in ("scenario", "peak", "compression", "minutes", "seed", "service")
    }
    prepared = prepare(Asked(**wanted), declaration, state, target, datetime.now(UTC))
    _LOG.info("this run is kept in %s", prepared.folder.path)
    return prepared.folder, prepared.orders


events.init_command_line_parser.add_listener(_add_options)
events.init.add_listener(_take_part)
