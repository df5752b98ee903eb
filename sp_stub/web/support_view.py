# SPDX-License-Identifier: Apache-2.0
"""Support looking at the service as somebody: what a request shows then, what it may not do, and what each side sees.

The rules:
- The look hangs on the session of customer service in this browser; its own cookie for people stays untouched.
- Whose pages are shown is who is looked at, with exactly their rights, as their last login or their account left them.
- Nothing is changed: every POST but the two that end it is refused (`read-only-view`, 122), and so are a login and the
  copy of one's own data, which is the person's alone to take.
- Support sees a strip on each page that says so; the person sees one on theirs while it lasts and for a week after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import g, request

from federation.model import Language
from sp_stub.data.changes import SHOWN_FOR
from sp_stub.data.login_store import StoredAnswer
from sp_stub.data.openings import Opening
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.support_views import SupportView
from sp_stub.data.users import User
from sp_stub.rules.finnish_time import finnish_day
from sp_stub.staff.service import CustomerService
from sp_stub.web.browser import BrowserCookies
from sp_stub.web.moments import said, said_time

END_PATH: Final = "/asiakaspalvelu/katselu/lopeta"
_MAY_POST: Final = frozenset({END_PATH, "/asiakaspalvelu/kirjaudu-ulos"})
_OF_THE_PERSON_ALONE: Final = ("/kirjaudu/", "/omat-tiedot.json")
"""What is read, and not for support: the way into a login, and the copy to take along."""
_READS: Final = frozenset({"GET", "HEAD"})
_LOOK: Final = "support_look"
_USER: Final = "user_of_page"


@dataclass(frozen=True)
class Strip:
    """What support sees on each page while it looks."""

    user: int
    until: str


@dataclass(frozen=True)
class Notice:
    """What the person sees: that support looks, or looked."""

    is_running: bool
    since: str
    until: str


@dataclass(frozen=True)
class Looking:
    """The looks of one publisher, as its requests see them."""

    service: CustomerService
    cookies: BrowserCookies

    def staff(self) -> StaffSession | None:
        """Return who of customer service is signed in in this browser."""
        session = self.cookies.read(request, "staff")
        return None if session is None else self.service.sign_in.find(session, self.service.clock())

    def look(self) -> SupportView | None:
        """Return whom this request looks as; asked once for each request."""
        if _LOOK not in g:
            staff = self.staff()
            g.setdefault(_LOOK, None if staff is None else self.service.views.running(staff, self.service.clock()))
        found: SupportView | None = g.get(_LOOK)
        return found

    def refuses(self) -> bool:
        """Tell whether this request would change something in a look."""
        reads = request.method in _READS and not request.path.startswith(_OF_THE_PERSON_ALONE)
        return not reads and request.path not in _MAY_POST and self.look() is not None

    def answer(self, look: SupportView) -> StoredAnswer | None:
        """Return what is shown: the person as their last login left them; `None` where they are gone."""
        user = self.service.users.user(look.user)
        if user is None:
            return None
        answer = {
            "attributes": user.held.get("attributes", {}),
            "name_id": None,
            "name_id_format": None,
            "authn_context": None,
            "issued_by": None,
            "because": None,
        }
        return StoredAnswer(is_signed_in=True, answer=answer, user=user)

    def around(self, language: Language) -> Mapping[str, Any]:
        """Return what stands around every page of this request."""
        look = self.look()
        if look is not None:
            return {"view_strip": Strip(look.user, said_time(look.ends_at, language))}
        user: User | None = g.get(_USER)
        seen = None if user is None else self.service.business.remembered().looked_at.get(user.id)
        now = self.service.clock()
        if seen is None or now >= seen.ends_at + SHOWN_FOR:
            return {}
        return {"view_notice": notice_of(seen, now, language)}

    def views_of(self, user: User, language: Language) -> tuple[Notice, ...]:
        """Return every look as a person, newest first, as they read it among their own data."""
        now = self.service.clock()
        return tuple(notice_of(view, now, language) for view in self.service.views.of_user(user.id))

    def count_opening(self, school: str | None, product: str) -> None:
        """Count that the person of this page opened a product that `school` gives them; a look counts nothing."""
        user: User | None = g.get(_USER)
        if user is None or self.look() is not None:
            return
        business = self.service.business.declared
        customer = user.customer if school is None else business.customer_of(school)
        day = finnish_day(self.service.clock())
        self.service.openings.count(Opening(day, customer or "", school or "", product, user.pseudonym))


def page_of(user: User | None) -> None:
    """Remember whose page this request answers with."""
    g.setdefault(_USER, user)


def notice_of(view: SupportView, now: datetime, language: Language) -> Notice:
    """Return a look as the person reads it."""
    return Notice(now < view.ends_at, said(view.started_at, language), said_time(view.ends_at, language))
