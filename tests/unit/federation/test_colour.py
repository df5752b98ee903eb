# SPDX-License-Identifier: Apache-2.0
"""Contrast by WCAG 2.2."""

import pytest

from federation.colour import contrast, lightened_for


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        pytest.param("#000000", "#ffffff", 21.0, id="black on white"),
        pytest.param("#ffffff", "#000000", 21.0, id="white on black"),
        pytest.param("#777777", "#ffffff", 4.48, id="the grey that just fails"),
        pytest.param("#767676", "#ffffff", 4.54, id="the grey that just passes"),
        pytest.param("#0000ff", "#ffffff", 8.59, id="blue on white"),
        pytest.param("#1f5f3f", "#1f5f3f", 1.0, id="a colour on itself"),
    ],
)
def test_measures_contrast_as_wcag_does(first: str, second: str, ratio: float) -> None:
    """The values are those of published contrast checkers."""
    assert round(contrast(first, second), 2) == ratio


@pytest.mark.parametrize("colour", ["", "1f5f3f", "#1F5F3F", "#fff", "#1f5f3f;", "red", "#1f5f3g"])
def test_refuses_what_is_no_colour(colour: str) -> None:
    """A colour ends up in a style sheet, so it has one form only."""
    with pytest.raises(ValueError, match="expected a colour such as"):
        contrast(colour, "#ffffff")


def test_lightens_a_colour_until_it_can_be_read() -> None:
    """The least white that is enough."""
    assert lightened_for("#000000", "#22272f", 4.5) == "#8e8e8e"
    assert lightened_for("#ffd400", "#22272f", 4.5) == "#ffd400"


def test_says_when_no_shade_can_be_read() -> None:
    """On a light background no lighter shade helps."""
    with pytest.raises(ValueError, match="no lighter shade of #000000"):
        lightened_for("#000000", "#ffffff", 22)
