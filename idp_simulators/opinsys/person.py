# SPDX-License-Identifier: Apache-2.0
"""What an Opinsys's data service says of a person (home-protocols 3).

At a school a person may be in groups that are no class; where there is a class, one of those stands before it, so that
whoever takes the first group for the class is found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from federation.model import Person
from idp_simulators.registry_rows import Row, first_charge, rows_of

TEACHING_GROUP: Final = "teaching group"

_NO_CLASS: Final = {"name": "Kirjaston lainaajat", "type": "other"}


def document(subject: str, user_name: str, person: Person, school_names: Mapping[str, str]) -> dict[str, object]:
    """Return the object about the person called `subject`; a school that is not the provider's goes by its code."""
    user_id = user_name if person.user_id is None else person.user_id
    return {
        "id": subject,
        "uid_source": user_id or None,
        "first_name": person.given_name,
        "last_name": person.surname,
        "nickname": person.nickname,
        "learner_id": person.learner_id,
        "class_level": person.class_level,
        "learning_materials_charge": first_charge(person),
        "schools": [_school(row, school_names) for row in rows_of(person)],
    }


def _school(row: Row, school_names: Mapping[str, str]) -> dict[str, object]:
    groups = [] if row.group is None else [_NO_CLASS, {"name": row.group, "type": TEACHING_GROUP}]
    return {
        "code": row.school,
        "name": school_names.get(row.school, row.school),
        "roles": [row.role],
        "groups": groups,
    }
