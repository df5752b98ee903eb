# SPDX-License-Identifier: Apache-2.0
"""Telling the balancer that this part will stop, before it does.

On SIGTERM a container's server goes on answering for a while, and says at `/readyz` that it is stopping: the balancer
sees it at its next checks and sends nothing more. Only then is the door shut, and what has begun is let finish.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gunicorn.arbiter import Arbiter

from federation.endpoints import PartName
from party.health import Health, part_version

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from gunicorn.app.base import BaseApplication

REASON: Final = "stopping"


class Notice:
    """Whether a server has been told to stop; made before its workers are, all of its processes share it."""

    def __init__(self, seconds: float) -> None:
        """Give the balancer so many seconds to see it."""
        self.seconds = seconds
        self._shared = mmap.mmap(-1, 1)

    @property
    def is_given(self) -> bool:
        """Tell whether the part is stopping."""
        return self._shared[0] == 1

    def give(self) -> None:
        """Say from now on that the part is stopping."""
        self._shared[0] = 1

    def in_front_of(self, app: WSGIApplication, part: PartName) -> WSGIApplication:
        """Return `app`, which is not ready any more once the notice is given, and answers everything else as before."""
        stopping = Health(app, part, part_version(), lambda: REASON)

        def either(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return (stopping if self.is_given else app)(environ, start_response)

        return either


class NoticingArbiter(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's master, which gives notice before it stops."""

    def __init__(self, app: BaseApplication, notice: Notice) -> None:
        """Run `app`, whose workers know `notice`."""
        self._notice = notice
        super().__init__(app)

    def handle_term(self) -> None:
        """Give notice, wait until it has been seen, and stop as gunicorn does; workers go on meanwhile."""
        self._notice.give()
        time.sleep(self._notice.seconds)
        super().handle_term()
