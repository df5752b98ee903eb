# SPDX-License-Identifier: Apache-2.0
"""What a Wilma's data service says of a person (home-protocols 2)."""

from __future__ import annotations

from federation.model import Person
from idp_simulators.registry_rows import first_charge, rows_of


def document(user_name: str, person: Person) -> list[dict[str, object]]:
    """Return the list with the one person."""
    user_id = user_name if person.user_id is None else person.user_id
    return [
        {
            "firstName": person.given_name,
            "lastName": person.surname,
            "nickName": person.nickname,
            "cryptid": user_id or None,
            "learnerId": person.learner_id,
            "classLevel": person.class_level,
            "learningMaterialsCharge": first_charge(person),
            "roles": [{"school": row.school, "group": row.group, "role": row.role} for row in rows_of(person)],
        }
    ]
