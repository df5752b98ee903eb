# SPDX-License-Identifier: Apache-2.0
"""What a document of Wilma's data service says of a person (home-protocols 2). Pure."""

from __future__ import annotations

from typing import Any, Final

from proxy.asking.document import WrongShapeError, a_list, a_text, an_object, joined, texts
from proxy.asking.fetching import Attributes

_TEXTS: Final = (
    "firstName",
    "lastName",
    "nickName",
    "cryptid",
    "learnerId",
    "classLevel",
    "learningMaterialsCharge",
)


def attributes(document: Any) -> Attributes:  # noqa: ANN401 -- JSON
    """Return a person's attributes by the names of `federation.home_names`; raises `WrongShapeError`."""
    people = a_list(document)
    if len(people) != 1:
        raise WrongShapeError
    person = an_object(people[0])
    roles = [an_object(role) for role in a_list(person.get("roles"))]
    return {
        **texts(person, _TEXTS),
        "roles.school": joined(a_text(role.get("school")) for role in roles),
        "roles.group": joined(None if role.get("group") is None else a_text(role["group"]) for role in roles),
        "roles.role": joined(a_text(role.get("role")) for role in roles),
    }
