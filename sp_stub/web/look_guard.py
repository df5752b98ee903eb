# SPDX-License-Identifier: Apache-2.0
"""What stands before every address while support looks at the service as somebody: nothing is changed then."""

from __future__ import annotations

from flask import Flask, Response, request

from party.clock import Clock
from sp_stub.data.database import Database
from sp_stub.settings import Settings
from sp_stub.staff.service import CustomerService
from sp_stub.web.answers import Answers
from sp_stub.web.browser import BrowserCookies
from sp_stub.web.refusals import Refused
from sp_stub.web.support_view import Looking


def looking_of(settings: Settings, database: Database, cookies: BrowserCookies, clock: Clock) -> Looking | None:
    """Return the customer service of a publisher and its looks; the portal has none."""
    if settings.simulated == "portal":
        return None
    return Looking(CustomerService.of(settings, database, clock), cookies)


def refuse_changes_in_a_look(app: Flask, looking: Looking | None, answers: Answers) -> None:
    """Have `app` refuse, before anything else is asked, what would change something in a look (122)."""
    if looking is None:
        return

    def refuse() -> Response | None:
        return answers.refused(request, Refused("read-only-view")) if looking.refuses() else None

    app.before_request(refuse)
