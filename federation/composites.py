# SPDX-License-Identifier: Apache-2.0
"""MPASSid's composite values: several facts in one string, separated by `;` (facts-mpassid 4).

Each function takes one school and what the person is there, and returns the values it adds; gathering them over all
positions, each identical value once, is `federation.values`'s.
"""

from __future__ import annotations

from typing import Final

from federation.multivalue import SEPARATOR
from federation.organisations import School
from federation.roles import Role

ROLE_FIELDS: Final = 7


def school_info(school: School) -> tuple[str, ...]:
    """Return `code;name` and `OID;name` of the school, before them `OID;name` of the office if it came by one."""
    office = (school.office.oid_and_name(),) if school.office else ()
    return (*office, school.organisation.code_and_name(), school.organisation.oid_and_name())


def education_provider_info(school: School) -> str:
    """Return `OID;name` of the school's education provider."""
    return f"{school.organisation.parent_oid};{school.organisation.parent_name}"


def role_value(school: School, group: str | None, role: Role) -> str | None:
    """Return `providerOID;schoolCode;class;RoleName;roleCode;schoolOID;officeOID`, a missing part as nothing.

    `None` when the parts do not make exactly seven fields: a stray `;` in one of them makes the value vanish.
    """
    parts = (
        school.organisation.parent_oid,
        school.organisation.code,
        group or "",
        role.name,
        role.code,
        school.organisation.oid,
        school.office.oid if school.office else "",
    )
    value = SEPARATOR.join(parts)
    return value if value.count(SEPARATOR) == ROLE_FIELDS - 1 else None


def charge_values(school: School, charge: int) -> tuple[str, ...]:
    """Return the charge of learning materials at a school, by its code and by its OID; 0 is free, 1 is paid."""
    return (f"{charge}{SEPARATOR}{school.organisation.code}", f"{charge}{SEPARATOR}{school.organisation.oid}")
