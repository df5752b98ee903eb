# SPDX-License-Identifier: Apache-2.0
"""The form of object identifiers, and the check digits of persons' (facts-mpassid 2)."""

from __future__ import annotations

import pytest

from federation.oid import check_digit, is_oid


@pytest.mark.parametrize(
    ("digits", "node", "expected"),
    [
        pytest.param("1000000000", "24", "3", id="node 24: 1·7 at the tenth place"),
        pytest.param("2000000001", "24", "9", id="node 24: 1·7 at the first place and 2·7 at the tenth"),
        pytest.param("1000000001", "98", "7", id="Luhn elsewhere: 1 doubled at the first place, 1 plain at the tenth"),
        pytest.param("2000000001", "98", "6", id="Luhn: 2 and 2"),
        pytest.param("1000000006", "98", "6", id="Luhn: a double of two digits counts as their sum, 3, and 1"),
    ],
)
def test_has_the_check_digit_of_its_node(digits: str, node: str, expected: str):
    """Persons' identifiers are checked by the weights of Finnish reference numbers, all others by Luhn."""
    assert check_digit(digits, node) == expected


def test_finds_the_published_response_wrong():
    """1.2.246.562.24.20000000018, a published test response's learner id, has another check digit than its own."""
    assert check_digit("2000000001", "24") != "8"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.2.246.562.99.00000000001", True, id="a test organisation with zeros in front"),
        pytest.param("1.2.246.562.10.12345678901", True, id="numbers joined by dots"),
        pytest.param("30076", False, id="no bare code"),
        pytest.param("3.1", False, id="a root from 0 to 2"),
        pytest.param("1.2.", False, id="no empty arc"),
    ],
)
def test_knows_the_form(text: str, *, expected: bool):
    """What stands for an organisation."""
    assert is_oid(text) is expected
