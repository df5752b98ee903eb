# SPDX-License-Identifier: Apache-2.0
"""What load goes to, and what it never goes to: a testbed of this machine, or one that somebody says is theirs.

The rules:

- Without a word about it the target is the testbed that runs from the state folder.
- A host is taken if it is loopback, or if `federation.yaml` names it; for any other somebody must say that it is
  theirs (`--i-own-this-target`). What a name resolves to does not matter: what is written is what is judged.
- Nothing is ever sent to an address that is none of the target's, whatever a redirect says (`loadtests.connections`).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from federation.endpoints import PARTS, Origins
from federation.errors import InputError
from federation.model import Federation
from federation.own_parts import own_parts
from testbed.options import COMPOSE
from testbed.stacks.compose.stack import ComposeStack, running_compose_stack
from testbed.stacks.local import LocalStack, running_stack
from testbed.stacks.running import runs_here

OUTSIDE: Final = "outside"
_MOST_BYTES: Final = 100_000
_TOKEN_LETTERS: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Target:
    """Where the load goes: the stack's name, its addresses, what opens doors to scripts, and its CA's certificate."""

    stack: str
    origins: Origins
    run_token: str
    ca_certificate: str | None = None


def running_target(state: Path, federation: Federation) -> tuple[Target, LocalStack | ComposeStack]:
    """Return the testbed that runs from `state`, as processes or in containers; raises `MissingError` where none does."""
    stack: LocalStack | ComposeStack
    local = runs_here(state) or not (state / COMPOSE).exists()
    stack = running_stack(state, federation) if local else running_compose_stack(state, federation)
    ca_certificate = stack.ca_certificate
    certificate = None if ca_certificate is None else ca_certificate.read_text("ascii")
    return Target(stack.name, stack.origins, stack.run_token.hex(), certificate), stack


def outside_target(base: str, token_file: Path, ca_file: Path | None) -> Target:
    """Return the testbed whose four names are below `base` (a domain, with a port or without).

    Raises `InputError` for a base that is none, and for files that hold something else.
    """
    parts = urlsplit(f"https://{base}")
    try:
        port = 443 if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not parts.hostname or parts.netloc != base or port == 0 or "@" in base:
        message = f"--target {base!r}: expected a domain that mpass, idp, publisher and portal are below, as in load.example:8443"
        raise InputError(message)
    token = _text(token_file).strip()
    if not token or not _TOKEN_LETTERS.issuperset(token):
        message = f"{token_file}: expected the run's token in hexadecimal, as `testbed status` names its file"
        raise InputError(message)
    certificate = None if ca_file is None else _text(ca_file)
    return Target(OUTSIDE, Origins.tls(port, parts.hostname), token, certificate)


def check_is_ours(target: Target, federation: Federation, *, is_owned: bool) -> None:
    """Raise `InputError` for a host that is neither loopback nor declared, unless somebody says that it is theirs."""
    if is_owned:
        return
    declared = {urlsplit(part.metadata).hostname for part in own_parts(federation)}
    for part in PARTS:
        host = target.origins.host_name(part)
        if not is_loopback(host) and host not in declared:
            message = (
                f"{host} is neither on this machine nor named in the declaration: load goes to nobody by mistake;\n"
                "if it is yours, say so with --i-own-this-target"
            )
            raise InputError(message)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: localhost, a name below it, or a loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _text(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            return file.read(_MOST_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not ASCII'})"
        raise InputError(message) from error
