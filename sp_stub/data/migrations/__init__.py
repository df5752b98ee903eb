# SPDX-License-Identifier: Apache-2.0
"""The migrations of a service's database, one file a revision, numbered; Alembic runs them.

The rules:
- a revision's file is `versions/rNNNN_what_it_does.py`, its id `NNNN`, and it follows the number before it;
- after the newest one a database is exactly what `sp_stub.data.tables` says (a test compares them);
- rows that are there stay, and there is no way back: who wants an older version takes its copy of the database.

Alembic takes a tenth of a second to import, so nothing here imports it before a database has to change.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
FIRST_REVISION: Final = "0001"
"""What a database is that was made before revisions were written into it."""
_FILE: Final = re.compile(r"r([0-9]{4})_[a-z0-9_]+\.py")


@cache
def revisions() -> tuple[str, ...]:
    """Return the ids of all revisions, oldest first."""
    names = (path.name for path in (FOLDER / "versions").iterdir())
    return tuple(sorted(found[1] for found in map(_FILE.fullmatch, names) if found))


def newest_revision() -> str:
    """Return the id of the revision that this code works with."""
    return revisions()[-1]
