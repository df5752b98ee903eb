# SPDX-License-Identifier: Apache-2.0
"""gunicorn for one part, with settings from here alone: no file, no command line, no environment of gunicorn's own.

The local stack's launcher hands it open sockets; in a container it listens by itself (`serve`). Whatever stands in
front is believed in nothing: a part knows its public address from what was rendered for it.
"""

from __future__ import annotations

import gc
import os
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from federation.endpoints import PartName
from party.draining import Notice, NoticingArbiter
from party.process import PartEnvironment, logging_config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS: Final = 8
"""How many requests a worker answers at a time; of them a data service may hold its share (`proxy.asking.data_service`)."""

CONTAINER_PORT: Final = 8000
"""What a part listens on in its container, on plain http: the balancer in front ends TLS."""
NOTICE_SECONDS: Final = 4
"""How long a container that is told to stop goes on as before, but says that it is not ready: the balancer asks every
second, and believes the second answer (`testbed.stacks.compose.balancer`)."""
DRAIN_SECONDS: Final = 10
"""How long it lets begun answers finish after that; the balancer waits for none longer."""

WORKERS: Final[dict[PartName, int]] = {"proxy": 2}
"""More than one where the part's state is shared; the simulators keep theirs in memory."""


@dataclass(frozen=True)
class Listening:
    """Where a part listens, in gunicorn's words, what it ends TLS with, and how long it takes to end.

    Behind a balancer the client's address comes by the PROXY protocol, from whoever connects.
    """

    addresses: Sequence[str]
    certificate: str | None = None
    drain_seconds: int = 2
    notice_seconds: float = 0
    is_behind_balancer: bool = False


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """One part as a server; `run` returns never, it ends the process."""

    def __init__(self, part: PartName, listening: Listening, create: Callable[[], WSGIApplication]) -> None:
        """Serve what `create` makes, anew in each worker."""
        self._settings: dict[str, Any] = {
            "bind": list(listening.addresses),
            "worker_class": "gthread",
            "workers": WORKERS.get(part, 1),
            "threads": THREADS,
            "timeout": 60,
            "graceful_timeout": listening.drain_seconds,
            "keepalive": 2,
            # gunicorn would believe whoever connects when they say where the part was mounted, or that it is on https
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "control_socket_disable": True,
            "logger_class": _Log,
            "logconfig_dict": logging_config(),
            "proc_name": f"testbed-{part}",
        }
        if listening.certificate is not None:
            self._settings |= {"certfile": listening.certificate, "ssl_context": _OneTlsContext()}
        if listening.is_behind_balancer:
            self._settings |= {"proxy_protocol": "auto", "proxy_allow_ips": "*"}
        self._part = part
        self._notice = Notice(listening.notice_seconds)
        self._create = create
        super().__init__()

    def load_config(self) -> None:
        """Take the settings over."""
        for setting, value in self._settings.items():
            self.cfg.set(setting, value)

    def load(self) -> WSGIApplication:
        """Make a worker's app."""
        return self._notice.in_front_of(self._create(), self._part)

    def run(self) -> None:
        """Serve until SIGTERM, and as long after it as was asked for."""
        NoticingArbiter(self, self._notice).run()


def serve(create: Callable[[], WSGIApplication]) -> None:
    """Serve what `create` makes as the part that the environment names, in a container, until SIGTERM.

    Raises `InputError` where the environment is not as it should be.
    """
    part = PartEnvironment.from_environ(os.environ).part
    # all addresses: those of a container are reached from its own networks alone
    listening = Listening(
        [f"0.0.0.0:{CONTAINER_PORT}"],
        drain_seconds=DRAIN_SECONDS,
        notice_seconds=NOTICE_SECONDS,
        is_behind_balancer=True,
    )
    gc.freeze()  # what is imported stays shared between the workers
    Server(part, listening, create).run()


class _Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's log without its access log: addresses carry SAML messages, searches and who asked."""

    def access(self, *_: Any) -> None:  # noqa: ANN401 -- gunicorn's signature
        """Write nothing."""


class _OneTlsContext:
    """The TLS context of a worker: gunicorn would read key and certificate for each connection (as of 27.0.1).

    It is made by the first connection, so a worker that was started anew presents what is on disk then.
    """

    def __init__(self) -> None:
        self._context: ssl.SSLContext | None = None

    def __call__(self, _config: Any, make_context: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:  # noqa: ANN401 -- gunicorn's signature
        if self._context is None:
            self._context = make_context()
        return self._context
