# SPDX-License-Identifier: Apache-2.0
"""What stands between signing in and the materials: a guardian's consent, and the terms of use.

The page that asks stands in the place of the one that was asked for, at its address: a login is not one page longer,
and whoever accepts goes on to where they wanted. What machines ask (`/session.json`) is no page and passes no door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

from flask import Response, request

from federation.publisher import Terms
from party.clock import Clock
from sp_stub.accounts.desk import Desk
from sp_stub.data.users import User
from sp_stub.rules.days_in_words import day_in_words
from sp_stub.web.answers import Answers
from sp_stub.web.refusals import Refused, refusal_page


@dataclass(frozen=True)
class Doors:
    """The doors of one service; the portal has none."""

    answers: Answers
    desk: Desk
    terms: Terms | None
    clock: Clock

    def stop(self, user: User | None, target: str) -> Response | None:
        """Return the page that a person must answer first, `None` where there is none; `target` is where it leads."""
        if user is None:
            return None
        if user.uid is None:
            account = self.desk.account_of(user.id)
            if account is not None and account.lacks_consent(self.clock()):
                return self.consent_missing(account.guardian_mail or "", {})
        if self.terms is not None and user.terms_version != self.terms.version:
            return self.terms_page(target=target, accepted_before=user.terms_version is not None)
        return None

    def terms_page(self, target: str | None = None, *, accepted_before: bool = False) -> Response:
        """Show the terms; with a `target` they are asked for."""
        language = self.answers.language(request)
        since = None if self.terms is None else day_in_words(date.fromisoformat(self.terms.since), language)
        return self.answers.page(
            request,
            "people/terms.html",
            terms=self.terms,
            since=since,
            asks=target is not None,
            target=target,
            accepted_before=accepted_before,
        )

    def consent_missing(self, guardian_mail: str, problems: Mapping[str, str]) -> Response:
        """Show error 119, and ask for the guardian's address."""
        answers, language = self.answers, self.answers.language(request)
        refused = Refused("guardian-consent-missing")
        return answers.page(
            request,
            "accounts/consent_missing.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.FORBIDDEN,
            # the form is what to do: signing in again would lead back to it
            page=replace(refusal_page(answers.pages, answers.config, refused, language, self.clock()), action=None),
            guardian_mail=guardian_mail,
            problems=problems,
        )
