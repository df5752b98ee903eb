# SPDX-License-Identifier: Apache-2.0
"""Writes the next migration of the services' database: what its tables have in the code and lack in the migrations.

`migration.py "what it does"` writes `sp_stub/data/migrations/versions/rNNNN_what_it_does.py`, to be read and mended:
Alembic sees tables, columns and indexes, and knows nothing of what rows need.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.script import Script
from sqlalchemy import create_engine

from sp_stub.data.migrations import newest_revision
from sp_stub.data.migrations.running import configuration, migrate


def write(what: str) -> Path:
    """Write the migration called `what` and return its path."""
    number = f"{int(newest_revision()) + 1:04}"
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        migrate(connection)
        config = configuration(connection)
        config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
        script = command.revision(config, what, autogenerate=True, rev_id=number)
    engine.dispose()
    if not isinstance(script, Script):
        message = f"expected one migration, Alembic wrote {script}"
        raise TypeError(message)
    path = Path(script.path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")), "utf-8")
    for tidy in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", path], check=True)
    return path


def main() -> int:
    """Write the migration that the command line names; 2 where it names none."""
    does = " ".join(sys.argv[1:]).strip()
    if not does:
        print("say what the migration does, as in: make migration DOES='people have pseudonyms'")
        return 2
    print(write(does))
    return 0


if __name__ == "__main__":
    sys.exit(main())
