# SPDX-License-Identifier: Apache-2.0
"""What a home organisation says of a declared person."""

from __future__ import annotations

import pytest

from federation.home import HomeValues, single
from federation.model import Person


def test_says_what_the_registry_holds() -> None:
    """Every list goes out as it is held."""
    person = Person(given_name="Testi1", school_codes=("30076", "30077"), roles=("Oppilas",), class_level="9")

    assert HomeValues.of("demo_u0001", person) == HomeValues(
        given_name="Testi1",
        user_id="demo_u0001",
        class_level="9",
        school_codes=("30076", "30077"),
        roles=("Oppilas",),
    )


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        pytest.param(None, "demo_u0001", id="the user name unless declared otherwise"),
        pytest.param("u-17", "u-17", id="what is declared"),
        pytest.param("", None, id="none when declared empty"),
    ],
)
def test_takes_the_user_id(declared: str | None, expected: str | None) -> None:
    """The source of the uid is the user name, another value, or none at all."""
    assert HomeValues.of("demo_u0001", Person(user_id=declared)).user_id == expected


@pytest.mark.parametrize(("value", "expected"), [(None, None), ("", None), (" \n", None), (" Testi1 ", "Testi1")])
def test_trims_a_single_value(value: str | None, expected: str | None) -> None:
    """A blank single value is as good as missing."""
    assert single(value) == expected
