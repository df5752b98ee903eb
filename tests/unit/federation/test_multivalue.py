# SPDX-License-Identifier: Apache-2.0
"""The rules for several values: which school, class, role and charge belong together (facts-mpassid 3)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.multivalue import Mismatch, Position, pair, split_values

Row = tuple[str | None, str | None, str | None, str | None]


def rows(paired: tuple[Position, ...] | Mismatch) -> list[Row]:
    """Return positions as rows of school code, class, role and charge."""
    assert not isinstance(paired, Mismatch), paired
    return [(position.school_code, position.group, position.role, position.charge) for position in paired]


@pytest.mark.parametrize(
    ("school_codes", "groups", "roles", "expected"),
    [
        pytest.param(["1"], [], ["a"], [("1", None, "a", None)], id="one school, one role and no class"),
        pytest.param(["1"], ["7C"], ["a"], [("1", "7C", "a", None)], id="one of each"),
        pytest.param(
            ["1", "2", "3"],
            [],
            ["a", "b", "c"],
            [("1", None, "a", None), ("2", None, "b", None), ("3", None, "c", None)],
            id="three schools and roles without a class have an empty class",
        ),
        pytest.param(
            ["1", "2", "3"],
            ["7C"],
            ["a", "b", "c"],
            [("1", "7C", "a", None), ("2", None, "b", None), ("3", None, "c", None)],
            id="one class joins the first of three schools",
        ),
        pytest.param(
            ["1", "2", "3"],
            ["7C", "8C", "9C"],
            ["a", "b", "c"],
            [("1", "7C", "a", None), ("2", "8C", "b", None), ("3", "9C", "c", None)],
            id="three of each belong together by position",
        ),
        pytest.param(
            ["1", "2", "3"],
            [],
            ["a"],
            [("1", None, "a", None), ("2", None, "a", None), ("3", None, "a", None)],
            id="one role applies to all three schools",
        ),
        pytest.param(
            ["1", "2", "3"],
            ["7C"],
            ["a"],
            [("1", "7C", "a", None), ("2", None, "a", None), ("3", None, "a", None)],
            id="one role applies to all and one class joins the first",
        ),
        pytest.param(
            ["1", "2", "3"],
            ["7C", "8C", "9C"],
            ["a"],
            [("1", "7C", "a", None), ("2", "8C", "a", None), ("3", "9C", "a", None)],
            id="classes by position and one role for all",
        ),
    ],
)
def test_pairs_what_belongs_together(
    school_codes: list[str], groups: list[str], roles: list[str], expected: list[Row]
) -> None:
    """Counts that match, and a single class or role, are paired as documented."""
    assert rows(pair(school_codes, groups, roles)) == expected


@pytest.mark.parametrize(
    ("school_codes", "groups", "roles"),
    [
        pytest.param(3, 0, 2, id="three schools, two roles and no class"),
        pytest.param(3, 1, 2, id="three schools, two roles and one class"),
        pytest.param(3, 2, 2, id="three schools, two roles and two classes"),
        pytest.param(3, 3, 2, id="three schools, two roles and three classes"),
        pytest.param(3, 2, 3, id="three schools, three roles and two classes"),
        pytest.param(3, 4, 3, id="three schools, three roles and four classes"),
        pytest.param(3, 2, 1, id="three schools, one role and two classes"),
        pytest.param(1, 0, 2, id="one school and two roles"),
        pytest.param(1, 1, 2, id="one school, two roles and one class"),
        pytest.param(1, 2, 2, id="one school, two roles and two classes"),
        pytest.param(2, 0, 3, id="two schools and three roles"),
        pytest.param(2, 1, 3, id="two schools, three roles and one class"),
        pytest.param(2, 2, 3, id="two schools, three roles and two classes"),
        pytest.param(2, 3, 3, id="two schools, three roles and three classes"),
        pytest.param(1, 2, 1, id="one school, one role and two classes"),
    ],
)
def test_pairs_nothing_when_counts_differ(school_codes: int, groups: int, roles: int) -> None:
    """Any other combination of counts drops all of the multi-valued data."""
    paired = pair(["30076"] * school_codes, ["7C"] * groups, ["Oppilas"] * roles)

    assert paired == Mismatch("counts-differ", school_codes, groups, roles, 0)


@pytest.mark.parametrize(
    ("charges", "expected"),
    [
        pytest.param([], [None, None], id="no charge means none is sent"),
        pytest.param(["1"], ["1", "1"], id="one charge applies to all schools"),
        pytest.param(["1", "0"], ["1", "0"], id="two charges belong to two schools by position"),
        pytest.param(["1;"], ["1", None], id="an empty charge keeps its place"),
        pytest.param([" "], [None, None], id="a blank charge is no charge"),
    ],
)
def test_pairs_charges(charges: list[str], expected: list[str | None]) -> None:
    """Charges go to all schools or by position."""
    assert [row[3] for row in rows(pair(["1", "2"], [], ["a"], charges))] == expected


@pytest.mark.parametrize(
    ("school_codes", "charges"),
    [
        pytest.param(["1"], ["0", "1"], id="one school and two charges"),
        pytest.param(["1", "2", "3"], ["0", "1"], id="three schools and two charges"),
    ],
)
def test_pairs_nothing_when_the_charge_count_differs(school_codes: list[str], charges: list[str]) -> None:
    """The document drops everything where public code drops the charge alone; the document stands."""
    assert pair(school_codes, [], ["a"], charges) == Mismatch("charge-count-differs", len(school_codes), 0, 1, 2)


@pytest.mark.parametrize(
    "blank",
    [
        pytest.param([], id="no value"),
        pytest.param([""], id="an empty value"),
        pytest.param([" \t "], id="a blank value"),
        pytest.param(["\\"], id="nothing but a backslash"),
    ],
)
def test_pairs_nothing_without_school_or_role(blank: list[str]) -> None:
    """A school code or a role that is missing altogether leaves nothing to pair."""
    assert pair(blank, [], ["a"]) == Mismatch("school-code-missing", 0, 0, 1, 0)
    assert pair(["1"], [], blank) == Mismatch("role-missing", 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(["7C;;"], ("7C", None, None), id="two trailing separators are three classes"),
        pytest.param([";4B;6C"], (None, "4B", "6C"), id="a leading separator is an empty first class"),
        pytest.param([";"], (None, None), id="a separator alone is two"),
        pytest.param([";7C"], (None, "7C"), id="a leading separator and one class are two"),
        pytest.param(["7C; ;9F"], ("7C", None, "9F"), id="a blank element is empty"),
        pytest.param(["   "], (), id="an all-blank value is none"),
        pytest.param([""], (), id="an empty value is none"),
        pytest.param([], (), id="no value is none"),
        pytest.param([" 7C ; 8D\t"], ("7C", "8D"), id="elements are trimmed"),
        pytest.param(["7\\C;\\;8D"], ("7C", None, "8D"), id="backslashes are removed before splitting"),
        pytest.param(["7C", "8D"], ("7C", "8D"), id="separate values are separate elements"),
        pytest.param(["7C;8D", "9F"], ("7C", "8D", "9F"), id="a separator inside a separate value splits it too"),
        pytest.param(["7C", "", "9F"], ("7C", None, "9F"), id="an empty value between others keeps its place"),
    ],
)
def test_splits(values: list[str], expected: tuple[str | None, ...]) -> None:
    """Splitting keeps empty elements, however the values came."""
    assert split_values(values) == expected


@pytest.mark.parametrize("groups", [[";7C"], [";"], ["7C;8D"]])
def test_counts_empty_elements(groups: list[str]) -> None:
    """Three schools with two classes, one or both of them empty, do not match."""
    assert pair(["1;2;3"], groups, ["a;b;c"]) == Mismatch("counts-differ", 3, 2, 3, 0)


def test_pairs_the_example_of_the_public_tests() -> None:
    """A teacher without a class at the first of three schools, substitute at the others."""
    paired = pair(["99904;99905;99906"], [";4B;6C"], ["teacher;Sijaisopettaja;Sijaisopettaja"])

    assert paired == (
        Position(1, "99904", None, "teacher", None),
        Position(2, "99905", "4B", "Sijaisopettaja", None),
        Position(3, "99906", "6C", "Sijaisopettaja", None),
    )


def test_keeps_an_empty_role_at_its_place() -> None:
    """An empty role inside the list costs its own position only, which the values decide."""
    assert [row[2] for row in rows(pair(["1;2;3"], [], ["a;;b"]))] == ["a", None, "b"]


def numbered(prefix: str, count: int) -> list[str]:
    """Return `count` values that carry their own position."""
    return [f"{prefix}{number}" for number in range(1, count + 1)]


COUNTS = st.integers(min_value=0, max_value=5)


@given(school_codes=COUNTS, groups=COUNTS, roles=COUNTS, charges=COUNTS, joined=st.booleans())
def test_never_pairs_the_nth_with_the_mth(
    *, school_codes: int, groups: int, roles: int, charges: int, joined: bool
) -> None:
    """Whatever the counts, an element stands at its own position, or is a single value that applies to all."""
    lists = [
        numbered(prefix, count) for prefix, count in zip("SGRC", (school_codes, groups, roles, charges), strict=True)
    ]
    sent: list[Sequence[str]] = [[";".join(values)] if joined and values else values for values in lists]

    paired = pair(*sent)

    if isinstance(paired, Mismatch):
        return
    assert [position.school_code for position in paired] == lists[0]
    for position in paired:
        assert position.group in {f"G{position.number}", None}
        assert position.role == ("R1" if roles == 1 else f"R{position.number}")
        assert position.charge == (None if charges == 0 else "C1" if charges == 1 else f"C{position.number}")


@given(values=st.lists(st.text(alphabet=";\\ aå\t", max_size=8), max_size=4))
def test_joined_and_separate_values_mean_the_same(values: list[str]) -> None:
    """One value joined with the separator and several values are one list."""
    assert split_values([";".join(values)]) == split_values(values)
