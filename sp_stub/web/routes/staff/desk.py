# SPDX-License-Identifier: Apache-2.0
"""What every address of customer service works with: who is signed in, the page around, what was done to a subject.

The desk is closed to who is not signed in, and to who is looking at the service as somebody: the two never mix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, Literal, TypeAlias

from flask import Response, request

from federation.model import Language
from sp_stub.data.audit_trail import AuditEntry, AuditFilter, Subject
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.staff.service import CustomerService
from sp_stub.web.moments import said
from sp_stub.web.routes.site import Site
from sp_stub.web.support_view import Looking

Place: TypeAlias = Literal["front", "messages", "schools", "customers", "grants", "people", "audit", "statistics"]

FRONT: Final = "/asiakaspalvelu"
DONE: Final = "tehty"
PAGE: Final = "sivu"
_MAX_DIGITS: Final = 9


@dataclass(frozen=True)
class Moment:
    """One entry of the trail as a page shows it."""

    at: datetime
    time: str
    action: str
    staff: str
    reason: str


@dataclass(frozen=True)
class Desk:
    """Customer service's pages of one running publisher."""

    site: Site

    @property
    def looking(self) -> Looking:
        """Customer service and its looks; raises `LookupError` where there is none (the portal)."""
        if self.site.looking is None:
            message = "this service has no customer service"
            raise LookupError(message)
        return self.site.looking

    @property
    def service(self) -> CustomerService:
        """What the pages work with."""
        return self.looking.service

    @property
    def language(self) -> Language:
        """The language of this request."""
        return self.site.answers.language(request)

    def staff(self) -> StaffSession | None:
        """Return who of customer service is signed in here."""
        return self.looking.staff()

    def staff_only(self, view: Callable[..., Response]) -> Callable[..., Response]:
        """Return `view` behind the desk's door; it gets who is signed in before what stands in the address."""

        @wraps(view)
        def guarded(**values: Any) -> Response:  # noqa: ANN401  # whatever stands in the address
            staff = self.staff()
            if staff is None:
                return self.site.answers.to_self(FRONT)
            if self.looking.look() is not None:
                return self.site.answers.page(request, "staff/view_running.html", status=HTTPStatus.FORBIDDEN)
            return view(staff, **values)

        return guarded

    def now(self) -> datetime:
        """Return the time."""
        return self.service.clock()

    def page(
        self,
        staff: StaffSession,
        template: str,
        place: Place,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: Any,  # noqa: ANN401  # whatever the template takes
    ) -> Response:
        """Answer with a page of the desk."""
        return self.site.answers.page(
            request,
            f"staff/{template}",
            status=status,
            place=place,
            staff_name=self.service.sign_in.staff[staff.staff].name,
            done=request.method == "GET" and request.args.get(DONE) == "1",
            **values,
        )

    def history(self, subject: Subject) -> list[Moment]:
        """Return what was done to a subject of late, newest first."""
        page = self.service.trail.page(AuditFilter(kind=subject.kind, subject=subject.id), 1)
        return [self.moment(entry) for entry in page.entries]

    def moment(self, entry: AuditEntry) -> Moment:
        """Return an entry as a page shows it."""
        act = entry.act
        return Moment(entry.at, said(entry.at, self.language), act.action, act.staff, act.reason)

    def not_found(self) -> Response:
        """Answer that there is no such thing."""
        return self.site.answers.fault(request, HTTPStatus.NOT_FOUND, "page-unknown")

    def changed_meanwhile(self) -> Response:
        """Answer that a form came too late, or a second time."""
        return self.site.answers.fault(request, HTTPStatus.CONFLICT, "changed-meanwhile")


def number_in(text: str | None, least: int = 1) -> int | None:
    """Return the number that a part of an address says, `None` where it says none or an enormous one."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
        return None
    number = int(text)
    return number if number >= least else None
