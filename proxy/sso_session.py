# SPDX-License-Identifier: Apache-2.0
"""Single sign-on: what the proxy remembers of a person between two services (design 7).

The rules:

- The browser holds a random id and nothing else. The store knows only the id's hash, and what it keeps is sealed with
  a key made of the proxy's own and the id: neither the store nor the proxy alone can read a person's values.
- A session ends thirty minutes after its last use, sixty after its beginning, and when the identity provider said so.
- It holds the source, the time of the real sign-in and what the home organisation said; both gates and the release
  run anew for each service.
- It begins only with a login that went through: who was refused can choose another account. The one that the browser
  held before ends with every fresh sign-in, refused or not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from federation.home import HomeValues
from proxy.store import Store

IDLE: Final = timedelta(minutes=30)
LIFETIME: Final = timedelta(minutes=60)

_NONCE_BYTES: Final = 12
_HOME_VALUES: Final = TypeAdapter(HomeValues)


@dataclass(frozen=True)
class SsoSession:
    """A person who has signed in at `source` (a flow name), and may go on to another service."""

    source: str
    issuer: str
    authn_instant: datetime
    home_values: HomeValues
    home_end: datetime | None = None
    """When the identity provider ends its own session, where it has said so; this one ends by then."""


class SsoSessions:
    """The sessions of one proxy, in the store that its workers share; every call may raise `StoreUnavailableError`."""

    def __init__(self, store: Store, key: bytes) -> None:
        """Keep sessions in `store`, sealed with `key`."""
        self._store = store
        self._key = key

    def begin(self, session: SsoSession, now: datetime) -> str:
        """Remember `session` and return its fresh id."""
        session_id = secrets.token_urlsafe(32)
        end = now + LIFETIME if session.home_end is None else min(now + LIFETIME, session.home_end)
        self._store.put_session(_name(session_id), self._seal(session_id, session), now + IDLE, end)
        return session_id

    def resume(self, session_id: str, now: datetime) -> SsoSession | None:
        """Return the session and count this as its use; None when it is over, unknown or altered."""
        sealed = self._store.use_session(_name(session_id), now, now + IDLE)
        return None if sealed is None else self._open(session_id, sealed)

    def end(self, session_id: str) -> None:
        """Forget the session."""
        self._store.end_session(_name(session_id))

    def _seal(self, session_id: str, session: SsoSession) -> bytes:
        values = {
            "source": session.source,
            "issuer": session.issuer,
            "authn_instant": int(session.authn_instant.timestamp()),
            "home_values": vars(session.home_values),
            "home_end": None if session.home_end is None else int(session.home_end.timestamp()),
        }
        nonce = os.urandom(_NONCE_BYTES)
        content = zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())
        return nonce + self._cipher(session_id).encrypt(nonce, content, None)

    def _open(self, session_id: str, sealed: bytes) -> SsoSession | None:
        try:
            content = self._cipher(session_id).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            return None
        values = json.loads(zlib.decompress(content))
        home_end = values.get("home_end")
        return SsoSession(
            source=values["source"],
            issuer=values["issuer"],
            authn_instant=datetime.fromtimestamp(values["authn_instant"], UTC),
            home_values=_HOME_VALUES.validate_python(values["home_values"]),
            home_end=None if home_end is None else datetime.fromtimestamp(home_end, UTC),
        )

    def _cipher(self, session_id: str) -> AESGCM:
        return AESGCM(hmac.digest(self._key, b"sso session\0" + session_id.encode(), "sha256"))


def _name(session_id: str) -> str:
    """Return what the store knows a session by: who reads the store cannot take a session over."""
    return hashlib.sha256(session_id.encode()).hexdigest()
