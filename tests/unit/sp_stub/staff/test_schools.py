# SPDX-License-Identifier: Apache-2.0
"""Finding a school as customer service does: by code, by name, by municipality, in any language."""

from __future__ import annotations

import pytest

from federation.model import Names, SchoolType
from sp_stub.config import KnownSchool
from sp_stub.staff.schools import SchoolRegister, is_named
from tests.builders.sp_service import service_config

CUSTOMERS = {
    "mansikkala": Names(fi="Mansikkalan testi kunta", sv="Jordgubbsby testkommun"),
    "demola": Names(fi="Demola"),
}
SCHOOLS = {
    "30076": KnownSchool(name=Names(fi="Äijälän koulu"), type=SchoolType.BASIC, customer="mansikkala"),
    "04647": KnownSchool(name=Names(fi="Rantakoulu", sv="Strandskolan"), type=SchoolType.BASIC, customer="mansikkala"),
    "99904": KnownSchool(name=Names(fi="Demolan lukio"), type=SchoolType.COMBINED, customer="demola"),
}


@pytest.fixture(scope="module")
def register() -> SchoolRegister:
    """Return three schools of two customers."""
    return SchoolRegister(service_config(schools=SCHOOLS, customers=CUSTOMERS))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("30076", ["30076"]),
        ("0464", ["04647"]),
        ("ranta", ["04647"]),
        ("STRANDSKOLAN", ["04647"]),
        ("mansikkala", ["04647", "30076"]),
        ("jordgubbsby", ["04647", "30076"]),
        ("mansikkala äijä", ["30076"]),
        ("aijalan", ["30076"]),
        ("koulu", ["30076"]),
        ("lukio demola", ["99904"]),
        ("647", []),
        ("", []),
        ("%", []),
        ("_____", []),
        ("' OR 1=1 --", []),
    ],
)
def test_finds_a_school_by(register: SchoolRegister, query: str, codes: list[str]):
    """Each word begins a word of the school's; signs are no words."""
    assert [school.code for school in register.find(query)] == codes


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        ("Rantakoulu", True),
        ("strandskolan", True),
        (" rantakoulu ", True),
        ("Ranta", True),
        ("koulu", False),
        ("Rantakoulu ja lukio", False),
        ("", False),
        ("-", False),
    ],
)
def test_knows_whether_a_school_is_called(typed: str, *, fits: bool):
    """A name may be written short, in any of its languages, and not otherwise."""
    assert is_named(SCHOOLS["04647"].name, typed) is fits
