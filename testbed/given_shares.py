# SPDX-License-Identifier: Apache-2.0
"""What containers are given, had from a declaration: it is applied to a state folder and shared out. Writes nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from certs.rotation import Step
from certs.tls_folder import TlsFolder
from federation.endpoints import PARTS, Origins
from federation.loader import load
from party.clock import system_clock
from testbed.options import print_notices
from testbed.own_parts import read_own_documents
from testbed.stacks.compose.balancer import NOTHING, Beyond
from testbed.stacks.compose.database import PARTS_WITH_DATABASE, password_secret
from testbed.stacks.compose.part_folders import GivenFile, Rendered, folders
from testbed.state_folder import StateFolder


def apply_and_share(
    federation_file: Path, origins: Origins, state: Path, beyond: Beyond = NOTHING, rotate: Step | None = None
) -> Mapping[str, Mapping[str, GivenFile]]:
    """Apply the declaration to the state folder and say so; return each container's files, by the container's name.

    `beyond` is what the balancer has beyond the four parts; `rotate` is a step of the proxy's signing key
    (`certs.rotation`).
    Raises `InputError` for a declaration or a folder that cannot be used.
    """
    federation, now = load(federation_file), system_clock()
    own = read_own_documents(federation, federation_file.parent, state, origins, now)
    folder, tls = StateFolder(state), TlsFolder(state)
    applied = folder.apply(federation, origins, now, own, rotate=rotate)
    print_notices(own)
    passwords = folder.ensure_secrets([password_secret(part) for part in PARTS_WITH_DATABASE], now)
    names = [origins.host_name(part) for part in PARTS]
    if beyond.own_sp is not None:
        names.append(beyond.own_sp.host_name)
        tls.ensure(names, now)
    click.echo(f"{state}: {applied.plan.in_words()}")
    return folders(
        Rendered(
            federation=federation,
            origins=origins,
            files=applied.files,
            keys=applied.keys.with_secrets(passwords),
            ca_certificate=tls.ca_certificate.read_bytes(),
            tls_chains={name: tls.chain(name).read_bytes() for name in names},
            beyond=beyond,
        )
    )
