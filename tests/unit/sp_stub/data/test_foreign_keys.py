# SPDX-License-Identifier: Apache-2.0
"""A row that leads nowhere is refused by either kind of database, so that what works on one works on the other."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sp_stub.data.database import Database
from sp_stub.data.people_tables import MEMBERSHIPS

NOWHERE = {"user_id": 7, "school": "30076", "group_name": "9F", "role": "1", "given_by": "login"}


def test_refuses_a_row_of_nobody(database: Database):
    """A place in a group needs a person, in a new database and in one that was cleared."""
    for _ in range(2):
        with pytest.raises(IntegrityError), database.begin() as connection:
            connection.execute(insert(MEMBERSHIPS).values(NOWHERE))
        database.clear()
