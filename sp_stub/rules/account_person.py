# SPDX-License-Identifier: Apache-2.0
"""The holder of a personal account as the rules see them: what the account was made for. Pure.

- An account made from a customer's data has schools, in one role there.
- What its holder bought, or was given, are grants of their own.
- What is kept of an account and does not have its form is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sp_stub.rules.person import Grant, Person, PersonSchool, RoleHere, SchoolRole

_ROLES: Final = {
    "pupil": (RoleHere.PUPIL, "1"),
    "teacher": (RoleHere.TEACHER, "2"),
    "additional-user": (RoleHere.ADDITIONAL_USER, ""),
}
"""A declared role, what it is here, and MPASSid's number for it."""


def account_id(user_id: int) -> str:
    """Return the id of an account's holder, beside the uids of those who come by MPASSid."""
    return f"account-{user_id}"


def role_number(held: Mapping[str, Any]) -> str:
    """Return MPASSid's number of the role that an account was made for, empty where it has none."""
    return _ROLES.get(str(held.get("role")), (RoleHere.ADDITIONAL_USER, ""))[1]


def account_person(user_id: int, name: str, held: Mapping[str, Any], known_names: Mapping[str, str]) -> Person:
    """Return the holder of an account; `held` is what is kept of it, `known_names` are names of schools by code."""
    role, number = _ROLES.get(str(held.get("role")), (RoleHere.ADDITIONAL_USER, ""))
    level = held.get("class_level")
    return Person(
        came_by="account",
        id=account_id(user_id),
        schools=tuple(
            PersonSchool(code, "", known_names.get(code, ""), (SchoolRole(str(held.get("role")), number, ""),))
            for code in held.get("schools", ())
        ),
        class_level=level if isinstance(level, int) else None,
        grants=tuple(Grant(product, role=role) for product in held.get("products", ())),
        name=name,
    )
