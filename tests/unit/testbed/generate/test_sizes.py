# SPDX-License-Identifier: Apache-2.0
"""Federations of different sizes with the same person, and what is made of their measurements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import Result

from federation.errors import InputError, TestbedError
from federation.loader import loads
from testbed.assembly import entities
from testbed.attribute_path import attribute_path
from testbed.bench import Measurement
from testbed.comparison import Comparison
from testbed.flow.people import PersonRef
from testbed.generate.sizes import federations_of_sizes, shared_keys
from testbed.generate.yaml_text import declaration_text

PERSON = PersonRef("kuusilahti", "p000001")


def comparison(*totals: float) -> Comparison:
    """Return a comparison of 1, 2, … providers whose logins cost so much, beside a dear client."""
    return Comparison(
        PERSON,
        {
            size: Measurement(10, {"proxy": total / 2, "idp": total / 2, "client": 100.0}, 200.0)
            for size, total in enumerate(totals, start=1)
        },
    )


def test_has_the_person_in_each_federation():
    """The person, their school and what the service receives are the same at each size."""
    found = federations_of_sizes([1, 4, 40], "publisher")
    paths = [attribute_path(federation, found.person, "publisher") for federation in found.federations.values()]

    assert [len(federation.education_providers) for federation in found.federations.values()] == [1, 4, 40]
    assert paths[0] == paths[1] == paths[2]
    assert paths[0].refusal is None


def test_puts_the_person_where_a_walk_finds_them_last():
    """What walks along the education providers pays for all of them."""
    found = federations_of_sizes([1, 40], "publisher")

    assert list(found.federations[40].education_providers)[-1] == found.person.provider


def test_makes_valid_federations():
    """Each could be written down and read."""
    for federation in federations_of_sizes([1, 40], "portal").federations.values():
        assert loads(declaration_text(federation, "x").encode(), "x.yaml") == federation


@pytest.mark.parametrize("sizes", [[0, 1], [1, 1_001]])
def test_refuses_a_size_that_cannot_be(sizes: list[int]):
    """No federation is empty, and a country has its bounds."""
    with pytest.raises(InputError, match="expected numbers from 1 to 1,000, as in 1,310"):
        federations_of_sizes(sizes, "publisher")


def test_gives_everybody_one_key():
    """Making hundreds of keys would cost more than everything that is measured."""
    federation = federations_of_sizes([40], "publisher").federations[40]
    keys = shared_keys(federation, datetime(2026, 8, 12, tzinfo=UTC))

    assert set(keys.pairs) == set(entities(federation))
    assert len({pair.private_key_pem for pair in keys.pairs.values()}) == 1


def test_compares_with_the_first_size():
    """The ratio is that of the parts' CPU time; the client is the same everywhere and would hide it."""
    assert comparison(20.0, 21.0, 30.0).ratios() == pytest.approx({1: 1.0, 2: 1.05, 3: 1.5})


def test_tells_a_size_that_is_too_dear():
    """A budget that is broken ends the command with 1."""
    comparison(20.0, 21.0).check(1.1)
    with pytest.raises(TestbedError) as raised:
        comparison(20.0, 21.0, 30.0).check(1.1)

    assert str(raised.value) == "a login costs 1.50 times with 3 education providers; expected at most 1.1 times"
    assert raised.value.exit_code == 1


def test_prints_the_comparison(run: Callable[..., Result]):
    """One column per size, and the ratio."""
    result = run("bench", "--providers", "1,3", "--logins", "1")

    assert result.exit_code == 0
    assert ["1 providers" in result.output, "3 providers" in result.output, "ratio" in result.output] == [True] * 3


@pytest.mark.parametrize(
    ("providers", "words"),
    [("1,x", "expected numbers with commas between them, as in 1,310"), ("0", "expected numbers from 1 to 1,000")],
)
def test_refuses_what_is_no_list_of_sizes(run: Callable[..., Result], providers: str, words: str):
    """The message shows how it is written."""
    result = run("bench", "--providers", providers)

    assert result.exit_code == 2
    assert words in result.stderr
