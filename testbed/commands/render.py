# SPDX-License-Identifier: Apache-2.0
"""`testbed render`: what containers are given, as a folder for each (`parts`) or as a swarm takes it (`stack`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from certs.folder import write_file
from certs.rotation import Step
from federation.endpoints import BASE_DOMAIN, PARTS, Origins
from federation.errors import InputError
from testbed.given_shares import apply_and_share
from testbed.options import federation_option, rotate_option, state_option
from testbed.stacks.addresses import TLS_PORT_BASE
from testbed.stacks.compose.balancer import MAX_REPLICAS, Beyond, OwnSp
from testbed.stacks.compose.part_folders import GivenFile
from testbed.stacks.swarm.images import image_names
from testbed.stacks.swarm.record import SwarmRecord
from testbed.stacks.swarm.stack_file import STACK_FILE, StackOptions, stack_files
from testbed.verb import Verb, write_examples

_Command = TypeVar("_Command", bound=Callable[..., Any])

DATA: Final = "data"
GIVEN: Final = "given: "
"""What the line begins with that names the containers whose folders have changed."""
_WRITTEN: Final = re.compile(r"[a-z-]+-[0-9a-f]{12}|\..*", re.ASCII)
"""The names that `stack` writes below `configs/` and `secrets/`, and what a kill leaves of them."""
_PARTS_EXAMPLES = ("testbed render parts /parts --base-domain localhost --port 8443",)
_STACK_EXAMPLES = (
    "testbed render stack swarm",
    "testbed render stack swarm --registry registry.example.org/mpass --base-domain testbed.example.org --port 443",
)


class RenderVerbs(click.Group):
    """What is rendered for engines, with examples below the help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        write_examples((*_PARTS_EXAMPLES, *_STACK_EXAMPLES), formatter)


@click.group(cls=RenderVerbs, short_help="Write what containers are given.")
def render() -> None:
    """Write what containers are given: those of compose.yaml, or those of a swarm."""


def _origin_options(command: _Command) -> _Command:
    base_domain = click.option(
        "--base-domain", default=BASE_DOMAIN, show_default=True, help="What the four names are directly below."
    )
    port = click.option(
        "--port", type=click.IntRange(1, 65535), default=TLS_PORT_BASE, show_default=True, help="The one port."
    )
    return base_domain(port(command))


@render.command(cls=Verb, examples=_PARTS_EXAMPLES)
@click.argument("target", type=click.Path(path_type=Path, file_okay=False, exists=True))
@_origin_options
@click.option(
    "--own-sp-port",
    type=click.IntRange(1, 65535),
    metavar="N",
    help="Where a service of one's own listens in its container; the balancer then has a name for it.",
)
@click.option(
    "--data-network", "has_data_network", is_flag=True, help="The data services are reached by a network of their own."
)
@click.option("--load", "has_load", is_flag=True, help="Containers that generate load are given what they need too.")
@rotate_option
@federation_option
@state_option
def parts(  # noqa: PLR0913 -- one parameter per option
    *,
    target: Path,
    base_domain: str,
    port: int,
    own_sp_port: int | None,
    has_data_network: bool,
    has_load: bool,
    rotate: Step | None,
    federation_file: Path,
    state: Path,
) -> None:
    """Apply the declaration to the state folder, and write each container's share to a folder below TARGET.

    A share holds the container's own configuration, keys and passwords, and nothing of the others.
    """
    origins = Origins.tls(port, base_domain)
    own_sp = None if own_sp_port is None else OwnSp.beside(origins, own_sp_port)
    beyond = Beyond(own_sp, has_data_network=has_data_network, has_load=has_load)
    shares = apply_and_share(federation_file, origins, state, beyond, rotate)
    given = [
        name for name, files in shares.items() if _write(target / name, files, lambda place: place.parts[0] != DATA)
    ]
    for part in PARTS:
        (target / part / DATA).mkdir(exist_ok=True, mode=0o700)  # the place of a volume: nothing else is written there
    click.echo(f"{GIVEN}{' '.join(given)}")


@render.command(cls=Verb, examples=_STACK_EXAMPLES)
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@_origin_options
@click.option("--replicas", type=click.IntRange(1, MAX_REPLICAS), default=2, show_default=True, help="Of the proxy.")
@click.option("--registry", metavar="PREFIX", help="Where the nodes find our images, as in registry.example.org/mpass.")
@click.option(
    "--image",
    "images",
    multiple=True,
    metavar="SERVICE=IMAGE",
    help="Another image of a service, pinned by a tag or a digest.",
)
@rotate_option
@federation_option
@state_option
def stack(  # noqa: PLR0913 -- one parameter per option
    *,
    target: Path,
    base_domain: str,
    port: int,
    replicas: int,
    registry: str | None,
    images: tuple[str, ...],
    rotate: Step | None,
    federation_file: Path,
    state: Path,
) -> None:
    """Write TARGET/stack.yaml for `docker stack deploy`, with its configs and secrets beside it.

    Keys and passwords are kept in the state folder's `swarm/`, apart from those of a testbed on this machine.
    """
    options = StackOptions(Origins.tls(port, base_domain), image_names(registry, images), replicas)
    _check_is_ours(target)
    record = SwarmRecord.of(state, port, base_domain)
    rendered = stack_files(apply_and_share(federation_file, options.origins, record.folder, rotate=rotate), options)
    _write(target, rendered, lambda place: len(place.parts) > 1 and bool(_WRITTEN.fullmatch(place.name)))
    record.write()
    click.echo(f"{target / STACK_FILE}: docker stack deploy --compose-file {target / STACK_FILE} mpass-testbed")
    click.echo(f"port {port} will be published on every address of the machine that runs the balancer", err=True)


def _check_is_ours(target: Path) -> None:
    """Raise `InputError` where TARGET holds something and that is no stack."""
    if target.is_dir() and any(target.iterdir()) and not (target / STACK_FILE).is_file():
        message = f"{target}: holds something else; expected a new or empty folder, or one that `render stack` wrote"
        raise InputError(message)


def _write(folder: Path, files: Mapping[str, GivenFile], may_go: Callable[[Path], bool]) -> bool:
    """Make `folder` hold these files, and tell whether it did not; of the others go those whose place in it `may_go`."""
    is_changed = False
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, file in files.items():
            path = folder / name
            if not path.is_file() or path.read_bytes() != file.content:
                write_file(path, file.content, file.mode)
                is_changed = True
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            if path.is_file() and may_go(place) and place.as_posix() not in files:
                path.unlink()
                is_changed = True
    except OSError as error:
        message = f"{error.filename or folder}: cannot be written ({error.strerror})"
        raise InputError(message) from error
    return is_changed
