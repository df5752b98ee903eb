# SPDX-License-Identifier: Apache-2.0
"""The start of a part's container that was given its state folder as archives: `python -m party.given COMMAND …`.

A swarm gives a container single files, each of bounded size, and no folders. Afterwards every `*.tar.gz` of the folder
`/given` lies unpacked in the state folder, readable by this user only, and the process is COMMAND. What the part keeps
(`data/`) is kept where the image has the place of a volume: the state folder itself goes with the container.
"""

from __future__ import annotations

import os
import stat
import sys
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from federation.errors import InputError
from party.process import MAX_FILE_BYTES, MAX_FILES, STATE_VARIABLE

GIVEN: Final = Path("/given")
SUFFIX: Final = ".tar.gz"
KEPT: Final = Path("/state/data")
_READ_ERRORS: Final = (tarfile.TarError, zlib.error, EOFError, OSError)


def unpack(given: Path, state: Path) -> None:
    """Write what the archives in `given` hold below `state`; raises `InputError`, and writes nothing, for a bad one."""
    archives = sorted(given.glob(f"*{SUFFIX}"))
    if not archives:
        message = f"{given}: found no *{SUFFIX}, expected the archives that `testbed render stack` wrote"
        raise InputError(message)
    for path, content in [file for archive in archives for file in _files(archive)]:
        (state / path).parent.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
        (state / path).touch(mode=stat.S_IRUSR | stat.S_IWUSR)
        (state / path).write_bytes(content)


def _files(archive: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for number, member in enumerate(packed, start=1):
                path = PurePosixPath(member.name)
                content = packed.extractfile(member) if member.isfile() else None
                if content is None or path.is_absolute() or ".." in path.parts:
                    message = f"{archive}: found {member.name!r}, expected files at places below the state folder only"
                    raise InputError(message)
                if number > MAX_FILES or member.size > MAX_FILE_BYTES:
                    message = f"{archive}: expected at most {MAX_FILES} files of at most {MAX_FILE_BYTES} bytes each"
                    raise InputError(message)
                yield path, content.read()
    except _READ_ERRORS as error:
        message = f"{archive}: cannot be unpacked ({error}); `testbed render stack` writes it anew"
        raise InputError(message) from error


def main(command: list[str], environ: Mapping[str, str], given: Path = GIVEN, kept: Path = KEPT) -> None:
    """Unpack and become `command`.

    Raises `InputError` where one of the two is missing, or an archive is not as it should be.
    """
    state = environ.get(STATE_VARIABLE, "")
    if not command or not state:
        message = f"expected a command to go on with, and {STATE_VARIABLE}, the state folder"
        raise InputError(message)
    unpack(given, Path(state))
    (Path(state) / kept.name).symlink_to(kept)
    os.execvp(command[0], command)  # noqa: S606 -- the command of the container


if __name__ == "__main__":
    try:
        main(sys.argv[1:], os.environ)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
