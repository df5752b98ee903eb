# SPDX-License-Identifier: Apache-2.0
"""Signing in to customer service: the declared people, by the password rule of the testbed.

The rules:
- A password is the user name followed by `pwd`, as everywhere in this testbed; nobody chooses another one.
- A try counts before its password is looked at; five of them without the right one lock the name (`SignInTries`). A
  name that nobody has is locked like any other.
- Signing in and out stand in the audit trail.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias

from federation.publisher import StaffMember
from sp_stub.data.audit_trail import Act, AuditTrail, Subject
from sp_stub.data.sign_in_tries import SignInTries
from sp_stub.data.staff_sessions import StaffSession, StaffSessions

Verdict: TypeAlias = Literal["signed-in", "wrong", "locked"]

MAX_NAME: Final = 61
_ENDING: Final = "pwd"


class StaffSignIn:
    """The way in for customer service."""

    def __init__(
        self, staff: Mapping[str, StaffMember], sessions: StaffSessions, tries: SignInTries, trail: AuditTrail
    ) -> None:
        """Let the declared `staff` in."""
        self.staff = staff
        self._sessions = sessions
        self._tries = tries
        self._trail = trail

    def sign_in(self, typed_name: str, password: str, session: str, replaces: str | None, now: datetime) -> Verdict:
        """Try a name and a password; when they are right, `session` is open."""
        name = typed_name.strip().casefold()[:MAX_NAME]
        counted = f"staff\n{name}"
        if self._tries.admit(counted, now) is not None:
            return "locked"
        fits = hmac.compare_digest(
            password.encode("utf-8", "surrogateescape"), f"{name}{_ENDING}".encode("utf-8", "surrogateescape")
        )
        if not fits or name not in self.staff:
            return "wrong"
        self._tries.forget(counted)
        self._sessions.start(session, name, now, replaces)
        self._trail.record(Act(name, "signed-in", Subject("staff", name)), now)
        return "signed-in"

    def find(self, session: str, now: datetime) -> StaffSession | None:
        """Return whose session it is; nobody's when they are no longer declared."""
        found = self._sessions.find(session, now)
        return found if found is not None and found.staff in self.staff else None

    def sign_out(self, session: str, now: datetime) -> None:
        """End a session, and what it was looking at as somebody else."""
        found = self.find(session, now)
        self._sessions.end(session, now)
        if found is not None:
            self._trail.record(Act(found.staff, "signed-out", Subject("staff", found.staff)), now)
