# SPDX-License-Identifier: Apache-2.0
"""What machines ask a service: its metadata, and what it received."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, jsonify, request

from party.run_token import AUTHORIZATION, holds_run_token
from sp_stub.web.routes.site import Route, Site
from sp_stub.web.session_json import session_document

METADATA_TYPE: Final = "application/samlmetadata+xml"


@dataclass(frozen=True)
class MachineRoutes:
    """The addresses that no person opens."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", "/metadata", self.metadata),
            Route("GET", "/session.json", self.session_json),
        )

    def metadata(self) -> Response:
        """Serve the service's own metadata."""
        return Response(self.site.settings.metadata, content_type=METADATA_TYPE)

    def session_json(self) -> Response:
        """Say what was received and decided: 401 without the run's token, 404 before any login."""
        site = self.site
        if not holds_run_token(request.headers.get(AUTHORIZATION), site.settings.run_token):
            return Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
        session = site.cookies.read(request, "session")
        answer = None if session is None else site.store.answer_of(session, site.clock())
        if answer is None:
            return Response(status=HTTPStatus.NOT_FOUND)
        response = jsonify(session_document(site.settings.service, answer, site.logins.decide(answer)))
        response.headers["Cache-Control"] = "no-store"
        return response
