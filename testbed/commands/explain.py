# SPDX-License-Identifier: Apache-2.0
"""`testbed explain`: a SAML message, a URL that carries one, or a transcript, in words."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from federation.errors import InputError
from testbed.columns import columns
from testbed.explain.decode import MAX_FILE, decode
from testbed.explain.describe import describe
from testbed.options import json_option, print_json
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Say what a SAML message holds.",
    examples=["testbed explain response.txt", "testbed explain transcript/transcript.json"],
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@json_option
def explain(file: Path, *, as_json: bool) -> None:
    """Decode what FILE holds and say what it says; `-` reads standard input.

    FILE is a SAML message as XML, base64 or DEFLATE, a URL or form with SAMLRequest or SAMLResponse, or the
    transcript.json that `login --transcript` writes. Nothing is verified: a message it describes may still be refused.
    """
    try:
        described = [describe(message) for message in decode(_read(file))]
    except InputError as error:
        message = f"{file}: {error}"
        raise InputError(message) from error
    if as_json:
        print_json([[{"what": what, "says": says} for what, says in facts] for facts in described])
        return
    for facts in described:
        click.echo(columns(facts, indent=0))
        click.echo()


def _read(file: Path) -> bytes:
    """Return at most one byte more than is bearable: the decoder says so."""
    if str(file) == "-":
        return sys.stdin.buffer.read(MAX_FILE + 1)
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE + 1)
    except OSError as error:
        message = f"cannot be read ({error.strerror})"
        raise InputError(message) from error
