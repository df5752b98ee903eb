# SPDX-License-Identifier: Apache-2.0
"""What makes a table append-only: the database itself refuses to change or remove a row, whoever asks it.

Emptying the whole database (`testbed reset`) drops the table, which no trigger stops.
"""

from __future__ import annotations


def append_only_statements(dialect: str, table: str) -> tuple[str, ...]:
    """Return the statements that make `table` refuse UPDATE and DELETE; on PostgreSQL, TRUNCATE too."""
    refusal = f"{table} is append-only"
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    function = (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    trigger = (
        f"CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
    return function, trigger
