# SPDX-License-Identifier: Apache-2.0
"""One person's way through a login, step by step, and how it ended against the model; what carries it is handed in.

The steps are those of `loadtests.records.STEPS`. A page is recognised by its marks alone and must be the one that the
step ends with: whatever else comes breaks the login off and says where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from loadtests.briefing import WRONG_PASSWORD, Briefing, Service
from loadtests.exchange import Answer, Browser, ExchangeError, address
from loadtests.expectation import Expectation
from loadtests.pages import form_of, kind_of, reason_of
from loadtests.records import ABANDONED
from loadtests.roster import Behaviour
from loadtests.sight import Sight, sight_of

MOST_REDIRECTS: Final = 10
_LOWEST_ERROR: Final = 500
_NO_LOGIN_FORM: Final = "no-login-form"
_NO_SAML_FORM: Final = "no-saml-form"
_NO_TERMS_FORM: Final = "no-terms-form"
_TOO_MANY_REDIRECTS: Final = "too-many-redirects"


@dataclass(frozen=True)
class Ending:
    """How one login ended: `because` is a reason id, `failure` where the chain broke off, `sight` whom it saw."""

    outcome: str
    because: str | None = None
    failure: str | None = None
    sight: Sight | None = None


@dataclass
class Steps:
    """The seconds of each step so far; `now` is a clock in seconds."""

    now: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=dict)
    current: str = ""

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Measure a step; one that comes twice counts together."""
        self.current, began = name, self.now()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + self.now() - began


class _Refused(Exception):  # noqa: N818 -- an ending, which may well be the right one
    """A page gives a reason."""


class _BrokenOff(Exception):  # noqa: N818 -- as above
    """Something came that the step does not end with."""


class Walk:
    """One login under way; `authorization` opens the identity providers to scripts, and the services' session document."""

    def __init__(self, browser: Browser, briefing: Briefing, steps: Steps, authorization: str) -> None:
        """Take what carries the login, what it is to do, and where its steps are measured."""
        self._browser = browser
        self._briefing = briefing
        self._steps = steps
        self._authorization = authorization
        self.reached_service = False
        """Whether a service was given an answer, so that it may have somebody's session."""

    def run(self) -> Ending:
        """Return how the login ended; raises nothing of the system's doing."""
        briefing = self._briefing
        try:
            answer = self._to_picker(briefing.service)
            if kind_of(answer.page) == "picker":
                if briefing.behaviour is Behaviour.ABANDONS:
                    return Ending(ABANDONED)
                answer = self._from_picker(answer)
            with self._steps.of("session"):
                self._into(answer)
        except _Refused as refused:
            return Ending("refused", str(refused))
        except _BrokenOff as broken:
            return self._failed(str(broken))
        except ExchangeError as error:
            return self._failed(error.kind)
        return Ending("session")

    def go_on(self, service: Service) -> Ending:
        """Return how the sign-in at a second service ended, which asks for nothing."""
        try:
            with self._steps.of("single-sign-on"):
                answer = self._followed(self._browser.get(service.start_url))
                self._into(answer)
        except _Refused as refused:
            return Ending("refused", str(refused))
        except _BrokenOff as broken:
            return self._failed(str(broken))
        except ExchangeError as error:
            return self._failed(error.kind)
        return Ending("session")

    def seen_by(self, service: Service) -> Sight | None:
        """Return whom a service saw, None where it saw nobody; the question is not the person's and is not measured."""
        self._steps.current = "session-document"
        answer = self._browser.get(service.session_url, self._authorization)
        return sight_of(answer)

    def _to_picker(self, service: Service) -> Answer:
        with self._steps.of("service-start"):
            answer = self._browser.get(service.start_url)
            if answer.next_url is None:
                self._must_be(answer, "")
        with self._steps.of("picker"):
            answer = self._followed(self._browser.get(str(answer.next_url)))
            if kind_of(answer.page) == "saml-post":
                return answer  # one source is left, or the proxy knows the person
            self._must_be(answer, "picker")
            found = self._browser.get(f"{answer.url}?{self._briefing.search}")
            self._must_be(found, "picker")
            return Answer(answer.url, found.status, None, found.page)

    def _from_picker(self, picker: Answer) -> Answer:
        """Return the page that carries the proxy's answer to the service."""
        with self._steps.of("home-page"):
            page = self._followed(self._browser.post(picker.url, self._briefing.choice))
            self._must_be(page, "home-login")
        with self._steps.of("home-answer"):
            answer = self._sign_in(page)
        with self._steps.of("proxy-answer"):
            answer = self._followed(self._delivered(answer))
            self._must_be(answer, "saml-post")
        return answer

    def _sign_in(self, page: Answer) -> Answer:
        """Return what the home organisation answers: a form for the proxy, or a redirect to it."""
        if self._briefing.behaviour is Behaviour.WRONG_PASSWORD:
            page = self._typed(page, WRONG_PASSWORD)
            self._must_be(page, "home-login")
        answer = self._typed(page, self._briefing.password)
        if answer.next_url is None:
            self._must_be(answer, "saml-post")
        return answer

    def _typed(self, page: Answer, password: str) -> Answer:
        form = form_of(page.page, "login")
        if form is None:
            raise _BrokenOff(_NO_LOGIN_FORM)
        body = form.body(username=self._briefing.user_name, password=password)
        return self._browser.post(page.url, body, self._authorization)

    def _delivered(self, answer: Answer) -> Answer:
        """Return what the proxy answers to the home organisation's answer."""
        if answer.next_url is not None:
            return self._browser.get(answer.next_url)
        return self._posted(answer)

    def _posted(self, answer: Answer) -> Answer:
        form = form_of(answer.page, "saml-post")
        if form is None or form.action is None:
            raise _BrokenOff(_NO_SAML_FORM)
        return self._browser.post(address(answer.url, form.action), form.body())

    def _into(self, answer: Answer) -> None:
        """Come from the proxy's answer to the service's materials, by way of its terms of use."""
        self._must_be(answer, "saml-post")
        self.reached_service = True
        page = self._followed(self._posted(answer))
        if kind_of(page.page) == "terms":
            form = form_of(page.page, "terms")
            if form is None or form.action is None:
                raise _BrokenOff(_NO_TERMS_FORM)
            page = self._followed(self._browser.post(address(page.url, form.action), form.body(answer="accept")))
        self._must_be(page, "materials")

    def _followed(self, answer: Answer) -> Answer:
        for _ in range(MOST_REDIRECTS):
            if answer.next_url is None:
                return answer
            answer = self._browser.get(answer.next_url)
        raise _BrokenOff(_TOO_MANY_REDIRECTS)

    def _must_be(self, answer: Answer, kind: str) -> None:
        """Go on where the page is the expected one; a page with a reason ends the login, any other breaks it off."""
        if kind and kind_of(answer.page) == kind and (kind == "picker" or reason_of(answer.page) is None):
            return
        because = reason_of(answer.page)
        if because is not None:
            raise _Refused(because)
        raise _BrokenOff(
            f"status-{answer.status}" if answer.status >= _LOWEST_ERROR else f"page-{kind_of(answer.page) or 'unknown'}"
        )

    def _failed(self, what: str) -> Ending:
        return Ending("error", failure=f"{what} at {self._steps.current}")


def is_right(ending: Ending, expected: Expectation, behaviour: Behaviour) -> bool:
    """Tell whether a login ended as the model says."""
    if behaviour is Behaviour.ABANDONS:
        return ending.outcome == ABANDONED
    return (ending.outcome, ending.because) == (expected.outcome, expected.because)
