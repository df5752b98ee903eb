# SPDX-License-Identifier: Apache-2.0
"""The control page for people: faults with their switches, what is switched on, what was asked and answered.

    GET   /control          the page, or the form that asks for the run's token; `q` filters the faults
    POST  /control/token    open the page in this browser
    POST  /control/on       switch a fault, or its twin, on
    POST  /control/off      switch everything off
    POST  /control/close    forget that the page was opened here

Nothing is shown and nothing done for whoever has not given the token; every form is taken only from the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlencode

from flask import Response, request

from federation.reasons import Refusal
from idp_simulators.browser_cookies import BrowserCookies
from idp_simulators.control.access import LIFETIME, Access
from idp_simulators.control.operations import MAX_TIMES, UNTIL_CLEARED, Operations, OrderProblem
from idp_simulators.control.views import ControlViews, Typed
from idp_simulators.faults.armed import ArmedFault, TooManyArmedError
from idp_simulators.faults.network import has_socket
from party.clock import Clock
from party.events import Events

PAGE_PATH: Final = "/control"
COOKIE: Final = "control"
MAX_TYPED: Final = 200

Step: TypeAlias = Callable[["ControlPage"], Response]


def _own_form(step: Step) -> Step:
    """Take a form only from this origin: a browser says from where it sends one, and who does not say is refused."""

    @wraps(step)
    def checked(page: ControlPage) -> Response:
        if request.headers.get("Origin") != page.cookies.origin:
            return page.refuse(Refusal("control-form-from-elsewhere"))
        return step(page)

    return checked


def _opened_here(step: Step) -> Step:
    """Take a form only from the page as it was shown to this browser, after the token was given."""

    @wraps(step)
    def checked(page: ControlPage) -> Response:
        opened = page.access.opened(page.cookies.read_folder(COOKIE), page.clock())
        if opened is None:
            return page.ask_for_token(Refusal("control-not-open"))
        if not opened.is_own(request.form.get("form", "")):
            return page.refuse(Refusal("control-form-not-of-this-page"))
        return step(page)

    return checked


@dataclass(frozen=True)
class ControlPage:
    """The steps of the page, each a function of the request at hand."""

    operations: Operations
    access: Access
    cookies: BrowserCookies
    views: ControlViews
    events: Events
    clock: Clock

    def show(self) -> Response:
        """Show the page where it is open, else the form for the token."""
        opened = self.access.opened(self.cookies.read_folder(COOKIE), self.clock())
        if opened is None:
            return self.views.token()
        return self.views.overview(opened.form_token, self.operations, request.args.get("q", "")[:MAX_TYPED])

    @_own_form
    def open(self) -> Response:
        """Open the page for whoever typed the run's token."""
        now = self.clock()
        until = self.access.closed_until(now)
        if until is not None:
            self._tell(Refusal("control-closed-for-a-while"))
            return self.views.closed(until)
        cookie = self.access.opened_by(request.form.get("token", "").strip(), now)
        if cookie is None:
            return self.ask_for_token(Refusal("control-token-wrong"))
        self.events.emit("control-opened")
        response = _to_page()
        self.cookies.set_folder(response, COOKIE, cookie, PAGE_PATH, int(LIFETIME.total_seconds()))
        return response

    @_own_form
    @_opened_here
    def switch_on(self) -> Response:
        """Switch on what the pressed button names, for whom and how often the fields say."""
        typed = Typed(
            fault=_field("fault") or _field("twin"),
            is_twin=not _field("fault"),
            provider=_field("provider"),
            person=_field("person"),
            times=_field("times") or "1",
            until_cleared="until-cleared" in request.form,
        )
        try:
            outcome = self.operations.switch_on(_order(typed), has_sockets=has_socket())
        except TooManyArmedError:
            outcome = (OrderProblem("fault", "too-many", ""),)
        if not isinstance(outcome, ArmedFault):
            return self.views.overview(_field("form"), self.operations, _field("q"), typed, outcome)
        self.events.emit("fault-switched-on", fault=outcome.label)
        return _to_page(_field("q"))

    @_own_form
    @_opened_here
    def switch_off(self) -> Response:
        """Switch everything off."""
        self.operations.switch_off()
        self.events.emit("faults-switched-off")
        return _to_page(_field("q"))

    @_own_form
    @_opened_here
    def close(self) -> Response:
        """Have the browser forget that the page was opened in it."""
        response = _to_page()
        self.cookies.set_folder(response, COOKIE, "", PAGE_PATH, 0)
        return response

    def ask_for_token(self, refusal: Refusal) -> Response:
        """Ask for the token, and say why."""
        self._tell(refusal)
        return self.views.token(refusal)

    def refuse(self, refusal: Refusal) -> Response:
        """Answer with the page that says why nothing was done."""
        self._tell(refusal)
        return self.views.refusal(refusal)

    def _tell(self, refusal: Refusal) -> None:
        self.events.emit("refused", because=refusal.reason_id)


def _order(typed: Typed) -> dict[str, object]:
    """Return the order as `operations` reads it; what was left empty is not in it."""
    is_number = typed.times.isascii() and typed.times.isdigit() and len(typed.times) <= len(str(MAX_TIMES))
    often = int(typed.times) if is_number else typed.times
    order: dict[str, object] = {
        "fault": typed.fault,
        "twin": typed.is_twin,
        "times": UNTIL_CLEARED if typed.until_cleared else often,
    }
    if typed.provider:
        order["provider"] = typed.provider
    if typed.person:
        order["person"] = typed.person
    return order


def _field(name: str) -> str:
    return request.form.get(name, "").strip()[:MAX_TYPED]


def _to_page(q: str = "") -> Response:
    """Go back to the page, to what is switched on; what was typed does not enter the address, but for the filter."""
    query = f"?{urlencode({'q': q})}" if q else ""
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"{PAGE_PATH}{query}#switched-on"
    response.headers["Cache-Control"] = "no-store"
    return response
