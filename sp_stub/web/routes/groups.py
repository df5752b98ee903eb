# SPDX-License-Identifier: Apache-2.0
"""A teacher's pupils and an administrator-teacher's teachers.

Every address asks again who is signed in and whom they may see now. Who is out of reach is not found, the same as who
does not exist; who may see nobody is refused with the page that says so (116).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Literal

from flask import Response, request

from sp_stub.accounts.names import display_name
from sp_stub.data.memberships import Member
from sp_stub.data.people import Edit
from sp_stub.data.users import MAX_GROUP, User
from sp_stub.rules.who_sees_whom import Group, Rights, rights
from sp_stub.web.account_forms import read_display_name, read_optional_mail
from sp_stub.web.person_facts import person_facts
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import LOGIN_PAGE, Route, Site, Visit

PUPILS: Final = "/ryhmat"
TEACHERS: Final = "/opettajat"
MOST_GROUPS: Final = 20


@dataclass(frozen=True)
class PersonForm:
    """What was typed of somebody, and what is wrong with it; `groups` by school."""

    display_name: str
    mail: str
    groups: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupRoutes:
    """The lists, and each person on them."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", PUPILS, self.pupils),
            Route("GET", f"{PUPILS}/<int:user_id>", self.pupil),
            Route("POST", f"{PUPILS}/<int:user_id>", self.save_pupil),
            Route("GET", TEACHERS, self.teachers),
            Route("GET", f"{TEACHERS}/<int:user_id>", self.teacher),
            Route("POST", f"{TEACHERS}/<int:user_id>", self.save_teacher),
        )

    def pupils(self) -> Response:
        """List the pupils of the teacher's own groups."""
        found = self._right("schools")
        if isinstance(found, Response):
            return found
        _, right = found
        members = self.site.people.pupils(right.groups)
        groups = [self._group(group, members) for group in sorted(right.groups)]
        return self._list("pupils", PUPILS, groups)

    def teachers(self) -> Response:
        """List the teachers of the administrator's own customer."""
        found = self._right("customers")
        if isinstance(found, Response):
            return found
        _, right = found
        schools = self._schools_of(right)
        members, seats = self.site.people.teachers(schools)
        groups = [self._group(Group(school, ""), members) for school in sorted({one.group.school for one in members})]
        return self._list("teachers", TEACHERS, groups, seats=seats)

    def pupil(self, user_id: int) -> Response:
        """Show one pupil."""
        found = self._right("schools")
        if isinstance(found, Response):
            return found
        _, right = found
        user = self.site.people.pupil(user_id, right.groups)
        return self._not_found() if user is None else self._pupil_page(user, _form(user))

    def save_pupil(self, user_id: int) -> Response:
        """Save the name that a pupil is called by."""
        found = self._right("schools")
        if isinstance(found, Response):
            return found
        visit, right = found
        name, problems = read_display_name(request.form.get("display_name", ""))
        user = self.site.people.pupil(user_id, right.groups)
        if user is None:
            return self._not_found()
        if problems:
            return self._pupil_page(user, PersonForm(name or "", "", problems=problems))
        now = self.site.clock()
        if not self.site.people.edit_pupil(visit.user, user_id, Edit(name, None), right.groups, now):
            return self._not_found()
        return self.site.answers.to_self(f"{PUPILS}/{user_id}?saved=data")

    def teacher(self, user_id: int) -> Response:
        """Show one teacher."""
        found = self._right("customers")
        if isinstance(found, Response):
            return found
        _, right = found
        user = self.site.people.teacher(user_id, self._schools_of(right))
        return self._not_found() if user is None else self._teacher_page(user, right, _form(user))

    def save_teacher(self, user_id: int) -> Response:
        """Save a teacher's name, mail and the groups that are given to them here."""
        found = self._right("customers")
        if isinstance(found, Response):
            return found
        visit, right = found
        schools = self._schools_of(right)
        user = self.site.people.teacher(user_id, schools)
        if user is None:
            return self._not_found()
        name, problems = read_display_name(request.form.get("display_name", ""))
        mail, mail_problems = read_optional_mail(request.form.get("mail", ""))
        typed = {school: request.form.get(f"groups-{school}", "") for school in self._schools_here(user, schools)}
        given, group_problems = _read_groups(typed)
        problems = {**problems, **mail_problems, **group_problems}
        if problems:
            return self._teacher_page(user, right, PersonForm(name or "", mail or "", typed, problems))
        edit = Edit(name, mail)
        if not self.site.people.edit_teacher(visit.user, user_id, edit, given, schools, self.site.clock()):
            return self._not_found()
        return self.site.answers.to_self(f"{TEACHERS}/{user_id}?saved=data")

    def _right(self, wanted: Literal["schools", "customers"]) -> tuple[Visit, Rights] | Response:
        """Return who is signed in and whom they may see, or the answer to who may see nobody of the kind wanted."""
        visit = self.site.visit(lambda: self.site.answers.to_self(LOGIN_PAGE))
        if isinstance(visit, Response):
            return visit
        right = rights(visit.decision, visit.business.customer_of)
        if not (right.schools if wanted == "schools" else right.customers):
            return self.site.answers.refused(request, Refused("wrong-role"))
        _, given = self.site.people.groups_of(visit.user.id)
        return visit, right.with_given(given)

    def _not_found(self) -> Response:
        return self.site.answers.fault(request, HTTPStatus.NOT_FOUND, "person-unknown")

    def _schools_of(self, right: Rights) -> frozenset[str]:
        schools = self.site.logins.business().schools
        return frozenset(code for code, school in schools.items() if school.customer in right.customers)

    def _schools_here(self, user: User, schools: frozenset[str]) -> list[str]:
        held, _ = self.site.people.groups_of(user.id)
        return sorted({one.school for one in held} & schools)

    def _school_name(self, school: str) -> str:
        known = self.site.settings.config.schools.get(school)
        return school if known is None else known.name.in_language(self.site.answers.language(request))

    def _group(self, group: Group, members: Iterable[Member]) -> dict[str, Any]:
        title = " ".join(filter(None, (group.name, self._school_name(group.school))))
        people = [member.user for member in members if member.group == group]
        return {"school": group.school, "group": group.name, "title": title, "people": people}

    def _list(self, topic: str, address: str, groups: list[dict[str, Any]], seats: int | None = None) -> Response:
        return self.site.answers.page(
            request, "people/people.html", topic=topic, list_url=address, groups=groups, seats=seats
        )

    def _pupil_page(self, user: User, form: PersonForm) -> Response:
        return self._person_page("pupils", PUPILS, user, form, edits_mail=False, schools=None)

    def _teacher_page(self, user: User, right: Rights, form: PersonForm) -> Response:
        held, given = self.site.people.groups_of(user.id)
        schools = [
            {
                "code": school,
                "name": self._school_name(school),
                "groups": form.groups.get(school, ", ".join(sorted(one.name for one in given if one.school == school))),
            }
            for school in sorted({one.school for one in held} & self._schools_of(right))
        ]
        return self._person_page("teachers", TEACHERS, user, form, edits_mail=user.uid is not None, schools=schools)

    def _person_page(  # one page for both kinds
        self,
        topic: str,
        address: str,
        user: User,
        form: PersonForm,
        *,
        edits_mail: bool,
        schools: list[dict[str, str]] | None,
    ) -> Response:
        answers = self.site.answers
        return answers.page(
            request,
            "people/person.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK,
            topic=topic,
            list_url=address,
            person=user,
            facts=person_facts(answers.pages, answers.language(request), user),
            form=form,
            problems=form.problems,
            saved=request.args.get("saved") == "data",
            edits_mail=edits_mail,
            schools=schools or (),
        )


def _form(user: User) -> PersonForm:
    return PersonForm(user.display_name or "", user.mail or "")


def _read_groups(typed: Mapping[str, str]) -> tuple[list[Group], dict[str, str]]:
    groups: list[Group] = []
    problems: dict[str, str] = {}
    for school, text in typed.items():
        names = [name for name in map(display_name, text.split(",")) if name]
        if len(names) > MOST_GROUPS or any(len(name) > MAX_GROUP or ";" in name for name in names):
            problems[f"groups-{school}"] = "teachers.problem.groups"
        groups += [Group(school, name) for name in names]
    return groups, problems
