# SPDX-License-Identifier: Apache-2.0
"""A login in progress, kept by the browser: one AES-GCM cookie per login (design 7).

The rules:

- The cookie's name carries the login's random id, and the id is bound into the encryption: a cookie under another
  login's name does not open. Two tabs are two logins.
- It opens for fifteen minutes, by the time inside it; it cannot be read, altered or made without the key.
- It is at most 1,200 bytes: browsers send localhost cookies to every port, and servers refuse long headers.
- Only the four newest are kept; starting a fifth login removes the oldest.

It holds what any worker needs to go on, and nothing of the person.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LIFETIME: Final = timedelta(minutes=15)
MAX_COOKIE_BYTES: Final = 1200
KEPT_LOGINS: Final = 4

_NONCE_BYTES: Final = 12
_MAX_INFLATED: Final = 8192
_LOGIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class StateTooLargeError(ValueError):
    """The state does not fit into its cookie."""


class StateAlteredError(ValueError):
    """The cookie was not made by this proxy for this login."""


class StateExpiredError(ValueError):
    """The login is older than its lifetime."""


@dataclass(frozen=True)
class OpenedState:
    """What a login's cookie held, and when the login began."""

    values: Mapping[str, Any]
    started: datetime


def new_login_id() -> str:
    """Return a fresh id of 128 random bits: 22 characters that stand in a path and a cookie's name."""
    return secrets.token_urlsafe(16)


def is_login_id(text: str) -> bool:
    """Tell whether `text` has the form of a login id."""
    return _LOGIN_ID.fullmatch(text) is not None


class StateSeal:
    """Closes and opens the cookies of logins in progress with one key."""

    def __init__(self, key: bytes) -> None:
        """Use `key`, 32 bytes."""
        self._cipher = AESGCM(key)

    def close(self, login_id: str, values: Mapping[str, Any], started: datetime) -> str:
        """Return the cookie's value; raises `StateTooLargeError` when it would be over 1,200 bytes."""
        content = json.dumps([int(started.timestamp()), dict(values)], ensure_ascii=False, separators=(",", ":"))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, zlib.compress(content.encode(), level=6), login_id.encode("ascii"))
        value = base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode("ascii")
        if len(value) > MAX_COOKIE_BYTES:
            message = f"the login's state takes {len(value)} bytes, {MAX_COOKIE_BYTES} fit"
            raise StateTooLargeError(message)
        return value

    def open(self, login_id: str, value: str, now: datetime) -> OpenedState:
        """Return what `close` was given; raises `StateAlteredError` or `StateExpiredError`."""
        if len(value) > MAX_COOKIE_BYTES:
            raise StateAlteredError
        try:
            sealed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
            packed = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], login_id.encode("ascii"))
        except (binascii.Error, InvalidTag, ValueError) as error:
            raise StateAlteredError from error
        # What the tag vouches for was packed by `close`; the bound is against our own mistakes.
        started, values = json.loads(zlib.decompressobj().decompress(packed, _MAX_INFLATED))
        opened = OpenedState(values, datetime.fromtimestamp(started, UTC))
        if not opened.started - LIFETIME < now < opened.started + LIFETIME:
            raise StateExpiredError
        return opened

    def surplus(self, cookies: Iterable[tuple[str, str]], now: datetime) -> tuple[str, ...]:
        """Return the login ids among `cookies` (id, value) that must go before one more login starts.

        Those that do not open go first, then the oldest, until three are left.
        """
        ages: list[tuple[datetime, str]] = []
        surplus: list[str] = []
        for login_id, value in cookies:
            try:
                ages.append((self.open(login_id, value, now).started, login_id))
            except (StateAlteredError, StateExpiredError):
                surplus.append(login_id)
        ages.sort(reverse=True)
        return (*surplus, *(login_id for _, login_id in ages[KEPT_LOGINS - 1 :]))
