# SPDX-License-Identifier: Apache-2.0
"""What stands in front of every part's app, put together in one order.

From the outside in: health (no limits, so that a probe always gets an answer), request limits, static files, and a
friendly page for what the app did not catch.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from federation.endpoints import PartName
from party.events import Events
from party.health import Health, part_version
from party.language import language_of
from party.limits import DEFAULT_LIMITS, Limits, RequestLimits
from party.pages import ErrorPage, Pages, StaticFiles, headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_logger = logging.getLogger(__name__)


def in_front(
    app: WSGIApplication,
    *,
    part: PartName,
    origin: str,
    pages: Pages,
    events: Events,
    ready: Callable[[], str | None],
    limits: Limits = DEFAULT_LIMITS,
) -> WSGIApplication:
    """Return `app` with everything a part answers itself in front of it."""
    caught = Uncaught(app, pages, part, origin, events)
    bounded = RequestLimits(StaticFiles(caught, pages), pages, part, origin, events, limits)
    return Health(bounded, part, part_version(), ready)


class Uncaught:
    """WSGI middleware that answers 500 with a page where the app raised; the cause goes to the log alone."""

    def __init__(self, app: WSGIApplication, pages: Pages, part: PartName, origin: str, events: Events) -> None:
        """Guard `app`, which answers with `pages` as `part` at `origin`."""
        self._app = app
        self._pages = pages
        self._part = part
        self._origin = origin
        self._events = events

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Hand the request on, and answer for an app that raised before it answered."""
        try:
            return self._app(environ, start_response)
        except Exception:  # the last place that can still give the person a page
            request_id = secrets.token_hex(8)
            _logger.exception("uncaught in %s, request %s", self._part, request_id)
            self._events.emit("failed", failure_id=request_id)
        language = language_of(self._part, self._origin, environ)
        page = ErrorPage(
            heading=self._pages.message(language, "party.failure.heading"),
            happened=self._pages.message(language, "party.failure.happened"),
            advice=(self._pages.message(language, "party.failure.advice"),),
            reason_id="internal-error",
            at=self._events.clock(),
            request_id=request_id,
        )
        body = self._pages.refusal(language, page, address=None).encode("utf-8")
        content = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("500 Internal Server Error", [*content, *headers()])
        return [body]
