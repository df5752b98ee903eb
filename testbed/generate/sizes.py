# SPDX-License-Identifier: Apache-2.0
"""The same login in federations of different sizes: what `bench --providers` compares.

All are parts of one generated country, so that a person, their school and their municipality's page are the same in
each. The person's education provider stands last, where whatever walks along the providers finds it latest. Every
identity provider signs with one key: which key it is costs a login nothing, and making hundreds costs a start much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final

from certs.keys import KeyPair, Keys, make_key_pair, make_secret
from federation.errors import InputError
from federation.model import Federation
from federation.organisations import OrganisationRegistry
from federation.people import PeopleRegistry
from testbed.assembly import entities, secret_names
from testbed.attribute_path import attribute_path
from testbed.flow.people import PersonRef
from testbed.generate.declaration import MOST_PROVIDERS, Country, national_federation

_SCHOOLS_PER_PROVIDER: Final = 2_200 / 310
_PEOPLE_PER_PROVIDER: Final = 600
_ONE_KEY: Final = "idp-shared"


@dataclass(frozen=True)
class Sizes:
    """A person, and the federations by their number of education providers that all have this person."""

    person: PersonRef
    federations: dict[int, Federation]


def federations_of_sizes(sizes: Sequence[int], service: str) -> Sizes:
    """Return the federations for `sizes`, and somebody who signs in to `service` in each.

    Raises `InputError` for a size that cannot be.
    """
    wrong = next((size for size in sizes if not 1 <= size <= MOST_PROVIDERS), None)
    if wrong is not None:
        message = f"--providers: got {wrong}, expected numbers from 1 to {MOST_PROVIDERS:,}, as in 1,310"
        raise InputError(message)
    largest = max(sizes)
    country = national_federation(
        Country(largest, round(largest * _SCHOOLS_PER_PROVIDER), largest * _PEOPLE_PER_PROVIDER)
    )
    person = next(_who_sign_in(country, service))
    return Sizes(person, {size: _part_of(country, size, person.provider) for size in sizes})


def shared_keys(federation: Federation, now: datetime) -> Keys:
    """Return fresh keys and secrets for everybody, one key pair for all of them."""
    pair = make_key_pair(_ONE_KEY, now)
    pairs: dict[str, KeyPair] = {entity: replace(pair, entity=entity) for entity in entities(federation)}
    return Keys(pairs, {name: make_secret() for name in secret_names(federation)})


def _who_sign_in(country: Federation, service: str) -> Iterator[PersonRef]:
    """Give people whose login goes through to an activated school, of the last education providers first."""
    registry = OrganisationRegistry.of(country)
    activated = set(country.publisher.activated_schools)
    for key, provider in reversed(country.education_providers.items()):
        for user_name, person in PeopleRegistry.of(provider).examples():
            path = attribute_path(country, PersonRef(key, user_name), service, registry)
            if path.refusal is None and "role" in path.released and activated & set(person.school_codes):
                yield path.person


def _part_of(country: Federation, size: int, last: str) -> Federation:
    """Return a federation with `size` of the country's education providers, `last` at the end."""
    everyone = country.education_providers
    keys = [*islice((key for key in everyone if key != last), size - 1), last]
    providers = {key: everyone[key] for key in keys}
    codes = {school.code for school in chain.from_iterable(provider.schools for provider in providers.values())}
    publisher = country.publisher.model_copy(
        update={
            "activated_schools": tuple(code for code in country.publisher.activated_schools if code in codes),
            "licences": tuple(licence for licence in country.publisher.licences if licence.school in codes),
        }
    )
    return country.model_copy(update={"education_providers": providers, "publisher": publisher})
