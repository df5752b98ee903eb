# SPDX-License-Identifier: Apache-2.0
"""How a person on the command line is found."""

from __future__ import annotations

import pytest

from federation.errors import InputError
from testbed.flow.people import PersonRef, find_person, find_service
from tests.builders.stacks import shipped_federation


def test_finds_a_person_by_the_bare_name_where_it_is_unique():
    """One education provider has aino.kiertavainen, so the provider need not be named."""
    assert find_person(shipped_federation(), "aino.kiertavainen") == PersonRef("kuusikoski", "aino.kiertavainen")


def test_finds_a_person_by_provider_and_name():
    """The full form always works."""
    assert find_person(shipped_federation(), "mansikkala/demo_u0001") == PersonRef("mansikkala", "demo_u0001")


def test_asks_for_the_provider_where_two_have_the_name():
    """A name that two education providers have is refused with both full forms."""
    federation = shipped_federation()
    mansikkala = federation.education_providers["mansikkala"]
    other = federation.education_providers["lintulahti"].model_copy(update={"people": mansikkala.people})
    doubled = federation.model_copy(
        update={"education_providers": {**federation.education_providers, "lintulahti": other}}
    )

    with pytest.raises(InputError) as caught:
        find_person(doubled, "demo_u0001")

    assert str(caught.value) == (
        'person "demo_u0001": 2 education providers have one of this name; '
        "write one of mansikkala/demo_u0001, lintulahti/demo_u0001"
    )


def test_suggests_the_nearest_person():
    """A typing slip gets the name that was meant."""
    with pytest.raises(InputError) as caught:
        find_person(shipped_federation(), "aino.kiertavinen")

    assert str(caught.value) == (
        'person "aino.kiertavinen": there is none in the declaration; did you mean "aino.kiertavainen"?'
    )


def test_suggests_the_nearest_service():
    """A service that is not declared is refused by name."""
    with pytest.raises(InputError) as caught:
        find_service(shipped_federation(), "publishr")

    assert str(caught.value) == 'service "publishr": there is none in the declaration; did you mean "publisher"?'
