# SPDX-License-Identifier: Apache-2.0
"""Finding a person, an education provider or a service by what was typed."""

from __future__ import annotations

import pytest

from federation.errors import InputError
from federation.loader import loads
from federation.lookup import allowed_services, find_person, find_service
from tests.builders.declarations import declaration

FEDERATION = loads(declaration(), "federation.yaml")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("kuusikoski/oona", "kuusikoski/oona", id="by provider and person"),
        pytest.param("oona", "kuusikoski/oona", id="by a unique bare name"),
        pytest.param("kuusikoski/demo_u0001", "kuusikoski/demo_u0001", id="by provider where two have the name"),
    ],
)
def test_finds_a_person(typed: str, expected: str) -> None:
    """A person is found by the whole name or a unique bare one."""
    assert find_person(FEDERATION, typed).name == expected


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param("onna", 'no person "onna"; did you mean "oona"?', id="a slip"),
        pytest.param(
            "demo_u0001",
            'several people are called "demo_u0001"; say which: mansikkala/demo_u0001, kuusikoski/demo_u0001',
            id="a name that two have",
        ),
        pytest.param(
            "kuusikoski/demo_u001",
            'no person "demo_u001" at kuusikoski; did you mean "demo_u0001"?',
            id="a slip in the person",
        ),
        pytest.param(
            "kusikoski/oona",
            'no education provider "kusikoski"; did you mean "kuusikoski"?',
            id="a slip in the provider",
        ),
        pytest.param("", 'no person ""; expected one of "demo_u0001", "oona"', id="nothing"),
        pytest.param("x\ny", 'no person "x\\ny"; expected one of "demo_u0001", "oona"', id="a line break is escaped"),
    ],
)
def test_says_what_is_near(typed: str, message: str) -> None:
    """A name that is not there is answered with what is."""
    with pytest.raises(InputError) as raised:
        find_person(FEDERATION, typed)

    assert str(raised.value) == message


def test_finds_a_service() -> None:
    """A service is found by its key, a slip answered."""
    assert find_service(FEDERATION, "portal").simulated == "portal"
    with pytest.raises(InputError, match='no service "portaali"; did you mean "portal"'):
        find_service(FEDERATION, "portaali")


def test_tells_the_services_a_provider_allows() -> None:
    """`all` means every declared service; a list is as it stands."""
    assert allowed_services(FEDERATION, "mansikkala") == ("publisher", "portal")
    assert allowed_services(FEDERATION, "kuusikoski") == ("publisher",)
