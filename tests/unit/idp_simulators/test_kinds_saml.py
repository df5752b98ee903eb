# SPDX-License-Identifier: Apache-2.0
"""What kind `saml` sends of a person."""

import pytest

from federation.model import IdentityProvider, IdpKind, Person
from idp_simulators.kinds import KINDS
from idp_simulators.kinds.saml import sent_attributes
from tests.builders.homes import PUPIL

PLAIN = IdentityProvider(kind=IdpKind.SAML)


def sent(person: Person) -> list[tuple[str, tuple[str, ...]]]:
    return [(attribute.name, attribute.values) for attribute in sent_attributes(PLAIN, "demo_u0001", person)]


def test_sends_each_value_under_the_default_name():
    """The names are those of facts-mpassid 7."""
    assert sent(PUPIL) == [
        ("firstName", ("Testi1",)),
        ("surname", ("Oppilas1",)),
        ("nickName", ("Kutsumanimi1",)),
        ("class", ("9F",)),
        ("classLevel", ("9",)),
        ("schoolCode", ("30076",)),
        ("userRole", ("Oppilas",)),
        ("learnerId", ("1.2.246.562.98.10000000017",)),
        ("learningMaterialsCharge", ("1",)),
        ("mpassUserIdentity", ("demo_u0001",)),
    ]


@pytest.mark.parametrize(
    ("person", "attributes"),
    [
        pytest.param(Person(), [("mpassUserIdentity", ("demo_u0001",))], id="nothing but the user name"),
        pytest.param(Person(user_id="u-77"), [("mpassUserIdentity", ("u-77",))], id="the declared user id"),
        pytest.param(Person(user_id=""), [], id="no user id where an empty one is declared"),
        pytest.param(
            Person(user_id="", school_codes=("30076", "", "30078")),
            [("schoolCode", ("30076", "", "30078"))],
            id="every value of a list, empty ones too",
        ),
        pytest.param(Person(user_id="", given_name=""), [("firstName", ("",))], id="an empty value that is declared"),
        pytest.param(
            Person(user_id="", given_name="a\x00b\x1bc\ufffe"),
            [("firstName", ("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}",))],
            id="a mark in the place of what XML cannot hold",
        ),
    ],
)
def test_sends(person: Person, attributes: list[tuple[str, tuple[str, ...]]]):
    """What the registry does not hold makes no attribute."""
    assert sent(person) == attributes


def test_is_known_for_every_kind_of_the_declaration():
    """No declared kind is without a module."""
    assert set(KINDS) == set(IdpKind)
