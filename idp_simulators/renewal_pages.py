# SPDX-License-Identifier: Apache-2.0
"""The pages of a forgotten password; the simulated identification has a look of its own, as in reality it is elsewhere.

Deciding is `idp_simulators.renewal`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Response

from idp_simulators.login_pages import LoginPages
from idp_simulators.password_rules import LONGEST, SHORTEST, NewPasswordProblem
from idp_simulators.provider import HomeProvider
from idp_simulators.renewals import METHODS, Renewal
from party.pages import Look

IDENTIFICATION_LOOK: Final = Look(
    name="home.identification.part", accent="#1f4f66", owner="home.owner", operator="home.operator"
)


@dataclass(frozen=True)
class RenewalPages:
    """Answers with the pages of a renewal, in the language of the request at hand."""

    pages: LoginPages

    def ways(self, provider: HomeProvider, login: str) -> Response:
        """Return the ways to a new password, by identification and by role."""
        return self.pages.page(
            provider,
            "password.html",
            address=_address(provider, "", login=login),
            login=login,
            login_address=_login_address(provider, login),
            methods=METHODS,
        )

    def identification(
        self, provider: HomeProvider, name: str, renewal: Renewal, unknown: str | None = None
    ) -> Response:
        """Return the list of persons to be identified as; `unknown` is what was typed and is nobody's user name."""
        return self.pages.page(
            provider,
            "identify.html",
            HTTPStatus.OK if unknown is None else HTTPStatus.UNPROCESSABLE_ENTITY,
            look=IDENTIFICATION_LOOK,
            address=_address(provider, "/identify", renewal=name),
            municipality=provider.municipality.name.in_language(self.pages.language()),
            renewal=name,
            method=renewal.method,
            people=self.pages.test_persons(provider, self.pages.language()),
            generated=provider.people.generated_range(),
            unknown=unknown,
            back=_address(provider, "", login=renewal.login),
        )

    def new_password(
        self, provider: HomeProvider, name: str, renewal: Renewal, problems: Sequence[NewPasswordProblem] = ()
    ) -> Response:
        """Return the form for the new password; nothing that was typed is sent back."""
        return self.pages.page(
            provider,
            "new_password.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            address=_address(provider, "/new", renewal=name),
            renewal=name,
            user_name=renewal.user_name,
            problems={problem.field: problem.fault for problem in problems},
            shortest=SHORTEST,
            longest=LONGEST,
        )

    def done(self, provider: HomeProvider, name: str, renewal: Renewal) -> Response:
        """Return the page that says that the new password holds."""
        return self.pages.page(
            provider,
            "password_changed.html",
            address=_address(provider, "/done", renewal=name),
            user_name=renewal.user_name,
            login_address=_login_address(provider, renewal.login),
        )


def _address(provider: HomeProvider, step: str, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"/{provider.key}/password{step}" + (f"?{urlencode(given)}" if given else "")


def _login_address(provider: HomeProvider, login: str) -> str | None:
    return f"/{provider.key}/login?{urlencode({'login': login})}" if login else None
