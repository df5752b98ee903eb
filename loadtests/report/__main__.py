# SPDX-License-Identifier: Apache-2.0
"""`python -m loadtests.report`: makes a run's report anew, compares runs, prints the schema of `report.json`.

What `testbed load` shows of it starts this as a process, as it does the generator.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from federation.errors import TestbedError
from loadtests.report.compare import compare as compared
from loadtests.report.document import json_schema
from loadtests.report.stored import read_report
from loadtests.report.verdict import Verdict
from loadtests.report.writing import HTML, write_report
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


@click.group()
def main() -> None:
    """Make reports of load runs, and compare them."""


@main.command(cls=ReportVerb, examples=["python -m loadtests.report write .testbed/load/20260812T044500Z-first-bell"])
@click.argument("run", type=click.Path(path_type=Path))
def write(*, run: Path) -> None:
    """Write the report of RUN, the folder of a load run, anew; ends with 1 where the run did not hold."""
    verdict = write_report(run)
    click.echo("\n".join([*verdict.lines, f"report: {run / HTML}"]))
    sys.exit(verdict.exit_code)


@main.command(cls=ReportVerb, examples=["python -m loadtests.report show .testbed/load/20260812T044500Z-first-bell"])
@click.argument("run", type=click.Path(path_type=Path))
def show(*, run: Path) -> None:
    """Print the verdict of RUN as it was written; ends with 1 where the run did not hold."""
    verdict = Verdict.of(read_report(run))
    click.echo("\n".join(verdict.lines))
    sys.exit(verdict.exit_code)


@main.command(
    cls=ReportVerb,
    examples=[
        "python -m loadtests.report compare BEFORE AFTER",
        "python -m loadtests.report compare A1,A2,A3 B1,B2,B3",
    ],
)
@click.argument("before", type=Runs())
@click.argument("after", type=Runs())
def compare(*, before: tuple[Path, ...], after: tuple[Path, ...]) -> None:
    """Say whether AFTER is better or worse than BEFORE, or the difference noise; ends with 1 where it is worse.

    Each side is one run or several with commas between them; three on each side tell 5 % from noise, fewer 20 %.
    """
    comparison = compared([read_report(run) for run in before], [read_report(run) for run in after])
    click.echo("\n".join(comparison.lines))
    sys.exit(comparison.exit_code)


@main.command(cls=ReportVerb, examples=["python -m loadtests.report schema > report.schema.json"])
def schema() -> None:
    """Print the JSON Schema of report.json."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
