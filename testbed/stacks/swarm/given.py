# SPDX-License-Identifier: Apache-2.0
"""What a swarm keeps for each service: docker configs, and docker secrets for what holds keys or passwords. Pure.

- What a name stands for never changes: the name ends with a hash of the content, so that whatever is changed is another
  config or secret, and the services that are given it are rolled.
- A part's folder has hundreds of files in a national federation; it is given as one archive of each sort, which
  `party.given` unpacks in the container. The balancer and the database are others' images and are given single files.
- A swarm takes at most 500 kB in one secret; what is larger is refused here, by name.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from federation.endpoints import PARTS
from federation.errors import InputError
from party.given import GIVEN, SUFFIX
from testbed.stacks.compose.balancer import FOLDER as BALANCER_FOLDER
from testbed.stacks.compose.part_folders import GivenFile

MAX_BYTES: Final = 500_000
"""Of one secret (docker's limit; configs may be twice as large since Docker 20.10)."""
DATABASE_FOLDER: Final = "/docker-entrypoint-initdb.d"
OWNER: Final = "10001"
"""Whom our images run as."""
_HASH_DIGITS: Final = 12
_FOLDERS: Final = {"balancer": BALANCER_FOLDER, "database": DATABASE_FOLDER}
_OWNER_ONLY: Final = 0o400
_EVERYBODY: Final = 0o444
"""In its container: the database reads its script as a user that its image chose."""


@dataclass(frozen=True)
class Kept:
    """One config or secret: its name in the swarm, its content, and where the container finds it."""

    name: str
    content: bytes
    target: str
    is_secret: bool
    mode: int

    @property
    def path(self) -> str:
        """Where the content lies beside the stack file."""
        return f"{'secrets' if self.is_secret else 'configs'}/{self.name}"


def kept(service: str, files: Mapping[str, GivenFile]) -> tuple[Kept, ...]:
    """Return what is kept for a service that is given `files`; the same files give the same bytes.

    Raises `InputError` for one that is larger than a swarm takes.
    """
    found = _archives(service, files) if service in PARTS else _single_files(service, files)
    for each in found:
        if len(each.content) > MAX_BYTES:
            message = (
                f"{service}: its {'keys' if each.is_secret else 'configuration'} take {len(each.content):,} bytes, "
                f"and a swarm keeps at most {MAX_BYTES:,} in one {'secret' if each.is_secret else 'config'}; "
                "declare fewer education providers, or run the testbed by compose.yaml, which has no such limit"
            )
            raise InputError(message)
    return found


def _archives(part: str, files: Mapping[str, GivenFile]) -> tuple[Kept, ...]:
    sorts = {
        sort: {path: file.content for path, file in files.items() if file.is_secret is sort} for sort in (False, True)
    }
    return tuple(
        Kept(
            name=f"{part}-{_digest(contents)}",
            content=_archive(contents),
            target=f"{GIVEN}/{'secrets' if is_secret else 'configs'}{SUFFIX}",
            is_secret=is_secret,
            mode=_OWNER_ONLY,
        )
        for is_secret, contents in sorts.items()
        if contents
    )


def _single_files(service: str, files: Mapping[str, GivenFile]) -> tuple[Kept, ...]:
    return tuple(
        Kept(
            name=f"{service}-{path.rpartition('/')[2].partition('.')[0]}-{_digest({path: file.content})}",
            content=file.content,
            target=f"{_FOLDERS[service]}/{path}",
            is_secret=file.is_secret,
            mode=_EVERYBODY if service == "database" else _OWNER_ONLY,
        )
        for path, file in files.items()
    )


def _digest(contents: Mapping[str, bytes]) -> str:
    """Return a hash of what is given, not of how it is packed: another zlib is no reason to roll a service."""
    digest = hashlib.sha256()
    for path, content in sorted(contents.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_HASH_DIGITS]


def _archive(contents: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in sorted(contents.items()):
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), _OWNER_ONLY
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)
