# SPDX-License-Identifier: Apache-2.0
"""Where a product opens: primary ones in the learning environment, lower-secondary ones in Kampus. Pure.

- The product's own level decides, and upper secondary level has a reading room of its own.
- A product of several levels opens by the school's type: a basic school has primary and lower-secondary grades, a
  school of upper secondary level neither, a combined one all three.
- Where that leaves several, a pupil's grade decides; a teacher chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from federation.model import SchoolType
from federation.publisher import Product, ProductLevel
from federation.publisher_problems import LOWEST_LOWER_SECONDARY_GRADE


class Room(StrEnum):
    """A reading room; its value stands first in its addresses."""

    LEARNING_ENVIRONMENT = "oppimisymparisto"
    KAMPUS = "kampus"
    UPPER_SECONDARY = "toinen-aste"


ROOM_OF: Final[Mapping[ProductLevel, Room]] = {
    ProductLevel.PRIMARY: Room.LEARNING_ENVIRONMENT,
    ProductLevel.LOWER_SECONDARY: Room.KAMPUS,
    ProductLevel.UPPER_SECONDARY: Room.UPPER_SECONDARY,
}

_BASIC: Final = frozenset({ProductLevel.PRIMARY, ProductLevel.LOWER_SECONDARY})
_UPPER: Final = frozenset({ProductLevel.UPPER_SECONDARY})
_LEVELS_AT: Final[Mapping[SchoolType, frozenset[ProductLevel]]] = {
    SchoolType.EARLY_CHILDHOOD: frozenset({ProductLevel.PRIMARY}),
    SchoolType.BASIC: _BASIC,
    SchoolType.SPECIAL: _BASIC,
    SchoolType.COMBINED: _BASIC | _UPPER,
    SchoolType.UPPER_SECONDARY: _UPPER,
    SchoolType.VOCATIONAL: _UPPER,
    SchoolType.FOLK_HIGH: _UPPER,
}
"""The levels of education that a type of school gives (facts-mpassid 8)."""


def rooms_of(product: Product, school_type: SchoolType | None, class_level: int | None) -> tuple[Room, ...]:
    """Return where a product opens for somebody at a school of this type, the likeliest first.

    `class_level` is a pupil's; everybody else has none. Without a school, or where the school's type says nothing, the
    product's own levels decide.
    """
    levels = dict.fromkeys((product.level, *product.also))
    at_school = _LEVELS_AT.get(school_type, frozenset(levels)) if school_type else frozenset(levels)
    fitting = [level for level in levels if level in at_school] or list(levels)
    of_grade = None if class_level is None else _level_of(class_level)
    if of_grade in fitting:
        fitting = [of_grade]
    return tuple(ROOM_OF[level] for level in fitting)


def _level_of(grade: int) -> ProductLevel:
    return ProductLevel.LOWER_SECONDARY if grade >= LOWEST_LOWER_SECONDARY_GRADE else ProductLevel.PRIMARY
