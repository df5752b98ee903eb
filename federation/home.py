# SPDX-License-Identifier: Apache-2.0
"""What a home organisation says about a person, before any rule is applied to it.

These are the values of the declaration's registry, or what came in the home IdP's assertion once its attribute names
are mapped. Nothing here is checked or cleaned: that is the rules' (`federation.multivalue`, `federation.values`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from federation.model import Person


@dataclass(frozen=True)
class HomeValues:
    """One person's values as they arrive at the proxy; an absent value is `None` or an empty tuple."""

    given_name: str | None = None
    surname: str | None = None
    nickname: str | None = None
    user_id: str | None = None
    learner_id: str | None = None
    class_level: str | None = None
    school_codes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    charges: tuple[str, ...] = ()

    @classmethod
    def of(cls, person_key: str, person: Person) -> HomeValues:
        """Return what the registry holds of a declared person.

        The user id is the person's key unless declared otherwise; declared empty, the registry holds none.
        """
        return cls(
            given_name=person.given_name,
            surname=person.surname,
            nickname=person.nickname,
            user_id=person_key if person.user_id is None else person.user_id or None,
            learner_id=person.learner_id,
            class_level=person.class_level,
            school_codes=person.school_codes,
            groups=person.groups,
            roles=person.roles,
            charges=person.charges,
        )

    def first_values_only(self) -> HomeValues:
        """Return what is left when only the first value of each list is read (facts-mpassid 3)."""
        return replace(
            self,
            school_codes=self.school_codes[:1],
            groups=self.groups[:1],
            roles=self.roles[:1],
            charges=self.charges[:1],
        )


def single(value: str | None) -> str | None:
    """Return a single value trimmed, `None` when nothing is left of it (facts-mpassid 3, saml-core-2.0-os 2.7.3.1.1)."""
    return (value or "").strip() or None
