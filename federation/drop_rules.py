# SPDX-License-Identifier: Apache-2.0
"""Why a value does not go out although the login does: each rule with its id, sentence and clause, in one table.

The ids stand in events and in `testbed attributes`; a refusal of the whole login is `federation.reasons`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class DropRule:
    """One rule that keeps a value back."""

    id: str
    sentence: str
    clause: str


_RULES: Final = (
    DropRule("user-id-missing", "Without a source for the uid nothing at all is sent.", "facts-mpassid 2"),
    DropRule("value-missing", "The education provider sends no value.", "facts-mpassid 2"),
    DropRule("school-code-missing", "Without a school code there is no school to speak of.", "facts-mpassid 2"),
    DropRule("role-missing", "Without a role there is nothing to be at a school.", "facts-mpassid 2"),
    DropRule("counts-differ", "The lists of schools, classes and roles do not match.", "facts-mpassid 3"),
    DropRule("charge-count-differs", "The list of charges does not match the schools.", "facts-mpassid 3"),
    DropRule("school-unknown", "The organisation registry has no such active school.", "facts-mpassid 2"),
    DropRule("role-not-allowed", "The role is missing or not one that MPASSid lets through.", "facts-mpassid 2"),
    DropRule("role-field-count", "A stray semicolon: the role would not have seven fields.", "facts-mpassid 3"),
    DropRule("class-level-not-an-integer", "A class level is an integer.", "facts-mpassid 2"),
    DropRule("class-level-out-of-range", "A class level is between 0 and 10.", "facts-mpassid 2"),
    DropRule("class-level-without-role", "A class level goes with an allowed first role.", "facts-mpassid 3"),
    DropRule("charge-not-0-or-1", "A charge is 0 or 1.", "facts-mpassid 3"),
    DropRule("charge-not-of-a-student", "Only a student's charge is told.", "facts-mpassid 3"),
)

DROP_RULES: Final[dict[str, DropRule]] = {rule.id: rule for rule in _RULES}
"""Every rule by its id."""


@dataclass(frozen=True)
class Dropped:
    """A value that does not go out: the attribute it would have been of, the rule and its clause, what was found.

    `detail` may hold a person's values: it is for the engineer's terminal, never for a log or an event.
    """

    attribute: str
    rule: str
    clause: str
    detail: str = ""


def dropped(attribute: str, rule_id: str, detail: str = "") -> Dropped:
    """Return what is dropped by a rule of the table; raises `KeyError` for an id that it does not hold."""
    rule = DROP_RULES[rule_id]
    return Dropped(attribute, rule.id, rule.clause, detail or rule.sentence)
