# SPDX-License-Identifier: Apache-2.0
"""A connection to PostgreSQL that waits for no answer longer than it was told to.

The server's own time-outs are no help against a server that hangs, and TCP's none where the machine it is on still
answers: its time stands still, and that of everybody who asks it.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen

RV = TypeVar("RV")

ANSWER_SECONDS: Final = 4.0
"""A little more than what the server itself is given for a statement, which knows better what it waits for."""


class ServerHangsError(psycopg.OperationalError):
    """The server has not answered in time; the connection is closed."""


class PromptConnection(psycopg.Connection[Any]):
    """A connection of psycopg's, every exchange on which is over in `ANSWER_SECONDS` or fails."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the server as psycopg does, and close the connection when it does not answer.

        Raises `ServerHangsError`.
        """
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as error:  # noqa: SLF001 -- psycopg 3.3 has no public name for it
            self.close()
            message = "the server does not answer in time"
            raise ServerHangsError(message) from error
