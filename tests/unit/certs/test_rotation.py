# SPDX-License-Identifier: Apache-2.0
"""Changing a signing key in three steps: what is published and what signs after each, and after a kill in between."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.folder import KeyFolder
from certs.rotation import Rotation
from federation.errors import InputError

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
ENTITY = "proxy-idp"


@pytest.fixture
def first(tmp_path: Path) -> bytes:
    """Make the first key, and return its certificate."""
    return KeyFolder(tmp_path).ensure([ENTITY], [], NOW).pairs[ENTITY].certificate_pem


def signs(state: Path) -> bytes:
    return KeyFolder(state).load([ENTITY], []).pairs[ENTITY].certificate_pem


def beside(state: Path) -> list[bytes]:
    return [pair.certificate_pem for pair in Rotation(state, ENTITY).certificates()]


def test_publishes_a_new_key_while_the_old_one_signs(tmp_path: Path, first: bytes):
    """Whoever trusts the entity learns the new key before it is used."""
    Rotation(tmp_path, ENTITY).take("publish", NOW)

    [new] = beside(tmp_path)
    assert signs(tmp_path) == first != new


def test_signs_with_the_new_key_while_the_old_one_is_published(tmp_path: Path, first: bytes):
    """What the old key has signed is still believed."""
    rotation = Rotation(tmp_path, ENTITY)
    rotation.take("publish", NOW)
    [new] = beside(tmp_path)

    rotation.take("use", NOW)

    assert (signs(tmp_path), beside(tmp_path)) == (new, [first])
    assert not list((tmp_path / "keys").glob("*.old.key.pem"))


def test_removes_the_old_one_and_can_begin_anew(tmp_path: Path, first: bytes):
    """After three steps there is one key, as before the first."""
    rotation = Rotation(tmp_path, ENTITY)
    for step in ("publish", "use", "remove"):
        rotation.take(step, NOW)

    assert first not in {signs(tmp_path), *beside(tmp_path)}
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["proxy-idp.crt.pem", "proxy-idp.key.pem"]
    assert rotation.due == "publish"


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(("taken", "asked", "due"), [((), "use", "publish"), (("publish",), "remove", "use")])
def test_takes_no_step_before_its_turn(tmp_path: Path, taken: tuple[str, ...], asked: str, due: str):
    """A key that nobody knows signs nothing, and one that signs is not removed."""
    rotation = Rotation(tmp_path, ENTITY)
    for step in taken:
        rotation.take(step, NOW)  # type: ignore[arg-type]

    with pytest.raises(InputError, match=f"^--rotate {asked}: the key of proxy-idp is at another point, {due} comes"):
        rotation.take(asked, NOW)  # type: ignore[arg-type]


def test_ends_a_use_that_was_killed(tmp_path: Path, first: bytes):
    """Killed when the new key is in its place and its certificate is not: the next apply goes on from there."""
    rotation = Rotation(tmp_path, ENTITY)
    rotation.take("publish", NOW)
    [new] = beside(tmp_path)
    keys = tmp_path / "keys"
    (keys / "proxy-idp.old.crt.pem").write_bytes(first)
    (keys / "proxy-idp.key.pem").write_bytes((keys / "proxy-idp.next.key.pem").read_bytes())

    rotation.finish()

    assert (signs(tmp_path), beside(tmp_path), rotation.due) == (new, [first], "remove")
