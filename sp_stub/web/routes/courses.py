# SPDX-License-Identifier: Apache-2.0
"""Live online courses: their recordings, until the course ends."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, request

from federation.publisher import Recording
from sp_stub.rules.access import course_refused
from sp_stub.rules.shelf import ShelfMaker
from sp_stub.rules.target import COURSES
from sp_stub.web.refusals import Refused
from sp_stub.web.routes.site import Route, Site, Visit


@dataclass(frozen=True)
class CourseRoutes:
    """The publisher's courses."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", f"{COURSES}/<key>", self.course),
            Route("GET", f"{COURSES}/<key>/<recording>", self.recording),
        )

    def course(self, key: str) -> Response:
        """Show a course with its recordings."""
        visit = self._open(key)
        if isinstance(visit, Response):
            return visit
        return self._page("course.html", visit, key)

    def recording(self, key: str, recording: str) -> Response:
        """Show one recording."""
        visit = self._open(key)
        if isinstance(visit, Response):
            return visit
        found = next((each for each in visit.business.courses[key].recordings if each.key == recording), None)
        if found is None:
            return self.site.answers.fault(request, HTTPStatus.NOT_FOUND, "recording-unknown")
        return self._page("recording.html", visit, key, found)

    def _open(self, key: str) -> Visit | Response:
        """Return who opens a course, or the answer: it is none of theirs, or it has ended."""
        site = self.site
        visit = site.visit()
        if isinstance(visit, Response):
            return visit
        if key not in visit.business.courses:
            return site.answers.fault(request, HTTPStatus.NOT_FOUND, "course-unknown")
        because = course_refused(visit.decision, visit.business, key, visit.now)
        return visit if because is None else site.answers.refused(request, Refused(because))

    def _page(self, template: str, visit: Visit, key: str, recording: Recording | None = None) -> Response:
        site = self.site
        maker = ShelfMaker(site.settings.config, visit.business, visit.now, site.answers.language(request))
        course = visit.business.courses[key]
        return site.answers.page(request, template, card=maker.course(key), course=course, recording=recording)
