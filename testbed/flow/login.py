# SPDX-License-Identifier: Apache-2.0
"""One login, hop by hop, as a person does it: the service, the picker, the municipality's login page, and back.

The flow knows pages by their marks only and takes each as it comes, so that it ends wherever the chain ends: signed
in, refused by one of the parts, or somewhere it cannot go on. It accepts terms of use where they come up, as people do,
unless the plan declines them. When the proxy refuses, it presses "continue" to learn what the service is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from federation.endpoints import PARTS, ServiceEndpoints, flow_name
from federation.reasons import REASONS
from party.run_token import AUTHORIZATION, bearer
from testbed.explain.messages import saml_status
from testbed.flow.browser import Browser, FlowError, SeenMessage
from testbed.flow.page import ACCEPT, DECLINE, Form, Page, PageKind
from testbed.flow.people import PersonRef, check_is_simulated, find_simulated_service
from testbed.flow.result import LoginResult, Outcome
from testbed.passwords import password_of
from testbed.stacks.protocol import Stack, part_at

MAX_PAGES: Final = 15


@dataclass(frozen=True)
class LoginPlan:
    """What one login is to do; every field but the first two has the value of a plain one."""

    person: PersonRef
    service: str = "publisher"
    password: str | None = None
    """What is typed; the person's own password unless given."""
    source: str | None = None
    """The flow name that is chosen; the person's own education provider unless given."""
    target: str = "/"
    language: str = "fi"
    replays_response: bool = False
    """Whether the browser posts the identity provider's response a second time, with the cookies of the first."""
    declines_terms: bool = False
    """Whether the terms of use are declined where they come up, instead of accepted."""


def login(stack: Stack, plan: LoginPlan, client: httpx.Client | None = None) -> LoginResult:
    """Log the person in on `stack` and return what came of it; `client` is the browser to go on with, if any.

    Raises `InputError` where the service or the person's identity provider is somebody's own.
    """
    check_is_simulated(stack.federation, plan.person)
    simulated = find_simulated_service(stack.federation, plan.service)
    service = stack.endpoints.service(simulated)
    if client is not None:
        return _Login(stack, plan, service, client).run()
    with stack.client() as fresh:
        return _Login(stack, plan, service, fresh).run()


def walk(stack: Stack, plan: LoginPlan, client: httpx.Client, start_url: str | None = None) -> Iterator[Page]:
    """Give the pages of a login one by one, each before it is acted on: whoever stops looking stops the login there.

    `start_url` is where a service of somebody's own begins a login; it ends at the first page that is none of ours.
    """
    if start_url is not None:
        return _Login(stack, plan, None, client).pages(start_url)
    simulated = find_simulated_service(stack.federation, plan.service)
    return _Login(stack, plan, stack.endpoints.service(simulated), client).pages()


class _Login:
    """The state of one login under way."""

    def __init__(self, stack: Stack, plan: LoginPlan, service: ServiceEndpoints | None, client: httpx.Client) -> None:
        self._stack = stack
        self._plan = plan
        self._service = service
        self._client = client
        self._browser = Browser(client, lambda url: part_at(stack.origins, url))
        self._asked: set[str] = set()
        provider = stack.federation.education_providers[plan.person.provider]
        self._source = plan.source or flow_name(provider.idp.kind, plan.person.provider)
        self._school_search = provider.name.in_language("fi")

    def run(self) -> LoginResult:
        started = time.perf_counter()
        try:
            *_, last = self.pages()
            result = self._result(last)
        except FlowError as error:
            result = replace(self._blank("error"), detail=str(error))
        return replace(
            result,
            hops=tuple(self._browser.hops),
            messages=tuple(self._browser.messages),
            milliseconds=round((time.perf_counter() - started) * 1000),
        )

    def pages(self, start_url: str | None = None) -> Iterator[Page]:
        """Give each page before acting on it; the last one is where the login ends."""
        steps: dict[PageKind, Callable[[Page], Page | None]] = {
            PageKind.SAML_POST: self._pass_on,
            PageKind.PICKER: self._choose_school,
            PageKind.HOME_LOGIN: self._sign_in,
            PageKind.TERMS: self._answer_terms,
        }
        page: Page | None = self._browser.open(start_url or self._start_url(), "start of the login")
        for _ in range(MAX_PAGES):
            if page is None:
                return
            yield page
            step = steps.get(page.kind)
            page = step(page) if step else None
        message = f"no end after {MAX_PAGES} pages"
        raise FlowError(message)

    def _start_url(self) -> str:
        query = httpx.QueryParams({"target": self._plan.target, "lang": self._plan.language})
        return f"{self._service.mpassid_login_url}?{query}" if self._service else ""

    def _pass_on(self, page: Page) -> Page | None:
        form = page.form("saml-post")
        if form is None:
            return None
        if self._plan.replays_response and self._part(page) == "idp":
            cookies = list(self._client.cookies.jar)
            self._browser.submit(form, {}, "")
            self._client.cookies.clear()
            for cookie in cookies:
                self._client.cookies.jar.set_cookie(cookie)
            self._browser.return_to(page)
        return self._browser.submit(form, {}, "")

    def _choose_school(self, page: Page) -> Page | None:
        form = self._school_form(page)
        if form is None and "search" not in self._asked:
            self._asked.add("search")
            search = page.form_with_field("q")
            if search is None:
                message = "a school picker without a search field"
                raise FlowError(message)
            found = self._browser.submit(search, {"q": self._school_search}, "search")
            return found if self._school_form(found) or found.kind != PageKind.PICKER else self._insist(page)
        return self._choose(form) if form else self._insist(page)

    def _school_form(self, page: Page) -> Form | None:
        return next((form for form in page.forms if self._source in (form.source, *form.sources)), None)

    def _insist(self, page: Page) -> Page:
        """Choose a school that the picker does not offer, as an old bookmark or a forged form would."""
        forms = [form for form in page.forms if form.method == "POST" and (form.source or form.sources)]
        csrf = forms[0].fields if forms else {}
        form = Form(page.url, "POST", None, self._source, csrf, ())
        return self._choose(form)

    def _choose(self, form: Form) -> Page:
        if "source" in self._asked:
            message = "the school picker came back after the choice"
            raise FlowError(message)
        self._asked.add("source")
        return self._browser.submit(form, {"source": self._source}, f"choice of {self._source}")

    def _sign_in(self, page: Page) -> Page | None:
        form = page.form_with_field("password")
        if form is None or "password" in self._asked:
            return None
        self._asked.add("password")
        password = self._plan.password
        values = {
            "username": self._plan.person.user_name,
            "password": password_of(self._plan.person.user_name) if password is None else password,
        }
        # Says that a script signs in: a lock of the account, a person's doing, does not stop it (design 7).
        is_ours = part_at(self._stack.origins, form.action) == "idp"
        headers = {AUTHORIZATION: bearer(self._stack.run_token)} if is_ours else {}
        return self._browser.submit(form, values, "user name and password", headers)

    def _answer_terms(self, page: Page) -> Page | None:
        form = page.terms_form()
        if form is None or "terms" in self._asked:
            return None
        self._asked.add("terms")
        if self._plan.declines_terms:
            return self._browser.submit(form, DECLINE, "terms declined")
        return self._browser.submit(form, ACCEPT, "terms accepted")

    def _result(self, page: Page) -> LoginResult:
        match page.kind:
            case PageKind.MATERIALS:
                return self._signed_in(page)
            case PageKind.REFUSAL | PageKind.HOME_LOGIN if "reason" in page.error_fields:
                return self._refused(page)
            case _:
                detail = f"{self._part(page)} answered {page.status} with a page of kind {page.kind}: {page.url}"
                return replace(self._blank("error"), at=self._known_part(page), detail=detail)

    def _signed_in(self, page: Page) -> LoginResult:
        seen = self._session()
        if seen is None:
            detail = f"{self._part(page)} shows materials but has no session to tell of"
            return replace(self._blank("error"), at=self._known_part(page), detail=detail)
        return replace(self._blank("session"), **_received(seen))

    def _refused(self, page: Page) -> LoginResult:
        because = page.error_fields["reason"]
        if because not in REASONS:
            detail = f"{self._part(page)} gives a reason that the table does not hold: {because!r}"
            return replace(self._blank("error"), at=self._known_part(page), detail=detail)
        number = page.error_fields.get("error-number")
        result = replace(
            self._blank("refused"),
            at=self._known_part(page),
            because=because,
            page=int(number) if number and number.isdigit() else None,
        )
        following = page.form("continue")
        if following is not None:
            self._browser.submit(following, {}, "continue")
        told = saml_status(self._last_response()) if self._last_response() else None
        if told is not None and told[0] != "Success":
            return replace(result, saml_status=told)
        seen = self._session() if result.at in PARTS[2:] else None
        return replace(result, **_received(seen)) if seen else result

    def _last_response(self) -> str:
        """Return the last response that reached the service, still encoded."""
        return next((m.encoded for m in reversed(self._responses()) if m.receiver in PARTS[2:]), "")

    def _responses(self) -> list[SeenMessage]:
        return [message for message in self._browser.messages if message.parameter == "SAMLResponse"]

    def _session(self) -> Mapping[str, Any] | None:
        if self._service is None:
            return None
        headers = {AUTHORIZATION: bearer(self._stack.run_token)}
        response = self._client.get(self._service.session_url, headers=headers)
        if response.status_code != httpx.codes.OK:
            return None
        seen: Mapping[str, Any] = response.json()
        return seen

    def _blank(self, outcome: Outcome) -> LoginResult:
        return LoginResult(str(self._plan.person), self._plan.service, self._stack.name, outcome)

    def _part(self, page: Page) -> str:
        return part_at(self._stack.origins, page.url)

    def _known_part(self, page: Page) -> str | None:
        part = self._part(page)
        return part if part in PARTS else None


def _received(seen: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "attributes": {str(name): [str(value) for value in values] for name, values in seen["attributes"].items()},
        "schools": tuple(seen["schools"]),
        "not_activated": tuple(seen["not_activated"]),
        "ended": tuple(seen["ended"]),
        "materials": tuple(seen["materials"]),
    }
