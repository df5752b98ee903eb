# SPDX-License-Identifier: Apache-2.0
"""`testbed render parts`: what each container of the compose stack is given, one folder for each."""

from __future__ import annotations

from pathlib import Path

import click

from certs.folder import write_file
from certs.tls_folder import TlsFolder
from federation.endpoints import BASE_DOMAIN, PARTS, Origins
from federation.errors import InputError
from federation.loader import load
from party.clock import system_clock
from testbed.commands.apply import summary
from testbed.options import federation_option, print_notices, state_option
from testbed.own_parts import read_own_documents
from testbed.stacks.addresses import TLS_PORT_BASE
from testbed.stacks.compose.database import PARTS_WITH_DATABASE, password_secret
from testbed.stacks.compose.part_folders import GivenFile, Rendered, folders
from testbed.state_folder import StateFolder
from testbed.verb import Verb, write_examples

DATA = "data"
_EXAMPLES = ("testbed render parts /parts --base-domain localhost --port 8443",)


class RenderVerbs(click.Group):
    """What is rendered for engines, with examples below the help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        write_examples(_EXAMPLES, formatter)


@click.group(cls=RenderVerbs, short_help="Write what containers are given.")
def render() -> None:
    """Write what the containers of the compose stack are given."""


@render.command(cls=Verb, examples=_EXAMPLES)
@click.argument("target", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--base-domain", default=BASE_DOMAIN, show_default=True, help="What the four names are directly below.")
@click.option("--port", type=click.IntRange(1, 65535), default=TLS_PORT_BASE, show_default=True, help="The one port.")
@federation_option
@state_option
def parts(target: Path, base_domain: str, port: int, federation_file: Path, state: Path) -> None:
    """Apply the declaration to the state folder, and write each container's share to a folder below TARGET.

    A share holds the container's own configuration, keys and passwords, and nothing of the others.
    """
    federation, origins, now = load(federation_file), Origins.tls(port, base_domain), system_clock()
    own = read_own_documents(federation, federation_file.parent, state, origins, now)
    folder = StateFolder(state)
    applied = folder.apply(federation, origins, now, own)
    print_notices(own)
    passwords = folder.ensure_secrets([password_secret(part) for part in PARTS_WITH_DATABASE], now)
    tls = TlsFolder(state)
    rendered = Rendered(
        federation=federation,
        origins=origins,
        files=applied.files,
        keys=applied.keys.with_secrets(passwords),
        ca_certificate=tls.ca_certificate.read_bytes(),
        tls_chains={origins.host_name(part): tls.chain(origins.host_name(part)).read_bytes() for part in PARTS},
    )
    for name, files in folders(rendered).items():
        _write(target / name, files)
    for part in PARTS:
        (target / part / DATA).mkdir(exist_ok=True, mode=0o700)  # the place of a volume: nothing else is written there
    click.echo(f"{state}: {summary(applied.plan)}")


def _write(folder: Path, files: dict[str, GivenFile]) -> None:
    """Make `folder` hold just these files; what a part keeps there at run time (`data/`) stays."""
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            if path.is_file() and place.parts[0] != DATA and place.as_posix() not in files:
                path.unlink()
        for name, file in files.items():
            write_file(folder / name, file.content, file.mode)
    except OSError as error:
        message = f"{error.filename or folder}: cannot be written ({error.strerror})"
        raise InputError(message) from error
