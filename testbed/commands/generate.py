# SPDX-License-Identifier: Apache-2.0
"""`testbed generate`: a declaration of national size and shape."""

from __future__ import annotations

from pathlib import Path

import click

from federation.errors import InputError
from testbed.generate.declaration import Country, national_federation
from testbed.generate.yaml_text import declaration_text
from testbed.verb import Verb

_DEFAULT = Country()
_COMMENT = """
A declaration of national size and shape, written by
  testbed generate {flags}
The same flags write the same bytes. All names are invented. People are computed when they are asked for: an education
provider's first one is p000001, and a password is the user name followed by "pwd".
"""


@click.command(
    cls=Verb,
    short_help="Write a national declaration.",
    examples=[
        "testbed generate --output national.yaml",
        "testbed generate --providers 310 --schools 2200 --seed 1 --not-activated 0.2 --output national.yaml",
        "testbed up --federation national.yaml --state .testbed-national",
    ],
)
@click.option("--providers", type=int, default=_DEFAULT.providers, show_default=True, help="Education providers.")
@click.option("--schools", type=int, default=_DEFAULT.schools, show_default=True, help="Schools in all.")
@click.option("--people", type=int, default=_DEFAULT.people, show_default=True, help="People in all; none is stored.")
@click.option("--seed", type=int, default=_DEFAULT.seed, show_default=True, help="Another seed, another country.")
@click.option(
    "--not-activated",
    type=click.FloatRange(0, 1),
    default=_DEFAULT.not_activated,
    show_default=True,
    metavar="SHARE",
    help="Schools that the publisher has not activated.",
)
@click.option(
    "--missing-attributes",
    type=click.FloatRange(0, 1),
    default=_DEFAULT.missing_attributes,
    show_default=True,
    metavar="SHARE",
    help="People of whom the registry lacks one value.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file, instead of stdout.")
def generate(
    *,
    providers: int,
    schools: int,
    people: int,
    seed: int,
    not_activated: float,
    missing_attributes: float,
    output: Path | None,
) -> None:
    """Write a declaration with as many education providers, schools and people as a country has, in its shape.

    Schools are spread as unevenly as in the country, names repeat, ten education providers make 60 % of the logins.
    """
    country = Country(providers, schools, people, seed, not_activated, missing_attributes)
    text = declaration_text(national_federation(country), _COMMENT.strip().format(flags=_flags(country)))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"--output {output}: cannot be written ({error.strerror})"
        raise InputError(message) from error
    click.echo(f"{output}: {providers:,} education providers, {schools:,} schools, {people:,} people")


def _flags(country: Country) -> str:
    return " ".join(f"--{name.replace('_', '-')} {value}" for name, value in vars(country).items())
