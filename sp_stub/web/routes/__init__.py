# SPDX-License-Identifier: Apache-2.0
"""The service's addresses, one module a topic, one function each.

GET  /                    to the materials, or to the login page
GET  /kirjaudu            the login page
GET  /kirjaudu/mpassid    starts a login; `target` is where it leads to
POST /acs                 the login service's answer
GET  /pulma/<token>       a refusal that answered a POST, in another language
POST /logout              ends the session here; GET /uloskirjattu says what stays open
GET  /materials           what the person's schools give; at the portal its shop front
GET  /materials/<key>     where portals lead: to the product in its reading room; at the portal to the publisher's
GET  /<room>/<key>        a product where it opens: /oppimisymparisto, /kampus or /toinen-aste; /<part> one of its parts
GET  /kurssit/<key>       a course; /<recording> one of its recordings
POST /kirjaudu            signs in with an account of the publisher's own
GET  /oma-tunnus          the same alone, and how to get an account
     /oma-tunnus/…        rekisteroidy, vahvista, salasana, kadonnut, suostumus: what happens to an account
GET, POST /kayttoehdot    the terms of use; /hylatty for who does not accept them
GET, POST /omat-tiedot    one's own data; .json is the copy; /salasana, /osoite, /kadonnut change an account
GET, POST /ryhmat/<id>    a teacher's pupils; /opettajat/<id> an administrator-teacher's teachers
GET, POST /postilaatikko  the mail that was sent to an address
GET, POST /yhteydenotto   the contact form; GET /yhteydenotto/kiitos confirms
GET  /oppilaitoksen-asia  what belongs to the school, and whom to ask there
GET  /attribuuttitesti    every attribute that the login brought, with a verdict; .json for whoever holds the run's token
GET  /metadata            the service's SAML metadata
GET  /session.json        what was received and decided, for whoever holds the run's token

Customer service's own, below /asiakaspalvelu, stand in `sp_stub.web.routes.staff`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

from flask import Flask
from werkzeug.routing import Map, Rule

from sp_stub.web.routes.accounts import AccountRoutes
from sp_stub.web.routes.attribute_test import AttributeTestRoutes
from sp_stub.web.routes.consent import ConsentRoutes
from sp_stub.web.routes.contact import ContactRoutes
from sp_stub.web.routes.courses import CourseRoutes
from sp_stub.web.routes.groups import GroupRoutes
from sp_stub.web.routes.login import LoginRoutes
from sp_stub.web.routes.lost_accounts import LostAccountRoutes
from sp_stub.web.routes.machines import MachineRoutes
from sp_stub.web.routes.mailbox import MailboxRoutes
from sp_stub.web.routes.materials import MaterialRoutes
from sp_stub.web.routes.own_data import OwnDataRoutes
from sp_stub.web.routes.portal import PortalRoutes
from sp_stub.web.routes.reading_rooms import ReadingRoomRoutes
from sp_stub.web.routes.registration import RegistrationRoutes
from sp_stub.web.routes.school_matters import SchoolMatterRoutes
from sp_stub.web.routes.shown_refusals import ShownRefusalRoutes
from sp_stub.web.routes.site import Guards, Route, Site
from sp_stub.web.routes.staff import staff_routes
from sp_stub.web.routes.terms import TermsRoutes

_TOPICS = (
    LoginRoutes,
    ShownRefusalRoutes,
    AttributeTestRoutes,
    ContactRoutes,
    SchoolMatterRoutes,
    MachineRoutes,
)
_OF: Final = {
    "publisher": (
        MaterialRoutes,
        ReadingRoomRoutes,
        CourseRoutes,
        AccountRoutes,
        RegistrationRoutes,
        LostAccountRoutes,
        ConsentRoutes,
        TermsRoutes,
        OwnDataRoutes,
        GroupRoutes,
        MailboxRoutes,
    ),
    "portal": (PortalRoutes,),
}
"""What only one of the two services has."""


def register(app: Flask, site: Site, guards: Guards) -> None:
    """Put every address of `site` on `app`, behind `guards`; nothing but its method is answered at each."""
    routes = tuple(all_routes(site, site.settings.simulated))
    app.url_map = _url_map(tuple((route.endpoint, route.method, route.path) for route in routes))
    app.view_functions = {route.endpoint: route.guarded(guards) for route in routes}


@cache
def _url_map(addresses: tuple[tuple[str, str, str], ...]) -> Map:
    """Return addresses, each an endpoint, a method and a path, as they are looked up.

    They are the same in every app of a service, and putting them together takes longer than all else that an app is
    made of.
    """
    # else Flask redirects from two slashes to one, at the host that the request named
    found = Map(merge_slashes=False)
    for endpoint, method, path in addresses:
        rule = Rule(path, endpoint=endpoint, methods=[method])
        rule.provide_automatic_options = False  # type: ignore[attr-defined]  # Flask reads it, and answers OPTIONS itself
        found.add(rule)
    found.update()
    return found


def all_routes(site: Site, simulated: Literal["publisher", "portal"]) -> Iterator[Route]:
    """Return the addresses of every topic that this service has."""
    yield from (route for topic in (*_TOPICS, *_OF[simulated]) for route in topic(site).routes())
    if simulated == "publisher":
        yield from staff_routes(site)
