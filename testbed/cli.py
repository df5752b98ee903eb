# SPDX-License-Identifier: Apache-2.0
"""The command line: one verb per module of `testbed.commands`, and the one place where an error becomes words.

Exit codes: 0 done and as expected, 1 a login failed or a part broke, 2 the input is wrong, 3 something needed is
missing. A verb's module is imported when it is used, so that `testbed status` does not wait for what a login needs.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

import click

from federation.errors import TestbedError
from party.health import part_version
from testbed.verb import write_examples

VERBS: Final = (
    "validate",
    "plan",
    "apply",
    "reset",
    "up",
    "status",
    "down",
    "login",
    "fault",
    "explain",
    "attributes",
    "schema",
    "generate",
    "bench",
    "load",
    "render",
    "chaos",
)

EXAMPLES: Final = (
    "testbed up                  run everything until Ctrl-C",
    "testbed login demo_u0001    one login through the whole chain",
)

INTERRUPTED: Final = 130
"""What a shell reports for Ctrl-C (128 + SIGINT)."""


class Verbs(click.Group):
    """The verbs by name, in the order a person meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the names of all verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        """Return the verb called `cmd_name`, None where there is none."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(importlib.import_module(f"testbed.commands.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb that the words name; one that does not exist is refused with the nearest that does."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=VERBS, ctx=ctx) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples below the verbs."""
        super().format_epilog(ctx, formatter)
        write_examples(EXAMPLES, formatter)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's signature
        """Run the verb; an error that a person can answer becomes its text on stderr and its exit code."""
        try:
            return super().invoke(ctx)
        except TestbedError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # whoever read our output has seen enough
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(part_version(), prog_name="testbed")
def main() -> None:
    """MPASSid on your own machine, declared in one file."""
