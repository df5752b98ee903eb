# SPDX-License-Identifier: Apache-2.0
"""Where a product opens."""

from __future__ import annotations

import pytest

from federation.model import Names, Product, ProductLevel, SchoolType
from sp_stub.rules.rooms import Room, rooms_of

PRIMARY, LOWER, UPPER = ProductLevel.PRIMARY, ProductLevel.LOWER_SECONDARY, ProductLevel.UPPER_SECONDARY
ENVIRONMENT, KAMPUS, UPPER_ROOM = Room.LEARNING_ENVIRONMENT, Room.KAMPUS, Room.UPPER_SECONDARY
ALL_LEVELS = (PRIMARY, LOWER, UPPER)


def product(level: ProductLevel, *also: ProductLevel) -> Product:
    return Product(name=Names(fi="Kirja"), level=level, also=also)


@pytest.mark.parametrize(
    ("levels", "school_type", "grade", "rooms"),
    [
        pytest.param((PRIMARY,), SchoolType.BASIC, 3, (ENVIRONMENT,), id="a primary product in the learning environment"),
        pytest.param((LOWER,), SchoolType.BASIC, 8, (KAMPUS,), id="a lower-secondary product in Kampus"),
        pytest.param((UPPER,), SchoolType.UPPER_SECONDARY, None, (UPPER_ROOM,), id="an upper secondary one in its own"),
        pytest.param((UPPER,), SchoolType.VOCATIONAL, None, (UPPER_ROOM,), id="a vocational school's likewise"),
        pytest.param((PRIMARY,), SchoolType.BASIC, 9, (ENVIRONMENT,), id="a primary product for a ninth-grader too"),
        pytest.param((LOWER,), SchoolType.UPPER_SECONDARY, None, (KAMPUS,), id="a lower-secondary product of a school without such grades"),
        pytest.param(ALL_LEVELS, SchoolType.BASIC, 6, (ENVIRONMENT,), id="one for all levels, a sixth-grader"),
        pytest.param(ALL_LEVELS, SchoolType.BASIC, 7, (KAMPUS,), id="one for all levels, a seventh-grader"),
        pytest.param(ALL_LEVELS, SchoolType.BASIC, 10, (KAMPUS,), id="one for all levels, the tenth grade"),
        pytest.param(ALL_LEVELS, SchoolType.BASIC, None, (ENVIRONMENT, KAMPUS), id="one for all levels, a teacher of a basic school"),
        pytest.param(ALL_LEVELS, SchoolType.COMBINED, None, (ENVIRONMENT, KAMPUS, UPPER_ROOM), id="one for all levels, a teacher of a combined school"),
        pytest.param(ALL_LEVELS, SchoolType.COMBINED, 2, (ENVIRONMENT,), id="one for all levels, a second-grader of a combined school"),
        pytest.param(ALL_LEVELS, SchoolType.UPPER_SECONDARY, None, (UPPER_ROOM,), id="one for all levels at an upper secondary school"),
        pytest.param(ALL_LEVELS, SchoolType.EARLY_CHILDHOOD, 0, (ENVIRONMENT,), id="one for all levels at a day-care centre"),
        pytest.param((LOWER, PRIMARY), None, None, (KAMPUS, ENVIRONMENT), id="without a school, the product's own first"),
    ],
)  # fmt: skip
def test_opens(
    levels: tuple[ProductLevel, ...], school_type: SchoolType | None, grade: int | None, rooms: tuple[Room, ...]
):
    """By the product's level, the school's type, the pupil's grade (facts-publisher, two ways in)."""
    assert rooms_of(product(*levels), school_type, grade) == rooms
