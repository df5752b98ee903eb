# SPDX-License-Identifier: Apache-2.0
"""Activation of MPASSid, school by school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from sp_stub.data.audit_trail import Act, Subject
from sp_stub.data.changes import BusinessDecision
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.staff.schools import MAX_QUERY, MOST_FOUND, SchoolRecord
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk
from sp_stub.web.routes.staff.steps import Step, StepRoutes, done_at

PATH: Final = f"{FRONT}/oppilaitokset"
_DECIDES: Final = {"activate": True, "deactivate": False, "school-as-declared": None}
FOUND: Final = {None: "as-declared", True: "on", False: "off"}
"""How a subject was found, as a form says it."""


@dataclass(frozen=True)
class SchoolView:
    """A school as a page shows it; `decided` is what customer service decided, `None` where it is as declared."""

    code: str
    name: str
    customer_key: str
    customer: str
    is_activated: bool
    is_declared_activated: bool
    decided: bool | None


@dataclass(frozen=True)
class SchoolRoutes:
    """The search, and each school with what may be decided about it."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        steps = StepRoutes(self.desk, f"{PATH}/<key>", "schools", self.find, self.steps, self.do)
        return (
            Route("GET", PATH, self.desk.staff_only(self.search)),
            Route("GET", f"{PATH}/<key>", self.desk.staff_only(self.school)),
            *steps.routes(),
        )

    def search(self, staff: StaffSession) -> Response:
        """Show the schools that a query names."""
        query = request.args.get("q", "")[:MAX_QUERY].strip()
        found = self.desk.service.register.find(query)
        schools = [self._view(school) for school in found[:MOST_FOUND]]
        return self.desk.page(staff, "schools.html", "schools", query=query, found=len(found), schools=schools)

    def school(self, staff: StaffSession, key: str) -> Response:
        """Show one school."""
        school = self.find(key)
        if school is None:
            return self.desk.not_found()
        business = self.desk.service.business.declared
        names = {
            licence.product: business.products[licence.product].name.in_language(self.desk.language)
            for licence in business.licences.get(key, ())
            if licence.product in business.products
        }
        return self.desk.page(
            staff,
            "school.html",
            "schools",
            school=school,
            products=list(names.values()),
            steps=self.steps(school),
            history=self.desk.history(Subject("school", key)),
        )

    def find(self, key: str) -> SchoolView | None:
        """Return the school with this code."""
        school = self.desk.service.register.schools.get(key)
        return None if school is None else self._view(school)

    def steps(self, school: SchoolView) -> list[Step]:
        """Return what may be decided about a school now."""
        names = ["deactivate" if school.is_activated else "activate"]
        if school.decided is not None:
            names.append("school-as-declared")
        path = f"{PATH}/{school.code}"
        about = f"{school.name} ({school.code})"
        subject, found = Subject("school", school.code), FOUND[school.decided]
        return [Step(name, subject, f"{path}/{name}", path, about, found) for name in names]

    def do(self, school: SchoolView, step: str, staff: StaffSession, reason: str) -> str | None:
        """Decide about a school."""
        wanted = _DECIDES[step]
        is_on = None if wanted is school.is_declared_activated else wanted
        after = school.is_declared_activated if is_on is None else is_on
        act = Act(
            staff.staff,
            step,
            Subject("school", school.code),
            reason,
            before={"activated": school.is_activated},
            after={"activated": after},
        )
        decision = BusinessDecision("activation", school.code, found=school.decided, is_on=is_on)
        if not self.desk.service.business.changes.decide(decision, act, self.desk.now()):
            return None
        return done_at(f"{PATH}/{school.code}")

    def _view(self, school: SchoolRecord) -> SchoolView:
        return school_view(self.desk, school)


def school_view(desk: Desk, school: SchoolRecord) -> SchoolView:
    """Return a school as it is now."""
    business, language = desk.service.business, desk.language
    return SchoolView(
        code=school.code,
        name=school.name.in_language(language),
        customer_key=school.customer,
        customer=school.customer_name.in_language(language),
        is_activated=business().is_activated(school.code),
        is_declared_activated=business.declared.is_activated(school.code),
        decided=business.remembered().activation.get(school.code),
    )
