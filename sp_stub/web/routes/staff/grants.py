# SPDX-License-Identifier: Apache-2.0
"""Products for itinerant teachers without MPASS: the form, what is given, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Response, request

from sp_stub.data.audit_trail import Subject
from sp_stub.data.grants import Given
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.staff.grant_form import FIELDS, GrantForm, grant_problems, read_grant_form
from sp_stub.staff.granting import Granting
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk, number_in
from sp_stub.web.routes.staff.people import grant_views
from sp_stub.web.routes.staff.steps import Step, StepRoutes, done_at

PATH: Final = f"{FRONT}/kiertavat"
_REVOKE: Final = "revoke-grant"


@dataclass(frozen=True)
class _Product:
    key: str
    name: str


@dataclass(frozen=True)
class GrantRoutes:
    """The form and the list, and each grant."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        steps = StepRoutes(self.desk, f"{PATH}/<key>", "grants", self.find, self.steps, self.do)
        return (
            Route("GET", PATH, self.desk.staff_only(self.grants)),
            Route("POST", PATH, self.desk.staff_only(self.give)),
            *steps.routes(),
        )

    def grants(self, staff: StaffSession) -> Response:
        """Show the form, and what is given."""
        return self._page(staff, GrantForm())

    def give(self, staff: StaffSession) -> Response:
        """Give a product of a school to a teacher."""
        service, now = self.desk.service, self.desk.now()
        form = read_grant_form(request.form)
        problems = grant_problems(form, service.register, service.business(), now)
        if not problems:
            customer = service.register.schools[form.code].customer
            problems = Granting(self.desk.site.desk).grant(form, customer, staff.staff, self.desk.language, now)
        if problems:
            in_order: dict[str, str] = {name: problems[name] for name in FIELDS if name in problems}
            return self._page(staff, replace(form, problems=in_order))
        return self.desk.site.answers.to_self(done_at(PATH))

    def find(self, key: str) -> Given | None:
        """Return the grant with this number."""
        number = number_in(key)
        return None if number is None else self.desk.service.grants.find(number)

    def steps(self, given: Given) -> list[Step]:
        """Return what may be done about a grant."""
        view = next(view for view in grant_views(self.desk, given.user) if view.number == given.number)
        about = f"{view.person}: {view.product}, {view.school} ({view.code})"
        subject = Subject("user", str(given.user))
        return [Step(_REVOKE, subject, f"{PATH}/{given.number}/{_REVOKE}", PATH, about, "given")]

    def do(self, given: Given, _step: str, staff: StaffSession, reason: str) -> str | None:
        """Take it back."""
        is_done = self.desk.service.grants.revoke(given, staff.staff, reason, self.desk.now())
        return done_at(PATH) if is_done else None

    def _page(self, staff: StaffSession, form: GrantForm) -> Response:
        products = [
            _Product(key, product.name.in_language(self.desk.language))
            for key, product in self.desk.service.business.declared.products.items()
        ]
        return self.desk.page(
            staff,
            "grants.html",
            "grants",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK,
            filled=form,
            products=products,
            grants=grant_views(self.desk),
        )
