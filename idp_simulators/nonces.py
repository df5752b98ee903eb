# SPDX-License-Identifier: Apache-2.0
"""The nonces that one provider was lately asked with, so that a fault can answer with another login's."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from typing import Final

REMEMBERED: Final = 20

_BYTES: Final = 18
"""As many as 24 letters of base64 stand for."""


class Nonces:
    """The last few nonces, newest last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._heard: deque[str] = deque(maxlen=REMEMBERED)
        self._lock = threading.Lock()

    def heard(self, nonce: str) -> None:
        """Remember a nonce."""
        with self._lock:
            self._heard.append(nonce)

    def another(self, nonce: str) -> str:
        """Return the newest that is not this one, a fresh one where there is none."""
        with self._lock:
            others = [each for each in self._heard if each != nonce]
        return others[-1] if others else secrets.token_urlsafe(_BYTES)
