# SPDX-License-Identifier: Apache-2.0
"""How the control page looks: faults in groups with their switches, what waits, the last exchanges; the token's form.

Deciding is `idp_simulators.control.page`'s. What a fault is stands in English, as in `docs/faults.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from math import ceil
from typing import Final

from flask import Response, request

from federation.model import Language
from federation.reasons import Refusal
from idp_simulators.control.operations import MAX_TIMES, Operations, OrderProblem
from idp_simulators.exchanges import Exchange
from idp_simulators.faults import GROUPS
from idp_simulators.faults.fault import SAML_KINDS
from idp_simulators.faults.named import AnyFault
from idp_simulators.faults.network import NETWORK_FAULTS, NetworkFault
from idp_simulators.settings import Settings
from party.clock import Clock
from party.language import language_of
from party.pages import Action, ErrorPage, Pages, headers

SHOWN_EXCHANGES: Final = 20

_ADDRESS: Final = "/control"
_MOMENTS: Final = ("requested_at", "answered_at")


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, and which button was pressed."""

    fault: str = ""
    is_twin: bool = False
    provider: str = ""
    person: str = ""
    times: str = "1"
    until_cleared: bool = False


@dataclass(frozen=True)
class FaultRow:
    """One fault on the page; a fault of the network has neither twin nor clause nor reason."""

    id: str
    sentence: str
    twin: str | None = None
    clause: str | None = None
    because: str | None = None
    kinds: tuple[str, ...] = ()
    """The kinds of identity provider that it exists for, where it is not those that speak SAML."""
    needs_force_authn: bool = False

    @classmethod
    def of(cls, fault: AnyFault | NetworkFault) -> FaultRow:
        """Return the row of a fault."""
        if isinstance(fault, NetworkFault):
            return cls(fault.id, fault.sentence)
        return cls(
            fault.id,
            fault.sentence,
            fault.twin_sentence,
            fault.clause,
            fault.because,
            kinds=() if fault.kinds == SAML_KINDS else tuple(sorted(fault.kinds)),
            needs_force_authn=fault.needs_force_authn,
        )

    def says(self, words: Sequence[str]) -> bool:
        """Tell whether every word stands in it somewhere, in whatever case."""
        text = " ".join(
            filter(None, (self.id, self.sentence, self.twin, self.clause, self.because, *self.kinds))
        ).lower()
        return all(word in text for word in words)


@dataclass(frozen=True)
class Group:
    """Faults that are about one thing."""

    id: str
    faults: tuple[FaultRow, ...]


@dataclass(frozen=True)
class ControlViews:
    """Answers with the pages, in the language of the request at hand."""

    settings: Settings
    clock: Clock
    pages: Pages

    def overview(
        self,
        form_token: str,
        operations: Operations,
        q: str,
        typed: Typed | None = None,
        problems: Sequence[OrderProblem] = (),
    ) -> Response:
        """Return the page, with the faults that `q` finds, and what is wrong with what was typed."""
        language = self._language()
        groups = tuple(_found(q))
        body = self.pages.render(
            "control.html",
            language,
            address=_ADDRESS,
            form_token=form_token,
            q=q,
            groups=groups,
            found=sum(len(group.faults) for group in groups),
            typed=typed or Typed(),
            problems={problem.field: problem.name for problem in problems},
            max_times=MAX_TIMES,
            providers=self._providers(language),
            example=self._example(),
            waiting=operations.waiting(),
            exchanges=[_with_times(each) for each in operations.exchanged()[: -SHOWN_EXCHANGES - 1 : -1]],
        )
        return _page(body, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK)

    def token(self, refusal: Refusal | None = None) -> Response:
        """Return the form that asks for the run's token, and why it does so again."""
        body = self.pages.render(
            "control_token.html",
            self._language(),
            address=_ADDRESS,
            problem=None if refusal is None else refusal.reason_id,
        )
        return _page(body, HTTPStatus.OK if refusal is None else HTTPStatus.FORBIDDEN)

    def closed(self, until: datetime) -> Response:
        """Return the page that says for how long no token is looked at (RFC 6585 4)."""
        seconds = max(ceil((until - self.clock()).total_seconds()), 1)
        advice = self.pages.message(self._language(), "home.control.closed.advice", count=ceil(seconds / 60))
        response = self._refusal("closed", "control-closed-for-a-while", advice, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(seconds)
        return response

    def refusal(self, refusal: Refusal) -> Response:
        """Return the page that says that nothing was done, because the form is not of this page."""
        advice = self.pages.message(self._language(), "home.control.elsewhere.advice")
        return self._refusal("elsewhere", refusal.reason_id, advice, HTTPStatus.FORBIDDEN)

    def _refusal(self, name: str, reason_id: str, advice: str, status: HTTPStatus) -> Response:
        language = self._language()
        page = ErrorPage(
            heading=self.pages.message(language, f"home.control.{name}.heading"),
            happened=self.pages.message(language, f"home.control.{name}.happened"),
            advice=(advice,),
            action=Action(self.pages.message(language, "home.control.to_page"), _ADDRESS),
            reason_id=reason_id,
            at=self.clock(),
            detail=Refusal(reason_id).reason.sentence,
        )
        return _page(self.pages.refusal(language, page, address=None), status)

    def _language(self) -> Language:
        return language_of("idp", self.settings.origin, request.environ)

    def _providers(self, language: Language) -> list[tuple[str, str]]:
        return [(key, home.municipality.name.in_language(language)) for key, home in self.settings.providers.items()]

    def _example(self) -> str:
        """Return somebody that a fault can be switched on for, as the field wants them."""
        people = (
            f"{key}/{name}" for key, home in self.settings.providers.items() for name, _ in home.people.examples()
        )
        return next(people, "")


def _found(q: str) -> Iterator[Group]:
    """Give the groups that have a fault which says every word of `q`."""
    words = q.lower().split()
    every: dict[str, Sequence[AnyFault | NetworkFault]] = {**GROUPS, "network": tuple(NETWORK_FAULTS.values())}
    for name, faults in every.items():
        rows = tuple(row for row in map(FaultRow.of, faults) if row.says(words))
        if rows:
            yield Group(name, rows)


def _with_times(exchange: Exchange) -> dict[str, object]:
    """Return the exchange with times where it has their text."""
    moments = {name: value for name, value in exchange.items() if name in _MOMENTS and value is not None}
    return {**exchange, **{name: datetime.fromisoformat(value) for name, value in moments.items()}}


def _page(body: str, status: HTTPStatus) -> Response:
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    response.headers.extend(headers())
    return response
