# SPDX-License-Identifier: Apache-2.0
"""A step: one thing customer service may do to a subject, which a page asks for once more, with a reason.

The rules:
- A step exists only while it may be done; its address is unknown otherwise.
- The form carries how the subject was found, and the newest entry of the audit trail about it. Where either is another
  one by now, because somebody else was faster or the form is an old one sent again, nothing is done (409).
- A reason must be given; it goes into the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Generic, TypeVar

from flask import Response, request

from sp_stub.data.audit_trail import Subject
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.staff.reasons import Reason, read_reason
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import DONE, Desk, Place

Found = TypeVar("Found")


@dataclass(frozen=True)
class Step:
    """A step as its page shows it: what it is about, and how that was found."""

    name: str
    subject: Subject
    url: str
    back: str
    about: str
    found: str


@dataclass(frozen=True)
class StepRoutes(Generic[Found]):
    """The pages of a subject's steps below `path`, such as `/asiakaspalvelu/asiakkaat/<key>`.

    `find` returns the subject that an address names; `steps` what may be done to it now; `do` does it, and returns
    where to go, or `None` where the subject is no longer as it was found.
    """

    desk: Desk
    path: str
    place: Place
    find: Callable[[str], Found | None]
    steps: Callable[[Found], Sequence[Step]]
    do: Callable[[Found, str, StaffSession, str], str | None]

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        path = f"{self.path}/<step>"
        return (
            Route("GET", path, self.desk.staff_only(self.ask)),
            Route("POST", path, self.desk.staff_only(self.act)),
        )

    def ask(self, staff: StaffSession, key: str, step: str) -> Response:
        """Show what would be done, and ask why."""
        _, found = self._step(key, step)
        return self.desk.not_found() if found is None else self._page(staff, found, Reason(""))

    def act(self, staff: StaffSession, key: str, step: str) -> Response:
        """Do it."""
        subject, found = self._step(key, step)
        if subject is None:
            return self.desk.not_found()
        if found is None or request.form.get("found") != found.found:
            return self.desk.changed_meanwhile()
        reason = read_reason(request.form.get("reason", ""))
        if reason.problem is not None:
            return self._page(staff, found, reason)
        target = self.do(subject, step, staff, reason.text)
        if target is None:
            return self.desk.changed_meanwhile()
        return self.desk.site.answers.to_self(target)

    def _step(self, key: str, name: str) -> tuple[Found | None, Step | None]:
        subject = self.find(key)
        if subject is None:
            return None, None
        found = next((step for step in self.steps(subject) if step.name == name), None)
        if found is None:
            return subject, None
        newest = self.desk.service.trail.newest(found.subject)
        return subject, replace(found, found=f"{found.found}-{newest}")

    def _page(self, staff: StaffSession, step: Step, reason: Reason) -> Response:
        status = HTTPStatus.OK if reason.problem is None else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.desk.page(
            staff,
            "confirm.html",
            self.place,
            status=status,
            step=step,
            reason=reason.text,
            problem=reason.problem,
        )


def done_at(path: str) -> str:
    """Return the address of a page that then says that it is done."""
    return f"{path}?{DONE}=1"
