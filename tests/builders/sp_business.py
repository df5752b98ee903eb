# SPDX-License-Identifier: Apache-2.0
"""What a service decides by, and people to decide about, valid by default: one pupil of one activated school."""

from __future__ import annotations

from typing import Any, Literal

from federation.model import Names, SchoolType
from sp_stub.config import KnownSchool
from sp_stub.rules.business import Business
from sp_stub.rules.person import Person, PersonSchool, SchoolRole
from tests.builders.sp_service import BUSINESS, service_config

SCHOOLS = {
    "30076": KnownSchool(name=Names(fi="Peruskoulu"), type=SchoolType.BASIC, customer="mansikkala"),
    "30079": KnownSchool(name=Names(fi="Lukio"), type=SchoolType.UPPER_SECONDARY, customer="mansikkala"),
    "99904": KnownSchool(name=Names(fi="Demola"), type=SchoolType.COMBINED, customer="demola"),
    "99905": KnownSchool(name=Names(fi="Rinnekoulu"), type=SchoolType.BASIC, customer="demola"),
}
"""Two customers with two schools each; 30076 and 99904 are activated."""

_ROLES = {"1": "Oppilas", "2": "Opettaja", "3": "Hallintohenkilö", "4": "Koulusihteeri", "6": "Rehtori"}


def business_of(
    *,
    simulated: Literal["publisher", "portal"] = "publisher",
    administrators: dict[str, str] | None = None,
    **publisher: Any,  # noqa: ANN401  # any field of the model
) -> Business:
    """Return the business of `BUSINESS` with these fields of the publisher changed."""
    receives = (
        ("uid", "school_info", "role") if simulated == "portal" else ("uid", "school_info", "role", "class_level")
    )
    config = service_config(
        simulated=simulated,
        receives=receives,
        publisher=BUSINESS.model_copy(update=publisher),
        schools=SCHOOLS,
        administrators=administrators or {},
    )
    return Business.of(config)


def at_school(code: str = "30076", role: str = "1", group: str = "") -> PersonSchool:
    """Return somebody's place at a school, a pupil's unless the code of another role is given."""
    return PersonSchool(code, f"1.2.246.562.99.000000{code}", "", (SchoolRole(_ROLES[role], role, group),))


def person_of(*schools: PersonSchool, **changes: Any) -> Person:  # noqa: ANN401  # any field
    """Return a ninth-grader of 30076, or whoever is at `schools`, with these fields changed."""
    fields: dict[str, Any] = {
        "came_by": "mpassid",
        "id": "MPASSOID.1",
        "schools": schools or (at_school(),),
        "class_level": 9,
    }
    return Person(**{**fields, **changes})
