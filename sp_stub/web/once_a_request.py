# SPDX-License-Identifier: Apache-2.0
"""What is asked of the database once for each request, however many ask.

A page then decides by one state of things from its first line to its last, and a login that is decided in four steps
costs one statement instead of four.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g, has_request_context

_Answer = TypeVar("_Answer")


def once_a_request(name: str, ask: Callable[[], _Answer]) -> Callable[[], _Answer]:
    """Return a function that gives what `ask` gave first in this request; outside of one it asks each time.

    `name` tells it from everything else that is kept for a request.
    """
    key = f"once_{name}"

    def asked() -> _Answer:
        if not has_request_context():
            return ask()
        if key not in g:
            setattr(g, key, ask())
        answer: _Answer = getattr(g, key)
        return answer

    return asked
