# SPDX-License-Identifier: Apache-2.0
"""`python -m testbed`: the command line without the installed script."""

from __future__ import annotations

from testbed.cli import main

main(prog_name="testbed")
