# SPDX-License-Identifier: Apache-2.0
"""From what a home organisation says to what MPASSid says: all attributes of one person, and what was dropped.

The rules (facts-mpassid 2 to 4), each with its id in `federation.drop_rules`:

- no source for the uid: no attribute at all; otherwise uid is a hash per source;
- a missing name, nickname or learner id is absent (whether the login goes on is `federation.gates`'s);
- schools, classes, roles and charges are paired by `federation.multivalue`; where they cannot be, none goes out;
- a position counts when its role is allowed and its school is in the registry; other positions stay;
- class level is an integer from 0 to 10 and goes with an allowed role at the first position;
- a charge is 0 or 1 and only a student's; a wrong one is dropped alone;
- identical values go out once, in the order of the positions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from federation.composites import charge_values, education_provider_info, role_value, school_info
from federation.drop_rules import Dropped, dropped
from federation.home import HomeValues, single
from federation.model import Rules
from federation.multivalue import Mismatch, Position, pair, split_values
from federation.organisations import OrganisationRegistry, School
from federation.roles import Role, find_role
from federation.source import Source

HIGHEST_CLASS_LEVEL: Final = 10
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,9}")
_BY_SCHOOL: Final = ("school_info", "education_provider_info", "role", "learning_materials_charge")
_CHARGE: Final = "learning_materials_charge"

DOCUMENTED: Final = Rules()
"""What the documents say: every switch off."""


@dataclass(frozen=True)
class BuiltAttributes:
    """All attributes of a person by the names of `federation.attributes`, and every value that was held back.

    An attribute without a value has no key.
    """

    values: Mapping[str, tuple[str, ...]]
    dropped: tuple[Dropped, ...]


def build_attributes(
    home: HomeValues, source: Source, registry: OrganisationRegistry, rules: Rules = DOCUMENTED
) -> BuiltAttributes:
    """Return what MPASSid knows of a person before any service's release (facts-mpassid 2 to 4).

    `rules` may choose the behaviour of MPASSid's public code where it differs from the documents.
    """
    if rules.first_value_only:
        home = home.first_values_only()
    collected = _Collected()
    collected.add("uid", *_uid(home, source))
    for attribute in ("given_name", "surname", "nickname", "learner_id"):
        _add_single(collected, attribute, getattr(home, attribute))
    positions = pair(home.school_codes, home.groups, home.roles, home.charges)
    if rules.charge_mismatch_drops_charge_only and _is_charge_alone(positions):
        collected.drop(_CHARGE, "charge-count-differs")
        positions = pair(home.school_codes, home.groups, home.roles)
    if isinstance(positions, Mismatch):
        _drop_all(collected, positions)
        positions = ()
    for position in positions:
        _add_position(collected, position, registry)
    if not split_values(home.charges):
        collected.drop(_CHARGE, "value-missing")
    _add_class_level(collected, home.class_level, find_role(positions[0].role) if positions else None)
    collected.add("original_issuer", source.oid)
    return collected.built()


def uid(idp_id: str, user_id: str) -> str:
    """Return the MPASSid uid of a user of one source (facts-mpassid 1): a new one when they change registry."""
    digest = hashlib.sha1(f"{idp_id}{user_id}".encode(), usedforsecurity=False)  # the documented form
    return f"MPASSOID.{digest.hexdigest()}"


class _Collected:
    """Values and drops as they are found."""

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}
        self._dropped: list[Dropped] = []

    def add(self, attribute: str, *values: str) -> None:
        held = self._values.setdefault(attribute, [])
        held.extend(value for value in dict.fromkeys(values) if value not in held)

    def drop(self, attribute: str, rule: str, detail: str = "") -> None:
        self._dropped.append(dropped(attribute, rule, detail))

    def built(self) -> BuiltAttributes:
        """Return everything, or nothing at all when there is no uid."""
        values = {attribute: tuple(held) for attribute, held in self._values.items() if held}
        if "uid" in values:
            return BuiltAttributes(values, tuple(self._dropped))
        nothing = (dropped(attribute, "user-id-missing") for attribute in ("uid", *values))
        return BuiltAttributes({}, (*nothing, *self._dropped))


def _uid(home: HomeValues, source: Source) -> Iterator[str]:
    user_id = single(home.user_id)
    if user_id is not None:
        yield uid(source.idp_id, user_id)


def _add_single(collected: _Collected, attribute: str, value: str | None) -> None:
    trimmed = single(value)
    if trimmed is None:
        collected.drop(attribute, "value-missing")
    else:
        collected.add(attribute, trimmed)


def _is_charge_alone(paired: tuple[Position, ...] | Mismatch) -> bool:
    return isinstance(paired, Mismatch) and paired.rule == "charge-count-differs"


def _drop_all(collected: _Collected, mismatch: Mismatch) -> None:
    counts = (
        f"school codes {mismatch.school_codes}, classes {mismatch.groups}, "
        f"roles {mismatch.roles}, charges {mismatch.charges}"
    )
    for attribute in _BY_SCHOOL:
        if attribute != _CHARGE or mismatch.charges:
            collected.drop(attribute, mismatch.rule, counts)


def _add_position(collected: _Collected, position: Position, registry: OrganisationRegistry) -> None:
    role = find_role(position.role)
    if role is None:
        _drop_position(collected, position, "role-not-allowed", f"role {position.role or '(empty)'}")
        return
    school = registry.find_school(position.school_code)
    if school is None:
        _drop_position(collected, position, "school-unknown", f"school code {position.school_code or '(empty)'}")
        return
    collected.add("school_info", *school_info(school))
    collected.add("education_provider_info", education_provider_info(school))
    value = role_value(school, position.group, role)
    if value is None:
        collected.drop("role", "role-field-count", f"position {position.number}: class {position.group}")
    else:
        collected.add("role", value)
    _add_charge(collected, position, school, role)


def _drop_position(collected: _Collected, position: Position, rule: str, found: str) -> None:
    for attribute in _BY_SCHOOL:
        if attribute != _CHARGE or position.charge is not None:
            collected.drop(attribute, rule, f"position {position.number}: {found}")


def _add_charge(collected: _Collected, position: Position, school: School, role: Role) -> None:
    if position.charge is None:
        return
    if not role.is_student:
        collected.drop(_CHARGE, "charge-not-of-a-student", f"position {position.number}: role {role.name}")
        return
    charge = _integer(position.charge)
    if charge not in (0, 1):
        collected.drop(_CHARGE, "charge-not-0-or-1", f"position {position.number}: charge {position.charge}")
        return
    collected.add(_CHARGE, *charge_values(school, charge))


def _add_class_level(collected: _Collected, value: str | None, first_role: Role | None) -> None:
    written = single(value)
    level = None if written is None else _integer(written)
    if written is None:
        collected.drop("class_level", "value-missing")
    elif level is None:
        collected.drop("class_level", "class-level-not-an-integer", f"class level {written}")
    elif not 0 <= level <= HIGHEST_CLASS_LEVEL:
        collected.drop("class_level", "class-level-out-of-range", f"class level {written}")
    elif first_role is None:
        collected.drop("class_level", "class-level-without-role")
    else:
        collected.add("class_level", str(level))


def _integer(written: str) -> int | None:
    return int(written) if _INTEGER.fullmatch(written) else None
