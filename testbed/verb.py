# SPDX-License-Identifier: Apache-2.0
"""A command whose help ends with examples, printed as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click


class Verb(click.Command):
    """A click command with `examples`, one shell line each."""

    def __init__(self, *args: Any, examples: Sequence[str], **kwargs: Any) -> None:  # noqa: ANN401 -- click's signature
        """Take what a click command takes, and the examples."""
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        super().format_epilog(ctx, formatter)
        write_examples(self.examples, formatter)


def write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    """Write the examples as a section of the help."""
    with formatter.section("Examples"):
        for example in examples:
            formatter.write(f"{'':{formatter.current_indent}}{example}\n")
