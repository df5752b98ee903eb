# SPDX-License-Identifier: Apache-2.0
"""A container that is given archives begins with them unpacked, or does not begin."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from federation.errors import InputError
from party.given import main, unpack
from testbed.stacks.compose.part_folders import GivenFile
from testbed.stacks.swarm.given import kept


def archive(folder: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    with tarfile.open(folder / "secrets.tar.gz", "w:gz") as packed:
        for member, content in members:
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))


def link(name: str, to: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, to
    return member


def test_unpacks_what_a_swarm_keeps_for_a_part(tmp_path: Path):
    """Both archives, each file at its place, readable by its owner only."""
    given, state = tmp_path / "given", tmp_path / "state"
    given.mkdir()
    files = {
        "proxy/metadata/own.xml": GivenFile(b"<a/>", is_secret=False),
        "proxy/config.json": GivenFile(b"\xff\x00", is_secret=False),
        f"proxy/metadata/{'long' * 40}.xml": GivenFile(b"<b/>", is_secret=False),
        "secrets/pgpass": GivenFile(b"word"),
    }
    for each in kept("proxy", files):
        (given / Path(each.target).name).write_bytes(each.content)

    unpack(given, state)

    found = {path.relative_to(state).as_posix(): path for path in state.rglob("*") if path.is_file()}
    assert {path: file.read_bytes() for path, file in found.items()} == {
        path: file.content for path, file in files.items()
    }
    assert {file.stat().st_mode & 0o777 for file in found.values()} == {0o600}


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(tarfile.TarInfo("../outside"), id="a place outside"),
        pytest.param(tarfile.TarInfo("keys/../../outside"), id="a place outside by a detour"),
        pytest.param(tarfile.TarInfo("/outside"), id="a place of the whole container"),
        pytest.param(link("keys", "/etc"), id="a link"),
    ],
)
def test_writes_nothing_of_an_archive_that_leads_elsewhere(tmp_path: Path, member: tarfile.TarInfo):
    """Not even what stood before it."""
    state = tmp_path / "state"
    archive(tmp_path, (tarfile.TarInfo("keys/a.pem"), b"a"), (member, b""))

    with pytest.raises(InputError, match=r"secrets\.tar\.gz: found .* expected files at places below the state folder"):
        unpack(tmp_path, state)

    assert not state.exists()


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00\x00"])
def test_says_that_an_archive_is_broken(tmp_path: Path, content: bytes):
    """And what writes it anew."""
    (tmp_path / "configs.tar.gz").write_bytes(content)

    with pytest.raises(InputError, match=r"configs\.tar\.gz: cannot be unpacked .*testbed render stack"):
        unpack(tmp_path, tmp_path / "state")


def test_says_that_nothing_was_given(tmp_path: Path):
    """A service that was written by hand, without its configs."""
    with pytest.raises(InputError, match=r"found no \*\.tar\.gz"):
        unpack(tmp_path, tmp_path / "state")


@pytest.mark.parametrize(("command", "environ"), [([], {"TESTBED_STATE": "/state"}), (["true"], {})])
def test_says_what_it_goes_on_with(command: list[str], environ: dict[str, str], tmp_path: Path):
    """A command and a state folder."""
    with pytest.raises(InputError, match="expected a command to go on with, and TESTBED_STATE"):
        main(command, environ, tmp_path)


def test_goes_on_as_the_command(tmp_path: Path):
    """In the same process, so that it is the one that the engine signals; what a volume keeps is in the state folder."""
    archive(tmp_path, (tarfile.TarInfo("keys/a.pem"), b"a "))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "b").write_bytes(b"b")
    program = (
        "import os; from pathlib import Path; from party.given import main;"
        "main(['sh', '-c', 'echo $$ $(cat state/keys/a.pem state/kept/b)'], {'TESTBED_STATE': 'state'}, Path('.'),"
        "     Path('kept').absolute())"
    )
    with subprocess.Popen(  # noqa: S603 -- our own module
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        said, _ = process.communicate(timeout=60)

    assert said == f"{process.pid} a b\n"
