# SPDX-License-Identifier: Apache-2.0
"""The organisation registry: what the proxy learns of a school by its code or OID (facts-mpassid 4).

The registry is national: it knows the schools of every declared education provider, whoever asks. A lookup is by
trimmed id and exact; it is not made for an empty id, a number of more than six digits, or other text without a dot.
An organisation that is not active is unknown, and so is an office whose school is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from federation.model import Federation, SchoolType

_CODE: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Organisation:
    """A school, or an office of one; `parent_*` is the education provider, the name the Finnish one.

    `office_of` is the school's code where this is an office.
    """

    code: str
    oid: str
    name: str
    parent_oid: str
    parent_name: str
    office_of: str | None = None

    def code_and_name(self) -> str:
        """Return the first form of schoolInfo."""
        return f"{self.code};{self.name}"

    def oid_and_name(self) -> str:
        """Return the second form of schoolInfo, and the only one of an office."""
        return f"{self.oid};{self.name}"


@dataclass(frozen=True)
class School:
    """What a lookup leads to: the school, and the office when that is what was asked for."""

    organisation: Organisation
    office: Organisation | None = None


class OrganisationRegistry:
    """The active organisations, found by code or OID."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        """Hold `organisations`; where two share an id, the first is found."""
        self._organisations = tuple(organisations)
        self._by_id: dict[str, Organisation] = {}
        for organisation in self._organisations:
            self._by_id.setdefault(organisation.code, organisation)
            self._by_id.setdefault(organisation.oid, organisation)

    @classmethod
    def of(cls, federation: Federation) -> OrganisationRegistry:
        """Return the registry of a declared federation: the active schools of all its education providers.

        It is empty where the declaration says that the registry is down: a lookup that fails is an unknown school.
        """
        if federation.rules.registry_down:
            return cls(())
        return cls(
            Organisation(
                code=school.code,
                oid=school.oid,
                name=school.name.fi,
                parent_oid=provider.oid,
                parent_name=provider.name.fi,
                office_of=school.office_of if school.type is SchoolType.OFFICE else None,
            )
            for _, provider in sorted(federation.education_providers.items())
            for school in provider.schools
            if school.active
        )

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """All of them, ordered by code: what a part's rendered configuration holds."""
        return tuple(sorted(self._organisations, key=lambda organisation: (organisation.code, organisation.oid)))

    def find(self, code_or_oid: str | None) -> Organisation | None:
        """Return the organisation with this code or OID, `None` when it is unknown or not worth a lookup."""
        wanted = (code_or_oid or "").strip()
        if not _is_looked_up(wanted):
            return None
        return self._by_id.get(wanted)

    def find_school(self, code_or_oid: str | None) -> School | None:
        """Return the school with this code or OID; for an office, the school it belongs to and the office itself."""
        found = self.find(code_or_oid)
        if found is None:
            return None
        if found.office_of is None:
            return School(found)
        school = self.find(found.office_of)
        return None if school is None else School(school, office=found)


def _is_looked_up(wanted: str) -> bool:
    """Tell whether the registry is asked at all: a number of up to six digits, or text with a dot that is no number."""
    if wanted.isascii() and wanted.isdigit():
        return _CODE.fullmatch(wanted) is not None
    return "." in wanted
