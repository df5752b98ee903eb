# SPDX-License-Identifier: Apache-2.0
"""What applying leaves on disk."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from federation.endpoints import Origins
from federation.errors import InputError
from federation.loader import load
from federation.model import Federation
from testbed.state_folder import StateFolder

NOW = datetime(2026, 8, 12, tzinfo=UTC)
LOCAL = Origins.local()


@pytest.fixture
def federation(small_federation: Path) -> Federation:
    """Load the small declaration."""
    return load(small_federation)


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    """Return a state folder that is not there yet."""
    return StateFolder(tmp_path / "state")


def contents(folder: StateFolder) -> dict[str, bytes]:
    files = (path for path in folder.path.rglob("*") if path.is_file())
    return {path.relative_to(folder.path).as_posix(): path.read_bytes() for path in files}


def test_writes_every_part_and_key(folder: StateFolder, federation: Federation):
    """Everything that a run needs is there, and nothing else."""
    folder.apply(federation, LOCAL, NOW)

    assert sorted(contents(folder)) == [
        ".gitignore",
        ".lock",
        "idp/config.json",
        "idp/metadata/proxy.xml",
        "keys/idp-mansikkala.crt.pem",
        "keys/idp-mansikkala.key.pem",
        "keys/proxy-idp.crt.pem",
        "keys/proxy-idp.key.pem",
        "keys/proxy-sp.crt.pem",
        "keys/proxy-sp.key.pem",
        "keys/sp-publisher.crt.pem",
        "keys/sp-publisher.key.pem",
        "proxy/config.json",
        "proxy/metadata/own-idp.xml",
        "proxy/metadata/own-sp.xml",
        "proxy/metadata/services/publisher.xml",
        "proxy/metadata/sources/mansikkala.xml",
        "publisher/config.json",
        "publisher/metadata/proxy.xml",
        "secrets/idp-session",
        "secrets/portal-session",
        "secrets/proxy-state",
        "secrets/publisher-session",
        "secrets/run-token",
    ]


def test_keeps_private_files_to_their_owner(folder: StateFolder, federation: Federation):
    """Private keys and secrets are mode 0600."""
    folder.apply(federation, LOCAL, NOW)

    private = [*folder.path.glob("keys/*.key.pem"), *folder.path.glob("secrets/*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_puts_no_private_key_into_a_rendered_file(folder: StateFolder, federation: Federation):
    """Only certificates leave the keys folder."""
    folder.apply(federation, LOCAL, NOW)

    leaking = [name for name, content in contents(folder).items() if b"PRIVATE KEY" in content]
    assert all(name.startswith("keys/") for name in leaking)


def test_changes_nothing_the_second_time(folder: StateFolder, federation: Federation):
    """The same declaration gives the same bytes and the same keys, and the plan is empty."""
    folder.apply(federation, LOCAL, NOW)
    before = contents(folder)

    plan = folder.plan(federation, LOCAL, NOW)
    applied = folder.apply(federation, LOCAL, NOW)

    assert plan.is_empty
    assert applied.plan.is_empty
    assert contents(folder) == before


def test_repairs_what_a_kill_left_half_written(folder: StateFolder, federation: Federation):
    """A cut file, a missing file, half a key pair and a temporary file become what they should be."""
    folder.apply(federation, LOCAL, NOW)
    whole = contents(folder)
    (folder.path / "proxy/config.json").write_bytes(whole["proxy/config.json"][:100])
    (folder.path / "idp/metadata/proxy.xml").unlink()
    (folder.path / "keys/.sp-publisher.key.pem.abc").write_bytes(b"half")
    (folder.path / "idp/.config.json.abc").write_bytes(b"half")

    folder.apply(federation, LOCAL, NOW)

    assert contents(folder) == whole


def test_makes_a_pair_anew_where_half_of_it_is_missing(folder: StateFolder, federation: Federation):
    """A certificate without key is of no use; the metadata follow the new pair."""
    folder.apply(federation, LOCAL, NOW)
    old = contents(folder)
    (folder.path / "keys/sp-publisher.key.pem").unlink()

    applied = folder.apply(federation, LOCAL, NOW)

    assert applied.plan.keys == ("sp-publisher",)
    assert [change.path for change in applied.plan.changes] == ["proxy/metadata/services/publisher.xml"]
    assert contents(folder)["keys/proxy-idp.key.pem"] == old["keys/proxy-idp.key.pem"]


def test_names_a_broken_key_instead_of_replacing_it(folder: StateFolder, federation: Federation):
    """Whoever trusts the old key must not find another one silently."""
    folder.apply(federation, LOCAL, NOW)
    key = folder.path / "keys/proxy-idp.key.pem"
    key.write_bytes(key.read_bytes()[:200])

    with pytest.raises(InputError, match=r"proxy-idp\.key\.pem: expected an RSA private key"):
        folder.apply(federation, LOCAL, NOW)


def test_removes_what_no_longer_belongs_and_nothing_else(folder: StateFolder, federation: Federation):
    """A rendered file of a service that is gone goes; keys, secrets and databases stay."""
    folder.apply(federation, LOCAL, NOW)
    stays = [folder.path / "data/publisher.sqlite", folder.path / "keys/idp-old.key.pem"]
    goes = folder.path / "proxy/metadata/services/old.xml"
    for path in (*stays, goes):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")

    folder.apply(federation, LOCAL, NOW)

    assert not goes.exists()
    assert all(path.exists() for path in stays)


def test_plans_without_writing(folder: StateFolder, federation: Federation):
    """A plan names the keys it would make and every file, and leaves no folder behind."""
    plan = folder.plan(federation, LOCAL, NOW)

    assert plan.keys == ("proxy-idp", "proxy-sp", "idp-mansikkala", "sp-publisher")
    assert {change.verb for change in plan.changes} == {"make"}
    assert not folder.path.exists()


def test_plans_a_change_as_a_diff(folder: StateFolder, federation: Federation):
    """Another port base changes addresses, and the diff shows them."""
    folder.apply(federation, LOCAL, NOW)

    plan = folder.plan(federation, Origins.local(9000), NOW)

    diff = next(change.diff() for change in plan.changes if change.path == "proxy/metadata/own-sp.xml")
    assert "--- a/proxy/metadata/own-sp.xml" in diff
    assert "+++ b/proxy/metadata/own-sp.xml" in diff
    assert "http://localhost:9000/shibboleth" in diff


def test_lets_two_applies_take_turns(folder: StateFolder, federation: Federation):
    """Two at once end with one set of keys and nothing left over."""
    errors: list[BaseException] = []

    def apply() -> None:
        try:
            folder.apply(federation, LOCAL, NOW)
        except BaseException as error:  # noqa: BLE001 -- handed to the test
            errors.append(error)

    threads = [threading.Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert folder.plan(federation, LOCAL, NOW).is_empty


def test_refuses_a_file_where_the_folder_should_be(tmp_path: Path, federation: Federation):
    """A state folder that is a file is wrong input."""
    path = tmp_path / "file"
    path.write_text("x")

    with pytest.raises(InputError, match="is a file"):
        StateFolder(path).apply(federation, LOCAL, NOW)


@pytest.mark.parametrize(
    "place", ["proxy", "keys", ".lock", "run/proxy.log", "proxy/metadata", "data/publisher.sqlite"]
)
def test_touches_nothing_behind_a_link(folder: StateFolder, federation: Federation, tmp_path: Path, place: str):
    """A link that somebody left in the folder is refused by name: what it leads to is neither cut nor removed."""
    treasure = tmp_path / "elsewhere" / "letter.txt"
    treasure.parent.mkdir()
    treasure.write_text("dear diary")
    link = folder.path / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(treasure if link.suffix or place == ".lock" else treasure.parent)

    with pytest.raises(InputError, match="is a link"):
        folder.apply(federation, LOCAL, NOW)

    assert [path.read_text() for path in treasure.parent.iterdir()] == ["dear diary"]
