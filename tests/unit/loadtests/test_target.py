# SPDX-License-Identifier: Apache-2.0
"""Load goes to this machine, to what the declaration names, or to what somebody says is theirs; to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from federation.endpoints import Origins
from federation.errors import InputError
from federation.loader import loads
from loadtests.target import Target, check_is_ours, is_loopback, outside_target
from tests.builders.declarations import declaration

FEDERATION = loads(declaration(), "federation.yaml")


def a_token(folder: Path, text: str = "00ff\n") -> Path:
    """Return a file with a run's token."""
    path = folder / "token"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost", True),
        ("mpass.localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("mpass.example", False),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("192.168.1.10", False),
        ("", False),
    ],
)
def test_knows_what_is_this_machine(host: str, *, is_here: bool) -> None:
    """A name is judged as it is written, not as it resolves."""
    assert is_loopback(host) is is_here


@pytest.mark.parametrize("origins", [Origins.local(), Origins.local_tls(), Origins.tls(8443)])
def test_this_machine_needs_no_word(origins: Origins) -> None:
    """The testbed's own stacks are all loopback."""
    check_is_ours(Target("local", origins, "00"), FEDERATION, is_owned=False)


def test_another_host_needs_a_word(tmp_path: Path) -> None:
    """A slip of a name sends nothing to anybody."""
    target = outside_target("load.example", a_token(tmp_path), None)

    with pytest.raises(InputError, match=r"mpass\.load\.example is neither .*\n.*--i-own-this-target"):
        check_is_ours(target, FEDERATION, is_owned=False)


def test_whoever_owns_the_host_says_so(tmp_path: Path) -> None:
    """Then it is asked."""
    target = outside_target("load.example:8443", a_token(tmp_path), None)

    check_is_ours(target, FEDERATION, is_owned=True)

    assert target == Target("outside", Origins.tls(8443, "load.example"), "00ff")


@pytest.mark.parametrize(
    "base", ["", "https://load.example", "load.example/path", "load.example:0", "load.example:x", "me@load.example"]
)
def test_a_base_that_is_none_is_refused(base: str, tmp_path: Path) -> None:
    """The error shows what a base looks like."""
    with pytest.raises(InputError, match=r"as in load\.example:8443"):
        outside_target(base, a_token(tmp_path), None)


@pytest.mark.parametrize("text", ["", "not hexadecimal"])
def test_a_file_without_a_token_is_refused(text: str, tmp_path: Path) -> None:
    """Somebody named another file."""
    with pytest.raises(InputError, match="expected the run's token in hexadecimal"):
        outside_target("load.example", a_token(tmp_path, text), None)
