# SPDX-License-Identifier: Apache-2.0
"""Which school, class, role and charge of a person belong together (facts-mpassid 3).

A home organisation sends up to four lists: school codes (S), classes (G), roles (R), charges (L). The rules:

- equal counts: the n-th values belong together;
- no class: roles have an empty class; one class and several schools: it joins the first school only;
- one role: it applies to all schools; no charge: none is sent; one charge: it applies to all schools;
- anything else: none of the person's multi-valued data is sent. Public code lets a charge count that does not match
  cost only the charge; the documented rule stands, and here is the one place where it is chosen;
- no school code or no role at all: nothing can be paired.

Values are one list however they came: several AttributeValues and one value joined with `;` mean the same, and a `;`
inside a value is read as two values. (Public code reads the first AttributeValue only; the document lets a home
organisation send several values, and stands here too.) Splitting keeps empty elements, removes backslashes and trims; a list that is all
blank counts as none. What a position's values mean (is the school known, the role allowed) is `federation.values`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

SEPARATOR: Final = ";"

MismatchRule: TypeAlias = Literal["school-code-missing", "role-missing", "counts-differ", "charge-count-differs"]
Elements: TypeAlias = tuple[str | None, ...]


@dataclass(frozen=True)
class Position:
    """The values that belong together; `number` counts from 1, an empty element is `None`."""

    number: int
    school_code: str | None
    group: str | None
    role: str | None
    charge: str | None


@dataclass(frozen=True)
class Mismatch:
    """The lists cannot be paired: by which rule, and the counts that were found."""

    rule: MismatchRule
    school_codes: int
    groups: int
    roles: int
    charges: int


def split_values(values: Sequence[str]) -> Elements:
    """Return the elements of a multi-valued attribute: joined, split at `;`, trimmed, an empty one as `None`."""
    joined = SEPARATOR.join(values).replace("\\", "")
    if not joined.strip():
        return ()
    return tuple(element.strip() or None for element in joined.split(SEPARATOR))


def pair(
    school_codes: Sequence[str], groups: Sequence[str], roles: Sequence[str], charges: Sequence[str] = ()
) -> tuple[Position, ...] | Mismatch:
    """Return what belongs together, one position per school code, or why nothing does."""
    s, g, r, c = (split_values(values) for values in (school_codes, groups, roles, charges))
    rule = _broken_rule(len(s), len(g), len(r), len(c))
    if rule is not None:
        return Mismatch(rule, len(s), len(g), len(r), len(c))
    return tuple(
        Position(
            number=index + 1,
            school_code=school_code,
            group=_group_at(g, index),
            role=_shared_or_at(r, index),
            charge=_shared_or_at(c, index),
        )
        for index, school_code in enumerate(s)
    )


def _broken_rule(school_codes: int, groups: int, roles: int, charges: int) -> MismatchRule | None:
    if school_codes == 0:
        return "school-code-missing"
    if roles == 0:
        return "role-missing"
    if roles not in {1, school_codes} or groups not in {0, 1, school_codes}:
        return "counts-differ"
    if charges not in {0, 1, school_codes}:
        return "charge-count-differs"
    return None


def _group_at(groups: Elements, index: int) -> str | None:
    """Return the class at a position; a single one joins the first only."""
    return groups[index] if index < len(groups) else None


def _shared_or_at(values: Elements, index: int) -> str | None:
    """Return the single value that applies to all positions, or the one at `index`; `None` when there is none."""
    if not values:
        return None
    return values[0] if len(values) == 1 else values[index]
