# SPDX-License-Identifier: Apache-2.0
"""Every page of a refusal that the services have, each at its number, with its real headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

from federation.reasons import REASONS
from party.events import Events
from party.front import in_front
from sp_stub.rules.decision import Decision
from sp_stub.web.answers import Answers
from sp_stub.web.looks import service_pages
from sp_stub.web.refusals import SHOWN, Refused
from tests.builders.sp_business import at_school
from tests.builders.sp_service import service_config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

NOW: Final = datetime(2026, 8, 12, 22, 30, tzinfo=UTC)
GALLERY: Final = {f"{REASONS[because].page} {because}": because for because in SHOWN}


def gallery_app() -> WSGIApplication:
    """Return an app that shows each refusal at `/<reason>`."""
    config = service_config(origin="http://localhost:8002")
    pages = service_pages(config)
    answers = Answers(config, pages, lambda: NOW)
    events = Events("publisher", lambda: NOW, lambda _: None)
    app = Flask("gallery", static_folder=None, template_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True

    def show(because: str) -> Response:
        opens_at = NOW + timedelta(hours=4, minutes=30) if because == "service-break" else None
        decision = Decision("refused", ended=(at_school("30076"),)) if because == "contract-ended" else None
        refused = Refused(because, request_id="_" + "0123456789abcdef" * 2, opens_at=opens_at)
        return answers.refused(request, refused, decision)

    app.add_url_rule("/<because>", view_func=show)
    return in_front(app, part="publisher", origin=config.origin, pages=pages, events=events, ready=lambda: None)
