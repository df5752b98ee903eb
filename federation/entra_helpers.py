# SPDX-License-Identifier: Apache-2.0
"""What MPASSid adds to the values of an Entra ID integration: a fixed school, and roles by group (facts-mpassid 7).

- A fixed school takes the place of whatever codes came.
- Where groups are declared, only they make roles: people are members of many other groups, and those are passed over.
  A member of both groups has two roles, in the order in which the groups came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from federation.home import HomeValues
from federation.model import IdentityProvider
from federation.multivalue import split_values

STUDENT_ROLE: Final = "Oppilas"
TEACHER_ROLE: Final = "Opettaja"


@dataclass(frozen=True)
class EntraHelpers:
    """The helpers of one integration; without any, values stay as they came."""

    fixed_school_code: str | None = None
    group_roles: Mapping[str, str] = field(default_factory=dict)
    """Roles by the id of their group."""

    @classmethod
    def of(cls, idp: IdentityProvider) -> EntraHelpers:
        """Return the helpers that a declaration names; those of other kinds have none."""
        roles = {idp.student_group: STUDENT_ROLE, idp.teacher_group: TEACHER_ROLE}
        return cls(idp.fixed_school_code, {group: role for group, role in roles.items() if group is not None})

    def applied(self, home: HomeValues) -> HomeValues:
        """Return a person's values with the helpers' school and roles."""
        if self.fixed_school_code is not None:
            home = replace(home, school_codes=(self.fixed_school_code,))
        if self.group_roles:
            groups = (group.lower() for group in split_values(home.roles) if group is not None)
            home = replace(home, roles=tuple(self.group_roles[group] for group in groups if group in self.group_roles))
        return home
