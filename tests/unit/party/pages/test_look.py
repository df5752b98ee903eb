# SPDX-License-Identifier: Apache-2.0
"""A party's look."""

from dataclasses import replace

import pytest

from party.pages.look import Look, look_style_sheet

LOOK = Look(name="a.name", accent="#1f5f3f", owner="a.owner", operator="a.operator", accent_dark="#8fd3b0")


def test_the_style_sheet_is_named_by_its_colours() -> None:
    """So that it needs no state to be served, and can be cached for ever."""
    assert LOOK.style_sheet == "look-1f5f3f-8fd3b0.css"


def test_the_dark_accent_is_a_lighter_shade() -> None:
    """A municipality declares one colour."""
    assert replace(LOOK, accent_dark=None).dark_mode_accent == "#6f9884"


def test_the_style_sheet_sets_both_modes() -> None:
    """The whole file, as the browser gets it."""
    assert look_style_sheet("look-1f5f3f-8fd3b0.css") == (
        b":root { --accent: #1f5f3f; --on-accent: #ffffff; }\n"
        b"@media (prefers-color-scheme: dark) { :root { --accent: #8fd3b0; --on-accent: #14171c; } }\n"
    )


@pytest.mark.parametrize(
    "name",
    ["look.css", "look-1f5f3f.css", "look-1f5f3f-8fd3b0.css\n", "look-1F5F3F-8fd3b0.css", "look-};x{-8fd3b0.css"],
)
def test_no_other_name_makes_a_style_sheet(name: str) -> None:
    """Nothing but hexadecimal digits gets into the file."""
    assert look_style_sheet(name) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"accent": "#ffd400"}, "the contrast of #ffd400 with #f3f5f8 is 1.31:1", id="yellow on light"),
        pytest.param({"accent_dark": "#1f5f3f"}, "the contrast of #1f5f3f with #22272f is 1.98:1", id="green on dark"),
        pytest.param({"accent": "blue"}, "expected a colour such as #1f5f3f, found 'blue'", id="a word"),
    ],
)
def test_refuses_colours_that_are_hard_to_read(changes: dict[str, str], message: str) -> None:
    """Text needs 4.5:1 in both modes (WCAG 2.2, 1.4.3)."""
    with pytest.raises(ValueError, match="expected") as caught:
        replace(LOOK, **changes)

    assert str(caught.value).startswith(message)
