# SPDX-License-Identifier: Apache-2.0
"""`testbed schema`: the JSON Schema of the declaration, for editors."""

from __future__ import annotations

import click

from federation.schema import json_schema
from testbed.options import print_json
from testbed.verb import Verb


@click.command(
    cls=Verb, short_help="Print the declaration's JSON Schema.", examples=["testbed schema > federation.schema.json"]
)
def schema() -> None:
    """Print the JSON Schema of federation.yaml."""
    print_json(json_schema())
