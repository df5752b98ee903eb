# SPDX-License-Identifier: Apache-2.0
"""What a document of Opinsys's data service says of a person (home-protocols 3). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from federation.data_faults import NoData
from proxy.asking.document import a_list, a_text, an_object, joined, texts
from proxy.asking.fetching import Attributes

_TEXTS: Final = (
    "uid_source",
    "first_name",
    "last_name",
    "nickname",
    "learner_id",
    "class_level",
    "learning_materials_charge",
)
_CLASS: Final = "teaching group"


def attributes(document: Any, subject: str) -> Attributes | NoData:  # noqa: ANN401 -- JSON
    """Return the attributes of `subject` by the names of `federation.home_names`; raises `WrongShapeError`."""
    person = an_object(document)
    if a_text(person.get("id")) != subject:
        return NoData("home-data-of-another-person")
    roles = [role for school in a_list(person.get("schools")) for role in _roles(an_object(school))]
    return {
        **texts(person, _TEXTS),
        "schools.code": joined(code for code, _, _ in roles),
        "schools.groups.name": joined(group for _, group, _ in roles),
        "schools.roles": joined(role for _, _, role in roles),
    }


def _roles(school: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str | None]]:
    """Give code, class and role for each role at a school; a school without one is there all the same."""
    groups = [an_object(group) for group in a_list(school.get("groups"))]
    names = [a_text(group.get("name")) for group in groups if a_text(group.get("type")) == _CLASS]
    roles: list[str | None] = [a_text(role) for role in a_list(school.get("roles"))]
    for role in roles or [None]:
        yield a_text(school.get("code")), next(iter(names), None), role
