# SPDX-License-Identifier: Apache-2.0
"""What a service keeps of logins: those it started, the answers it used, the sessions they opened.

Every method is one transaction, so that it holds with several threads and several workers. Ids come in as the browser
holds them and are hashed here. Rows that are over are removed by the writes that follow them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from federation.model import Language
from sp_stub.data.database import Database
from sp_stub.data.hashing import keyed_hash
from sp_stub.data.people_tables import USERS
from sp_stub.data.tables import CONSUMED_MESSAGES, PENDING_LOGINS, SESSIONS
from sp_stub.data.users import USER_COLUMNS, Arrival, Notice, User, arrive, user_of

LOGIN_TIME: Final = timedelta(minutes=15)
"""How long a person may take at the login service: as long as its own login state lives (design 7)."""
MAX_PENDING: Final = 8
"""Logins one browser may have in progress; the oldest give way."""
IDLE_TIME: Final = timedelta(minutes=30)
"""A session that nobody uses ends: on a shared device the next pupil comes after the lesson."""
LIFETIME: Final = timedelta(hours=8)
"""A session in use ends with the school day; the login service itself asks again after an hour (facts-mpassid 5)."""
TOUCH_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: a write for each page would be one too many."""

# What every login asks is put together once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_PENDING: Final = PENDING_LOGINS.c
_FORGET_PENDING: Final = delete(PENDING_LOGINS).where(_PENDING.expires_at <= bindparam("now"))
_REMEMBER_PENDING: Final = insert(PENDING_LOGINS)
_KEEP_NEWEST: Final = delete(PENDING_LOGINS).where(
    _PENDING.browser == bindparam("owner"),
    _PENDING.relay_state.not_in(
        select(_PENDING.relay_state)
        .where(_PENDING.browser == bindparam("owner"))
        .order_by(_PENDING.expires_at.desc())
        .limit(MAX_PENDING)
    ),
)
_FIND_PENDING: Final = select(_PENDING.request_id, _PENDING.target, _PENDING.language).where(
    _PENDING.relay_state == bindparam("state"),
    _PENDING.browser == bindparam("owner"),
    _PENDING.expires_at > bindparam("now"),
)
_FORGET_CONSUMED: Final = delete(CONSUMED_MESSAGES).where(CONSUMED_MESSAGES.c.expires_at <= bindparam("now"))
_CONSUME: Final = insert(CONSUMED_MESSAGES)
_FORGET_SESSIONS: Final = delete(SESSIONS).where(SESSIONS.c.ends_at <= bindparam("now"))
_END_SESSION: Final = delete(SESSIONS).where(SESSIONS.c.id == bindparam("session"))
_OPEN_SESSION: Final = insert(SESSIONS)
_FIND_SESSION: Final = (
    select(SESSIONS.c.is_signed_in, SESSIONS.c.answer, SESSIONS.c.notices, SESSIONS.c.seen_at, *USER_COLUMNS)
    .join_from(SESSIONS, USERS, USERS.c.id == SESSIONS.c.user_id, isouter=True)
    .where(
        SESSIONS.c.id == bindparam("session"),
        SESSIONS.c.ends_at > bindparam("now"),
        SESSIONS.c.seen_at > bindparam("idle_since"),
    )
)


@dataclass(frozen=True)
class PendingLogin:
    """A login this browser started."""

    request_id: str
    target: str
    language: Language


@dataclass(frozen=True)
class StoredAnswer:
    """What a browser's last login brought: `answer` as it was stored, whether it opened a session, and for whom.

    `user` is the person as they are now, not as they were when they signed in; empty where none is kept (the portal).
    """

    is_signed_in: bool
    answer: dict[str, Any]
    user: User | None = None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class ReceivedAnswer:
    """A verified answer to be used once: `messages` are the ids that count, remembered until `usable_until`.

    `ends_at` is when the login service ends the session, if it says so. With an `arrival` the person is made known.
    """

    messages: tuple[str, ...]
    usable_until: datetime
    answer: StoredAnswer
    ends_at: datetime | None = None
    arrival: Arrival | None = None


class LoginStore:
    """A service's logins and sessions in its database."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """Keep state in `database`, ids hashed with `secret`."""
        self.database = database
        self._secret = secret

    def start_login(self, browser: str, relay_state: str, login: PendingLogin, now: datetime) -> None:
        """Remember that `browser` started `login`, found again by `relay_state`."""
        owner = self._hash(browser)
        started = {
            "relay_state": self._hash(relay_state),
            "browser": owner,
            "request_id": login.request_id,
            "target": login.target,
            "language": login.language,
            "expires_at": now + LOGIN_TIME,
        }
        with self.database.begin() as connection:
            connection.execute(_FORGET_PENDING, {"now": now})
            connection.execute(_REMEMBER_PENDING, started)
            connection.execute(_KEEP_NEWEST, {"owner": owner})

    def pending_login(self, browser: str, relay_state: str, now: datetime) -> PendingLogin | None:
        """Return the login that `browser` started under `relay_state`, if it did and it is not over."""
        of_login = {"state": self._hash(relay_state), "owner": self._hash(browser), "now": now}
        with self.database.begin(writes=False) as connection:
            row = connection.execute(_FIND_PENDING, of_login).one_or_none()
        return None if row is None else PendingLogin(row.request_id, row.target, row.language)

    def accept_answer(
        self, received: ReceivedAnswer, session: str, replaces: str | None, now: datetime
    ) -> StoredAnswer | None:
        """Use a verified answer: returns it when it was used for the first time and `session` now holds it.

        `None`, and nothing changed, when any of its messages was used before. The session that the browser `replaces`
        ends, whichever way the login went: on a shared device the next person is never left in the one before.
        """
        end = min(now + LIFETIME, received.ends_at or now + LIFETIME)
        until = received.usable_until
        used = [{"message": self._hash(message), "expires_at": until} for message in received.messages]
        # The person's own row may have been made by another login of theirs at the same moment: then it is there for
        # the second try, and what was used before is so still.
        for _ in range(2):
            with suppress(IntegrityError), self.database.begin() as connection:
                connection.execute(_FORGET_CONSUMED, {"now": now})
                connection.execute(_CONSUME, used)
                held = received.answer
                if received.arrival is not None:
                    user, notices = arrive(connection, received.arrival, now)
                    held = replace(held, user=user, notices=notices)
                self._put_session(connection, session, held, replaces, now, end)
                return held
        return None

    def open_session(self, session: str, user_id: int, replaces: str | None, now: datetime) -> None:
        """Open `session` for the holder of an account; the one that the browser `replaces` ends."""
        with self.database.begin() as connection:
            user = connection.execute(
                update(USERS).where(USERS.c.id == user_id).values(last_seen=now).returning(*USER_COLUMNS)
            ).one()
            answer = StoredAnswer(is_signed_in=True, answer=_no_answer(), user=user_of(user))
            self._put_session(connection, session, answer, replaces, now, now + LIFETIME)

    def end_sessions_of(self, connection: Connection, user_id: int) -> None:
        """Forget every session of a person, within the caller's transaction."""
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))

    def answer_of(self, session: str, now: datetime) -> StoredAnswer | None:
        """Return what `session` holds, if it is neither over nor idle for too long, and note that it is in use."""
        session_hash = self._hash(session)
        of_session = {"session": session_hash, "now": now, "idle_since": now - IDLE_TIME}
        with self.database.begin(writes=False) as connection:
            row = connection.execute(_FIND_SESSION, of_session).one_or_none()
        if row is None:
            return None
        if row.seen_at <= now - TOUCH_EVERY:
            with self.database.begin() as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.id == session_hash).values(seen_at=now))
        user = None if row.id is None else user_of(row)
        return StoredAnswer(row.is_signed_in, row.answer, user, tuple(row.notices or ()))

    def end_session(self, session: str) -> None:
        """Forget `session`."""
        with self.database.begin() as connection:
            connection.execute(_END_SESSION, {"session": self._hash(session)})

    def _put_session(  # a session's row, whole
        self,
        connection: Connection,
        session: str,
        answer: StoredAnswer,
        replaces: str | None,
        now: datetime,
        end: datetime,
    ) -> None:
        connection.execute(_FORGET_SESSIONS, {"now": now})
        if replaces is not None:
            connection.execute(_END_SESSION, {"session": self._hash(replaces)})
        opened = {
            "id": self._hash(session),
            "is_signed_in": answer.is_signed_in,
            "seen_at": now,
            "ends_at": end,
            "answer": answer.answer,
            "user_id": None if answer.user is None else answer.user.id,
            "notices": list(answer.notices),
        }
        connection.execute(_OPEN_SESSION, opened)

    def _hash(self, value: str) -> str:
        return keyed_hash(self._secret, value)


def _no_answer() -> dict[str, Any]:
    """Return what stands in the place of an answer where nobody was asked: the holder of an account signed in here."""
    return {
        "attributes": {},
        "name_id": None,
        "name_id_format": None,
        "authn_context": None,
        "issued_by": None,
        "because": None,
    }
