# SPDX-License-Identifier: Apache-2.0
"""Users: finding one, and what may be done to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from sp_stub.data.audit_trail import Subject
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.staff_users import StaffUser
from sp_stub.web.moments import said
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk, number_in
from sp_stub.web.routes.staff.steps import Step, StepRoutes, done_at

PATH: Final = f"{FRONT}/kayttajat"
MAX_QUERY: Final = 254
_STEPS: Final = {
    "active": ("view", "end-sessions", "block", "close-account"),
    "blocked": ("end-sessions", "unblock"),
    "closed": ("reopen-account",),
    "joined": (),
}
_JOIN: Final = "join"


@dataclass(frozen=True)
class PersonView:
    """A person as a page shows them."""

    id: int
    name: str
    known_as: str
    customer: str
    is_account: bool
    state: str
    last_seen: str


@dataclass(frozen=True)
class PeopleRoutes:
    """The search, and each person with what may be done."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        steps = StepRoutes(self.desk, f"{PATH}/<key>", "people", self.find, self.steps, self.do)
        return (
            Route("GET", PATH, self.desk.staff_only(self.search)),
            Route("POST", PATH, self.desk.staff_only(self.search)),
            Route("GET", f"{PATH}/<key>", self.desk.staff_only(self.person)),
            *steps.routes(),
        )

    def search(self, staff: StaffSession) -> Response:
        """Show who is called what was typed; a POST, because that may be somebody's mail address."""
        query = request.form.get("q", "")[:MAX_QUERY].strip()
        found = self.desk.service.users.search(query) if query else ()
        people = [self._view(user) for user in found]
        return self.desk.page(staff, "people.html", "people", query=query, people=people)

    def person(self, staff: StaffSession, key: str) -> Response:
        """Show one person."""
        user = self.find(key)
        if user is None:
            return self.desk.not_found()
        service = self.desk.service
        return self.desk.page(
            staff,
            "person.html",
            "people",
            person=self._view(user),
            sessions=service.users.sessions(user.id, self.desk.now()),
            earlier=[self._view(other) for other in service.users.earlier(user)],
            grants=grant_views(self.desk, user.id),
            steps=self.steps(user),
            history=self.desk.history(Subject("user", str(user.id))),
        )

    def find(self, key: str) -> StaffUser | None:
        """Return the person with this number."""
        number = number_in(key)
        return None if number is None else self.desk.service.users.find(number)

    def steps(self, user: StaffUser) -> list[Step]:
        """Return what may be done to a person now."""
        names = [*_STEPS[user.state]]
        if user.state == "active" and self.desk.service.users.earlier(user):
            names.append(_JOIN)
        path = f"{PATH}/{user.id}"
        about = f"{user.name} ({user.known_as})" if user.name else user.known_as
        subject = Subject("user", str(user.id))
        return [Step(name, subject, f"{path}/{name}", path, about, user.state) for name in names]

    def do(self, user: StaffUser, step: str, staff: StaffSession, reason: str) -> str | None:
        """Do it."""
        users, now = self.desk.service.users, self.desk.now()
        if step == "view":
            self.desk.service.views.start(staff, user.id, None, reason, now)
            return "/materials"
        if step == "end-sessions":
            is_done = users.end_sessions(user, staff.staff, reason, now)
        elif step == _JOIN:
            earlier = users.earlier(user)
            is_done = bool(earlier) and users.join(user, earlier[0], staff.staff, reason, now)
        else:
            is_done = users.set_state(user, step, staff.staff, reason, now)
        return done_at(f"{PATH}/{user.id}") if is_done else None

    def _view(self, user: StaffUser) -> PersonView:
        language = self.desk.language
        return PersonView(
            user.id,
            user.name,
            user.known_as,
            self.desk.service.register.customer_name(user.customer, language),
            user.is_account,
            user.state,
            said(user.last_seen, language),
        )


@dataclass(frozen=True)
class GrantView:
    """What somebody was given, as a page shows it."""

    number: int
    user: int
    person: str
    product: str
    school: str
    code: str


def grant_views(desk: Desk, user: int | None = None) -> list[GrantView]:
    """Return what everybody was given, or one person."""
    service, language = desk.service, desk.language
    products = service.business.declared.products
    given = service.grants.all() if user is None else service.grants.of_user(user)
    return [
        GrantView(
            one.number,
            one.user,
            one.person or one.account,
            products[one.product].name.in_language(language) if one.product in products else one.product,
            service.register.school_name(one.school, language),
            one.school,
        )
        for one in given
    ]
