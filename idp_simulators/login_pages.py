# SPDX-License-Identifier: Apache-2.0
"""The pages a person meets at an identity provider: login form, hand-over to the proxy, index, refusals.

Each page shows the municipality's own name and colour. Deciding is `idp_simulators.login`'s; this turns decisions
into HTML with the right status and headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from math import ceil
from urllib.parse import urlencode, urlsplit

from flask import Response, request
from markupsafe import Markup

from federation.model import Language
from federation.reasons import Refusal
from idp_simulators.passwords import password_of
from idp_simulators.provider import HomeProvider
from idp_simulators.settings import Settings
from party.clock import Clock
from party.language import language_of
from party.pages import Action, ContinueForm, ErrorPage, Look, Pages, headers

SIMULATOR_LOOK = Look(name="home.part", accent="#4a3f77", owner="home.owner", operator="home.operator")


@dataclass(frozen=True)
class FormProblem:
    """What is wrong with one field of the login form: the field's name, and the last part of a message id."""

    field: str
    message_id: str


@dataclass(frozen=True)
class TestPerson:
    """One line of the list of test persons."""

    __test__ = False

    user_name: str
    name: str
    note: str | None


class LoginPages:
    """Answers with pages, in the language of the request at hand."""

    def __init__(self, settings: Settings, clock: Clock, pages: Pages) -> None:
        """Prepare the look of every municipality; raises `ValueError` for a colour that is hard to read."""
        self._settings = settings
        self._clock = clock
        self._pages = pages
        self._looks = {
            key: Look(
                name=provider.municipality.name,
                accent=provider.municipality.colour,
                owner=provider.municipality.name,
                operator="home.operator",
            )
            for key, provider in settings.providers.items()
        }
        self._people: dict[tuple[str, Language], Markup] = {}

    def language(self) -> Language:
        """Return the language of the request at hand."""
        return language_of("idp", self._settings.origin, request.environ)

    def login(
        self,
        provider: HomeProvider,
        login: str,
        user_name: str = "",
        problems: Sequence[FormProblem] = (),
        signed_in: str | None = None,
    ) -> Response:
        """Return the login form, with what was typed and what is wrong with it, and who is `signed_in` already."""
        example = next((user_name for user_name, _ in provider.people.examples()), "")
        return self.page(
            provider,
            "login.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            form_action=provider.dialogue.redirects_to,
            address=_login_address(provider, login),
            login=login,
            user_name=user_name or signed_in or "",
            signed_in=signed_in,
            problems={problem.field: problem.message_id for problem in problems},
            people=self._people_list(provider, self.language()),
            example=example,
            example_password=password_of(example),
            generated=provider.people.generated_range(),
        )

    def locked(self, provider: HomeProvider, login: str, until: datetime) -> Response:
        """Return the page that says that the account is locked, for how long, and what can be done (RFC 6585 4)."""
        language, now = self.language(), self._clock()
        seconds = max(ceil((until - now).total_seconds()), 1)
        minutes = ceil(seconds / 60)
        page = ErrorPage(
            heading=self._pages.message(language, "home.locked.heading"),
            happened=self._pages.message(language, "home.locked.happened"),
            advice=(
                self._pages.message(language, "home.locked.wait", count=minutes),
                self._pages.message(language, "home.locked.renew"),
            ),
            action=Action(
                self._pages.message(language, "home.locked.to_password"),
                f"/{provider.key}/password?{urlencode({'login': login})}",
            ),
            continue_form=self._turn_back(provider, login, "home.login.cancel"),
            reason_id="account-locked",
            at=now,
        )
        address = _login_address(provider, login)
        body = self._pages.refusal(language, page, address=address, look=self._looks[provider.key])
        response = _page(body, HTTPStatus.TOO_MANY_REQUESTS, provider.dialogue.redirects_to)
        response.headers["Retry-After"] = str(seconds)
        return response

    def not_connected(self, provider: HomeProvider, login: str) -> Response:
        """Return the page for an account that is not connected to an MPASS user yet; it names the flow."""
        language = self.language()
        page = ErrorPage(
            heading=self._pages.message(language, "home.not_connected.heading"),
            happened=self._pages.message(language, "home.not_connected.happened"),
            advice=(self._pages.message(language, "home.not_connected.advice"),),
            action=Action(
                self._pages.message(language, "home.not_connected.other_account"), _login_address(provider, login)
            ),
            continue_form=self._turn_back(provider, login, "home.not_connected.back"),
            reason_id="account-not-connected",
            at=self._clock(),
            detail=provider.flow,
        )
        address = _login_address(provider, login)
        body = self._pages.refusal(language, page, address=address, look=self._looks[provider.key])
        return _page(body, HTTPStatus.FORBIDDEN, provider.dialogue.redirects_to)

    def page(
        self,
        provider: HomeProvider,
        template: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        address: str,
        look: Look | None = None,
        form_action: Sequence[str] = (),
        **values: object,
    ) -> Response:
        """Return a page of a municipality, in its look unless another is given."""
        look = look or self._looks[provider.key]
        body = self._pages.render(
            template, self.language(), address=address, look=look, provider=provider.key, **values
        )
        return _page(body, status, form_action)

    def hand_over(self, provider: HomeProvider, url: str, fields: Mapping[str, str], deliveries: int = 1) -> Response:
        """Return the form that carries something to the proxy; a scripted browser sends it so many times."""
        body = self._pages.render(
            "answer.html",
            self.language(),
            address=None,
            look=self._looks[provider.key],
            action=url,
            fields=fields,
            deliveries=deliveries,
        )
        parts = urlsplit(url)
        return _page(body, HTTPStatus.OK, [f"{parts.scheme}://{parts.netloc}"])

    def index(self, signed_in: Mapping[str, str]) -> Response:
        """Return the list of municipalities; `signed_in` says with which user name this browser is signed in where."""
        language = self.language()
        body = self._pages.render(
            "index.html",
            language,
            address="/",
            municipalities=[
                {
                    "key": key,
                    "name": provider.municipality.name.in_language(language),
                    "entity_id": provider.endpoints.entity_id if provider.municipality.idp.kind.is_saml else None,
                    "login_url": provider.login_url,
                    "people": len(provider.people),
                    "signed_in": signed_in.get(key),
                }
                for key, provider in self._settings.providers.items()
            ],
        )
        return _page(body, HTTPStatus.OK)

    def refusal(self, refusal: Refusal, status: HTTPStatus, provider: HomeProvider | None = None) -> Response:
        """Return the page that says why it does not go on; nothing is sent anywhere."""
        language = self.language()
        kind = _KINDS_OF_REFUSAL.get(refusal.reason_id, "request")
        page = ErrorPage(
            heading=self._pages.message(language, f"home.refused.{kind}.heading"),
            happened=self._pages.message(language, f"home.refused.{kind}.happened"),
            advice=(self._pages.message(language, f"home.refused.{kind}.advice"),),
            reason_id=refusal.reason_id,
            at=self._clock(),
            detail=refusal.reason.sentence,
        )
        if kind == "renewal" and provider is not None:
            label = self._pages.message(language, "home.refused.renewal.again")
            page = replace(page, action=Action(label, f"/{provider.key}/password"))
        look = None if provider is None else self._looks[provider.key]
        return _page(self._pages.refusal(language, page, address=None, look=look), status)

    def test_persons(self, provider: HomeProvider, language: Language) -> list[TestPerson]:
        """Return the test persons of a municipality that a page lists."""
        return [
            TestPerson(
                user_name=user_name,
                name=" ".join(filter(None, (person.given_name, person.surname))),
                note=None if person.note is None else person.note.in_language(language),
            )
            for user_name, person in provider.people.examples()
        ]

    def _turn_back(self, provider: HomeProvider, login: str, label: str) -> ContinueForm:
        """Return the form that goes back to the service, which learns that nobody signed in."""
        return ContinueForm(
            label=self._pages.message(self.language(), label),
            url=f"/{provider.key}/login",
            fields={"login": login, "action": "cancel"},
        )

    def _people_list(self, provider: HomeProvider, language: Language) -> Markup:
        """Return the test persons' buttons, rendered once: they are the same in every login.

        Computed people are too many for a page: there is one of each sort.
        """
        held = self._people.get((provider.key, language))
        if held is None:
            people = self.test_persons(provider, language)
            # What the template made is HTML: it escapes every value itself.
            held = Markup(self._pages.render("people.html", language, address=None, people=people))  # noqa: S704
            self._people[provider.key, language] = held
        return held


_KINDS_OF_REFUSAL = {
    "home-provider-unknown": "address",
    "home-page-unknown": "address",
    "home-login-not-found": "lost",
    "home-login-of-another-browser": "lost",
    "home-login-expired": "late",
    "home-request-expired": "late",
    "home-form-from-elsewhere": "lost",
    "home-passwords-unavailable": "passwords",
    "home-renewal-not-found": "renewal",
    "home-renewal-expired": "renewal",
    "home-renewal-of-another-browser": "renewal",
    "home-renewal-out-of-order": "renewal",
}
"""Refusals that a person can do something about have words of their own; the rest are for the engineer."""


def _login_address(provider: HomeProvider, login: str) -> str:
    return f"/{provider.key}/login?{urlencode({'login': login})}"


def _page(body: str, status: HTTPStatus, form_action: Sequence[str] = ()) -> Response:
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    response.headers.extend(headers(form_action))
    return response
