# SPDX-License-Identifier: Apache-2.0
"""What one arrival is to do and how it must end, all worked out before the run: nothing is computed while time counts.

Who arrives is the roster's, how a login must end the expectation's; here both become the addresses and the forms that
are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from federation.endpoints import Endpoints, flow_name
from federation.errors import InputError
from federation.model import Federation
from loadtests.expectation import Expectation, Expectations, Window
from loadtests.outlook import Outlook
from loadtests.records import ABANDONED
from loadtests.roster import Behaviour, Visit
from loadtests.turns import Turn
from sp_stub.config import ServiceConfig
from sp_stub.render import render
from sp_stub.rules.business import Business
from testbed.flow.people import find_simulated_service
from testbed.passwords import password_of

WRONG_PASSWORD: Final = "not-the-password"  # noqa: S105 -- what somebody mistypes
_LANGUAGE: Final = "fi"


@dataclass(frozen=True)
class Service:
    """A service that is signed in to: its key in the declaration, where a login starts, where its session is told."""

    key: str
    start_url: str
    session_url: str
    origin: str


@dataclass(frozen=True)
class Briefing:
    """One arrival: the forms are what the person sends, the expectations how their logins must end.

    `then` is the service that somebody goes on to who is signed in already, and `then_expected` how that must end.
    Where a turn of the run changes how a login must end, `windows` says from when to when each ending may be right,
    and `turned_by` names the turns.
    """

    number: int
    at: float
    provider: str
    behaviour: Behaviour
    service: Service
    source: str
    search: str
    choice: bytes
    user_name: str
    password: str
    expected: Expectation
    then: Service | None = None
    then_expected: Expectation | None = None
    windows: tuple[Window, ...] = ()
    then_windows: tuple[Window, ...] = ()
    turned_by: tuple[str, ...] = ()

    @property
    def expected_end(self) -> str:
        """How it must end, in one word: `session`, `abandoned`, or a reason's id."""
        if self.behaviour is Behaviour.ABANDONS:
            return ABANDONED
        return self.expected.because or self.expected.outcome


class Briefings:
    """Works briefings out for one declaration, service and set of addresses."""

    def __init__(
        self, federation: Federation, endpoints: Endpoints, service: str, now: datetime, turns: Sequence[Turn] = ()
    ) -> None:
        """Take the declaration and its turns; raises `InputError` for a service that is none of the simulated ones."""
        self._federation = federation
        find_simulated_service(federation, service)
        self._configurations = _configurations(federation, endpoints)
        self._first = self._service(service)
        others = sorted(key for key in self._configurations if key != service)
        self._second = self._service(others[0]) if others else None
        self._outlooks = _outlooks(federation, endpoints, turns, now)

    def of(self, visits: Iterable[Visit]) -> Iterator[Briefing]:
        """Give each visit's briefing; a source's people all search for the same words."""
        for visit in visits:
            yield self._of(visit)

    def _of(self, visit: Visit) -> Briefing:
        person = visit.person
        provider = self._federation.education_providers[person.provider]
        source = flow_name(provider.idp.kind, person.provider)
        outlook = self._outlooks[self._first.key]
        expected = outlook.at(person, visit.arrival.at)
        goes_on = visit.behaviour is Behaviour.SIGNED_IN and expected.outcome == "session" and self._second is not None
        second = self._outlooks[self._second.key] if goes_on and self._second is not None else None
        return Briefing(
            number=visit.arrival.number,
            at=visit.arrival.at,
            provider=person.provider,
            behaviour=visit.behaviour,
            service=self._first,
            source=source,
            search=urlencode({"q": provider.name.in_language(_LANGUAGE)}),
            choice=urlencode({"source": source}).encode("ascii"),
            user_name=person.user_name,
            password=password_of(person.user_name),
            expected=expected,
            then=self._second if goes_on else None,
            then_expected=None if second is None else second.at(person, visit.arrival.at),
            windows=outlook.windows(person),
            then_windows=() if second is None else second.windows(person),
            turned_by=outlook.turned_by(person),
        )

    def _service(self, key: str) -> Service:
        endpoints = self._configurations[key].endpoints
        query = urlencode({"target": "/", "lang": _LANGUAGE})
        start_url = f"{endpoints.mpassid_login_url}?{query}"
        return Service(key, start_url, endpoints.session_url, self._configurations[key].origin)


def _outlooks(federation: Federation, endpoints: Endpoints, turns: Sequence[Turn], now: datetime) -> dict[str, Outlook]:
    """Return each simulated service's outlook: one stage for what is declared, and one more for each turn."""
    ending = [turn for turn in turns if turn.changes_endings]
    stages = [federation]
    for turn in ending:
        stages.append(turn.of(stages[-1]))
    businesses = [_businesses(stage, endpoints) for stage in stages]
    return {
        key: Outlook(
            tuple(Expectations(stage, key, own[key]) for stage, own in zip(stages, businesses, strict=True)),
            ending,
            now,
        )
        for key in businesses[0]
    }


def _businesses(federation: Federation, endpoints: Endpoints) -> dict[str, Business]:
    return {key: Business.of(config) for key, config in _configurations(federation, endpoints).items()}


def _configurations(federation: Federation, endpoints: Endpoints) -> dict[str, ServiceConfig]:
    """Return what the simulated services are told, by their keys."""
    files = render(federation, endpoints, b"")
    found = [ServiceConfig.from_json(content) for path, content in files.items() if path.endswith("/config.json")]
    if not found:
        message = "the declaration has no simulated service to sign in to"
        raise InputError(message)
    return {config.service: config for config in found}
