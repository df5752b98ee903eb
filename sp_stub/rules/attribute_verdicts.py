# SPDX-License-Identifier: Apache-2.0
"""The attribute test's verdict on each attribute: OK, Empty or Error (facts-mpassid 11). Pure.

- Error: a value has another form than the data model says, or a mandatory value is missing.
- Empty: nothing came, and nothing had to.
- OK: everything else; what is only reported, such as a check digit, leaves it so.
- What the service does not receive is not judged: nobody can tell from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from federation.attributes import ATTRIBUTES, Attribute
from sp_stub.rules.attribute_findings import Found, found
from sp_stub.rules.attribute_formats import FORMATS
from sp_stub.rules.person import Attributes

MANDATORY: Final = frozenset(
    {"uid", "given_name", "surname", "learner_id", "school_info", "education_provider_info", "role"}
)
"""What an education provider must map, and what is built of it (facts-mpassid 2)."""


class Verdict(StrEnum):
    """What is said of one attribute."""

    OK = "ok"
    EMPTY = "empty"
    ERROR = "error"
    NOT_RECEIVED = "not-received"


@dataclass(frozen=True)
class JudgedAttribute:
    """One attribute: its raw values, what is said of it and what was found."""

    attribute: Attribute
    values: tuple[str, ...]
    verdict: Verdict
    found: tuple[Found, ...] = ()

    @property
    def is_mandatory(self) -> bool:
        """Whether a value must be there."""
        return self.attribute.name in MANDATORY


def judged(attributes: Attributes, receives: Sequence[str]) -> tuple[JudgedAttribute, ...]:
    """Return every attribute of the data model, in its order, as a service that `receives` these got it."""
    return tuple(_judged(attribute, tuple(attributes.get(attribute.name, ())), receives) for attribute in ATTRIBUTES)


def _judged(attribute: Attribute, values: tuple[str, ...], receives: Sequence[str]) -> JudgedAttribute:
    if attribute.name not in receives and not values:
        return JudgedAttribute(attribute, values, Verdict.NOT_RECEIVED)
    if not values:
        if attribute.name in MANDATORY:
            return JudgedAttribute(attribute, values, Verdict.ERROR, (found("missing"),))
        return JudgedAttribute(attribute, values, Verdict.EMPTY)
    several = (found("several", values[1]),) if len(values) > 1 and not attribute.is_multivalued else ()
    findings = (*several, *FORMATS[attribute.name](values))
    is_wrong = any(each.finding.is_fault for each in findings)
    return JudgedAttribute(attribute, values, Verdict.ERROR if is_wrong else Verdict.OK, findings)
