# SPDX-License-Identifier: Apache-2.0
"""The pages a person meets at an identity provider: login form, hand-over to the proxy, index, refusals.

Each page shows the municipality's own name and colour. Deciding is `idp_simulators.login`'s; this turns decisions
into HTML with the right status and headers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, request
from markupsafe import Markup

from federation.model import Language
from federation.reasons import Refusal
from idp_simulators.answers import Answer
from idp_simulators.passwords import password_of
from idp_simulators.settings import HomeProvider, Settings
from party.clock import Clock
from party.language import language_of
from party.pages import ErrorPage, Look, Pages, headers

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
        self, provider: HomeProvider, login: str, user_name: str = "", problems: Sequence[FormProblem] = ()
    ) -> Response:
        """Return the login form, with what was typed and what is wrong with it."""
        example = next((user_name for user_name, _ in provider.people.examples()), "")
        body = self._pages.render(
            "login.html",
            self.language(),
            address=f"/{provider.key}/login?login={login}",
            look=self._looks[provider.key],
            login=login,
            user_name=user_name,
            problems={problem.field: problem.message_id for problem in problems},
            people=self._people_list(provider, self.language()),
            example=example,
            example_password=password_of(example),
            generated=provider.people.generated_range(),
        )
        return _page(body, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK)

    def answer(self, provider: HomeProvider, answer: Answer, acs_url: str, relay_state: str | None) -> Response:
        """Return the form that carries the answer to the proxy (saml-bindings-2.0-os 3.5.4)."""
        fields = {"SAMLResponse": answer.encoded()}
        if relay_state is not None:
            fields["RelayState"] = relay_state
        body = self._pages.render(
            "answer.html",
            self.language(),
            address=None,
            look=self._looks[provider.key],
            action=acs_url,
            fields=fields,
            deliveries=answer.deliveries,
        )
        parts = urlsplit(acs_url)
        return _page(body, HTTPStatus.OK, [f"{parts.scheme}://{parts.netloc}"])

    def index(self, signed_in: Collection[str]) -> Response:
        """Return the list of municipalities; `signed_in` are those with a session in this browser."""
        language = self.language()
        body = self._pages.render(
            "index.html",
            language,
            address="/",
            municipalities=[
                {
                    "key": key,
                    "name": provider.municipality.name.in_language(language),
                    "entity_id": provider.endpoints.entity_id,
                    "sso_url": provider.endpoints.sso_url,
                    "people": len(provider.people),
                    "is_signed_in": key in signed_in,
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
        look = None if provider is None else self._looks[provider.key]
        return _page(self._pages.refusal(language, page, address=None, look=look), status)

    def _people_list(self, provider: HomeProvider, language: Language) -> Markup:
        """Return the test persons' buttons, rendered once: they are the same in every login.

        Computed people are too many for a page: there is one of each sort.
        """
        held = self._people.get((provider.key, language))
        if held is None:
            people = [
                TestPerson(
                    user_name=user_name,
                    name=" ".join(filter(None, (person.given_name, person.surname))),
                    note=None if person.note is None else person.note.in_language(language),
                )
                for user_name, person in provider.people.examples()
            ]
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
}
"""Refusals that a person can do something about have words of their own; the rest are for the engineer."""


def _page(body: str, status: HTTPStatus, form_action: Sequence[str] = ()) -> Response:
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    response.headers.extend(headers(form_action))
    return response
