# SPDX-License-Identifier: Apache-2.0
"""The app that serves every simulated identity provider, put together; its addresses are `idp_simulators.routes`'s.

It must run in one worker process, with as many threads as wanted: the faults that wait, the locked accounts and the
renewals in progress are in its memory (`idp_simulators.faults.armed`, `.lockout`, `.renewals`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from certs.keys import make_key_pair
from idp_simulators.browser_cookies import BrowserCookies
from idp_simulators.control.access import Access
from idp_simulators.control.operations import Operations
from idp_simulators.control.page import ControlPage
from idp_simulators.control.views import ControlViews
from idp_simulators.credentials import Credentials
from idp_simulators.exchanges import Exchanges
from idp_simulators.faults.armed import ArmedFaults
from idp_simulators.lockout import Lockout
from idp_simulators.login import HomeLogin
from idp_simulators.login_pages import SIMULATOR_LOOK, LoginPages
from idp_simulators.logins import Logins
from idp_simulators.password_store import MemoryPasswords, PasswordStore, PasswordsUnavailableError
from idp_simulators.provider import Desk
from idp_simulators.renewal import PasswordRenewal
from idp_simulators.renewal_pages import RenewalPages
from idp_simulators.renewals import Renewals
from idp_simulators.routes import routes
from idp_simulators.sessions import Sessions
from idp_simulators.settings import Settings
from party.clock import Clock
from party.events import Events
from party.front import in_front
from party.limits import FORM, Limits
from party.pages import Pages

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_LIMITS: Final = Limits(methods=("GET", "HEAD", "POST", "DELETE"), body_types=(FORM, "application/json"))


def create_app(
    settings: Settings, clock: Clock, events: Events, passwords: PasswordStore | None = None
) -> WSGIApplication:
    """Return the app; passwords that people choose are kept in `passwords`, in memory unless given.

    Raises `ValueError` or `MessageError` where one of its pages could not be shown.
    """
    pages = _pages()
    faults, exchanges = ArmedFaults(), Exchanges()
    events = events.heard_by(exchanges.hear)
    store = passwords or MemoryPasswords()
    stranger = cache(lambda: make_key_pair("idp-stranger", clock()))
    credentials, cookies = Credentials(store, Lockout()), BrowserCookies(settings.origin)
    login_pages = LoginPages(settings, clock, pages)
    login = HomeLogin(
        settings=settings,
        clock=clock,
        events=events,
        pages=login_pages,
        desk=Desk(settings.origin, clock, events, faults, login_pages.hand_over, settings.providers, stranger),
        logins=Logins.with_secret(settings.session_secret),
        sessions=Sessions.with_secret(settings.session_secret),
        credentials=credentials,
        cookies=cookies,
    )
    renewal = PasswordRenewal(
        clock=clock,
        events=events,
        pages=RenewalPages(login_pages),
        cookies=cookies,
        credentials=credentials,
        renewals=Renewals(),
        refuse=login.refuse,
    )
    control = ControlPage(
        operations=Operations(settings, faults, exchanges),
        access=Access.with_secrets(settings.run_token, settings.session_secret),
        cookies=cookies,
        views=ControlViews(settings, clock, pages),
        events=events,
        clock=clock,
    )
    return in_front(
        routes(settings, login, renewal, control),
        part="idp",
        origin=settings.origin,
        pages=pages,
        events=events,
        ready=lambda: _unreadiness(store),
        limits=_LIMITS,
    )


@cache
def _pages() -> Pages:
    """Return the pages; they are the same for every app of a process, and compiling them is most of its start."""
    return Pages("idp_simulators", SIMULATOR_LOOK, keep=("login", "renewal", "q"))


def _unreadiness(store: PasswordStore) -> str | None:
    try:
        store.check()
    except PasswordsUnavailableError:
        return "home-passwords-unavailable"
    return None
