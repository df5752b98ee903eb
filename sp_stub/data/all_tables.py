# SPDX-License-Identifier: Apache-2.0
"""Every table of a service's database: who needs them all takes them from here, so that no module of them is missing."""

from __future__ import annotations

from sp_stub.data import people_tables, staff_tables, tables

METADATA = tables.METADATA
MODULES = (tables, people_tables, staff_tables)
"""Where the tables are made."""
