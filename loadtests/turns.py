# SPDX-License-Identifier: Apache-2.0
"""What a declaration becomes in the middle of a run: a school is activated, a contract ends, a signing key rolls over. Pure.

A turn is planned before the run and stands in the orders, so each worker knows by itself how a login must end before
it, after it, and while it is being taken up, when either ending is right. Doing it is `loadtests.trouble`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from federation.errors import InputError
from federation.model import Federation
from federation.people import login_shares
from federation.publisher import Contract
from federation.suggestion import did_you_mean, quoted

SETTLE_SECONDS: Final = 60.0
"""From the planned moment of a turn on, so long a part may act by what was declared before."""
_OVER: Final = "2020-12-31"
"""The last day of a contract that has ended."""


@dataclass(frozen=True)
class Turn:
    """One change of the declaration, planned for `at` seconds after the start; `where` is a key or code of it."""

    at: float
    what: str
    where: str

    @property
    def changes_endings(self) -> bool:
        """Whether anybody's login ends otherwise after it."""
        return self.what != "key-rollover"

    @property
    def name(self) -> str:
        """What tells it from the run's other turns."""
        return f"{self.what}:{self.where}"

    def of(self, federation: Federation) -> Federation:
        """Return the federation as it is declared after the turn."""
        return _TURNED[self.what](federation, self.where)


def place_of(what: str, federation: Federation, where: str) -> str:
    """Return where a turn is taken, the usual place if `where` is empty; raises `InputError` where it cannot be."""
    places = _PLACES[what](federation)
    if where and where not in places:
        message = f"--trouble {what}: {quoted(where)} is none of {_EXPECTED[what]} in the declaration{did_you_mean(where, places)}"
        raise InputError(message)
    if not places:
        message = f"--trouble {what}: the declaration has none of {_EXPECTED[what]}"
        raise InputError(message)
    return where or max(sorted(places), key=lambda place: places[place])


def _activated(federation: Federation, school: str) -> Federation:
    publisher = federation.publisher
    schools = tuple(sorted({*publisher.activated_schools, school}))
    return federation.model_copy(update={"publisher": publisher.model_copy(update={"activated_schools": schools})})


def _ended(federation: Federation, customer: str) -> Federation:
    publisher = federation.publisher
    contracts = {**publisher.contracts, customer: Contract(ends=_OVER)}
    return federation.model_copy(update={"publisher": publisher.model_copy(update={"contracts": contracts})})


def _rolled_over(federation: Federation, provider: str) -> Federation:
    """Return it with a new key that signs; the old one stands in the metadata still."""
    declared = federation.education_providers[provider]
    idp = declared.idp.model_copy(update={"rollover": True})
    changed = {**federation.education_providers, provider: declared.model_copy(update={"idp": idp})}
    return federation.model_copy(update={"education_providers": changed})


def _closed_schools(federation: Federation) -> Mapping[str, float]:
    """Return the schools that are not activated, with about how often their people sign in."""
    activated = set(federation.publisher.activated_schools)
    shares = login_shares(federation)
    return {
        school.code: shares.get(key, 0.0) / len(provider.schools)
        for key, provider in federation.education_providers.items()
        if not provider.idp.is_own
        for school in provider.schools
        if school.code not in activated
    }


def _customers(federation: Federation) -> Mapping[str, float]:
    contracts, shares = federation.publisher.contracts, login_shares(federation)
    return {
        key: shares.get(key, 0.0)
        for key, provider in federation.education_providers.items()
        if not provider.idp.is_own and (key not in contracts or contracts[key].ends is None)
    }


def _signing_providers(federation: Federation) -> Mapping[str, float]:
    shares = login_shares(federation)
    return {
        key: shares.get(key, 0.0)
        for key, provider in federation.education_providers.items()
        if not provider.idp.is_own and provider.idp.kind.is_saml and not provider.idp.rollover
    }


_TURNED: Final[Mapping[str, Callable[[Federation, str], Federation]]] = MappingProxyType(
    {"activate-school": _activated, "end-contract": _ended, "key-rollover": _rolled_over}
)
_PLACES: Final[Mapping[str, Callable[[Federation], Mapping[str, float]]]] = MappingProxyType(
    {"activate-school": _closed_schools, "end-contract": _customers, "key-rollover": _signing_providers}
)
_EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "activate-school": "the schools that are not activated",
        "end-contract": "the education providers whose contract goes on",
        "key-rollover": "the simulated identity providers that sign SAML by one key",
    }
)
TURNS: Final = tuple(_TURNED)
"""The troubles that are turns."""
