# SPDX-License-Identifier: Apache-2.0
"""Customer service's front door: signing in and out, and the desk."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from sp_stub.data.staff_sessions import StaffSession
from sp_stub.staff.sign_in import Verdict
from sp_stub.web.form_token import forget_form_token
from sp_stub.web.limits import password_limits
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk

_STATUS: Final = {"wrong": HTTPStatus.UNPROCESSABLE_ENTITY, "locked": HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True)
class _Person:
    key: str
    name: str


@dataclass(frozen=True)
class _Change:
    """Something that differs from the declaration."""

    kind: str
    name: str
    url: str


@dataclass(frozen=True)
class SignInRoutes:
    """The way in and out, and the first page."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", FRONT, self.front),
            Route("POST", f"{FRONT}/kirjaudu", self.sign_in, limits=password_limits("username")),
            Route("POST", f"{FRONT}/kirjaudu-ulos", self.sign_out),
        )

    def front(self) -> Response:
        """Show the desk to who is signed in, the sign-in to everybody else."""
        if self.desk.staff() is None:
            return self._sign_in_page()
        return self.desk.staff_only(self._desk_page)()

    def sign_in(self) -> Response:
        """Try a user name and a password."""
        cookies, name = self.desk.site.cookies, request.form.get("username", "")
        session = cookies.make_id()
        verdict = self.desk.service.sign_in.sign_in(
            name, request.form.get("password", ""), session, cookies.read(request, "staff"), self.desk.now()
        )
        if verdict != "signed-in":
            return self._sign_in_page(name, verdict)
        response = self.desk.site.answers.to_self(FRONT)
        cookies.give(response, "staff", session)
        return response

    def sign_out(self) -> Response:
        """End the session here, and what it was looking at as somebody else."""
        cookies = self.desk.site.cookies
        session = cookies.read(request, "staff")
        if session is not None:
            self.desk.service.sign_in.sign_out(session, self.desk.now())
        forget_form_token()
        response = self.desk.site.answers.to_self(FRONT)
        cookies.take(response, "staff")
        return response

    def _sign_in_page(self, name: str = "", verdict: Verdict | None = None) -> Response:
        people = [_Person(key, member.name) for key, member in self.desk.service.sign_in.staff.items()]
        return self.desk.site.answers.page(
            request,
            "staff/sign_in.html",
            status=_STATUS.get(verdict or "", HTTPStatus.OK),
            username=name,
            problem=verdict,
            people=people,
        )

    def _desk_page(self, staff: StaffSession) -> Response:
        waiting = self.desk.service.inbox.waiting()
        return self.desk.page(staff, "front.html", "front", waiting=waiting, changes=self._changes())

    def _changes(self) -> list[_Change]:
        remembered, register = self.desk.service.business.remembered(), self.desk.service.register
        schools = [
            _Change(
                "activated" if is_on else "deactivated",
                register.school_name(code, self.desk.language),
                f"{FRONT}/oppilaitokset/{code}",
            )
            for code, is_on in sorted(remembered.activation.items())
        ]
        customers = [
            _Change(
                "reopened" if is_on else "ended",
                register.customer_name(key, self.desk.language),
                f"{FRONT}/asiakkaat/{key}",
            )
            for key, is_on in sorted(remembered.contract.items())
        ]
        return [*schools, *customers]
