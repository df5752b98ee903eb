# SPDX-License-Identifier: Apache-2.0
"""Verbs of `testbed load` on runs that have ended: the report made anew, runs compared, the schema of `report.json`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from federation.errors import TestbedError
from loadtests.report.compare import compare as compared
from loadtests.report.document import json_schema
from loadtests.report.stored import read_report
from loadtests.report.writing import HTML, write_report
from testbed.options import json_option, print_json
from testbed.verb import Verb


class Runs(click.ParamType[tuple[Path, ...]]):
    """`RUN,RUN,…`: folders of runs, or of several runs."""

    name = "RUN,RUN,…"

    def convert(
        self,
        value: object,
        param: click.Parameter | None,  # noqa: ARG002 -- click's signature
        ctx: click.Context | None,  # noqa: ARG002 -- click's signature
    ) -> tuple[Path, ...]:
        """Return the paths."""
        if isinstance(value, tuple):
            return value
        return tuple(Path(part) for part in str(value).split(",") if part)


class ReportVerb(Verb):
    """A command on reports; its errors become words and exit codes as everywhere, whoever calls it."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's signature
        """Run it."""
        try:
            return super().invoke(ctx)
        except TestbedError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


@click.command(cls=ReportVerb, examples=["testbed load report .testbed/load/20260812T044500Z-first-bell"])
@click.argument("run", type=click.Path(path_type=Path))
def report(*, run: Path) -> None:
    """Write the report of RUN, the folder of a load run, anew; ends with 1 where the run did not hold."""
    verdict = write_report(run)
    click.echo("\n".join([*verdict.lines, f"report: {run / HTML}"]))
    sys.exit(verdict.exit_code)


@click.command(
    cls=ReportVerb,
    examples=["testbed load compare BEFORE AFTER", "testbed load compare BEFORE,BEFORE,BEFORE AFTER,AFTER,AFTER"],
)
@click.argument("before", type=Runs())
@click.argument("after", type=Runs())
@json_option
def compare(*, before: tuple[Path, ...], after: tuple[Path, ...], as_json: bool) -> None:
    """Say whether AFTER is better or worse than BEFORE, or the difference noise; ends with 1 where it is worse.

    Each side is one run or several with commas between them; three on each side tell 5 % from noise, fewer 20 %.
    """
    comparison = compared([read_report(run) for run in before], [read_report(run) for run in after])
    if as_json:
        print_json(comparison.document())
    else:
        click.echo("\n".join(comparison.lines))
    sys.exit(comparison.exit_code)


@click.command(cls=ReportVerb, examples=["testbed load schema > report.schema.json"])
def schema() -> None:
    """Print the JSON Schema of report.json."""
    print_json(json_schema())
