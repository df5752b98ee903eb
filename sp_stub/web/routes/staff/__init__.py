# SPDX-License-Identifier: Apache-2.0
"""Customer service's addresses, all below `/asiakaspalvelu` and only at the publisher; one module a topic.

GET  /asiakaspalvelu                            the desk, or the sign-in
POST /asiakaspalvelu/kirjaudu, …/kirjaudu-ulos  signing in and out
GET  …/oppilaitokset, …/oppilaitokset/<code>    schools: whether MPASSid is activated
GET  …/asiakkaat, …/asiakkaat/<key>             customers: whether their contract holds
GET, POST …/kiertavat                           products for itinerant teachers without MPASS
GET, POST …/kayttajat; GET …/kayttajat/<id>     users: blocking, closing, joining, ending sessions
GET  …/viestit, …/viestit/<number>              messages of the contact form
GET  …/tapahtumat, .json, .csv                  the audit trail
GET  …/tilastot                                 how often products are opened
POST …/katselu/lopeta                           ends a look at the service as somebody

Whatever changes something is a step: `GET, POST <subject>/<step>` asks once more, for a reason, and does it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sp_stub.web.routes.site import Route, Site
from sp_stub.web.routes.staff.audit import AuditRoutes
from sp_stub.web.routes.staff.customers import CustomerRoutes
from sp_stub.web.routes.staff.desk import Desk
from sp_stub.web.routes.staff.grants import GrantRoutes
from sp_stub.web.routes.staff.inbox import InboxRoutes
from sp_stub.web.routes.staff.people import PeopleRoutes
from sp_stub.web.routes.staff.schools import SchoolRoutes
from sp_stub.web.routes.staff.sign_in import SignInRoutes
from sp_stub.web.routes.staff.statistics import StatisticsRoutes
from sp_stub.web.routes.staff.views import ViewRoutes

_TOPICS = (
    SignInRoutes,
    SchoolRoutes,
    CustomerRoutes,
    GrantRoutes,
    PeopleRoutes,
    InboxRoutes,
    AuditRoutes,
    StatisticsRoutes,
    ViewRoutes,
)


def staff_routes(site: Site) -> Iterator[Route]:
    """Yield the addresses."""
    desk = Desk(site)
    for topic in _TOPICS:
        yield from topic(desk).routes()
