# SPDX-License-Identifier: Apache-2.0
"""`testbed apply` while a testbed runs from the same folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner, Result

from testbed.cli import main
from testbed.stacks.local import LocalStack
from tests.builders import stacks

pytestmark = pytest.mark.local


@pytest.fixture
def running(tmp_path: Path, keys_folder: Path) -> Iterator[LocalStack]:
    """Run the shipped federation, for one test alone."""
    with stacks.local(stacks.shipped_federation(), tmp_path / "state", keys_folder) as stack:
        yield stack


def port_base(stack: LocalStack) -> int:
    return urlsplit(stack.origins.proxy).port or 0


def apply(stack: LocalStack, declaration: Path, base: int) -> Result:
    options = ["--federation", str(declaration), "--state", str(stack.state), "--port-base", str(base)]
    return CliRunner().invoke(main, ["apply", *options], catch_exceptions=False)


def municipalities(stack: LocalStack) -> set[str]:
    """Return what the proxy's source list says, asked on several connections: each worker answers some."""
    url = f"{stack.origins.proxy}/idp/profile/api/authnsources?lang=fi"
    answers = [httpx.get(url, trust_env=False).json()["response"] for _ in range(8)]
    return {source["title"] for sources in answers for source in sources if source["id"] == "ShibKuusikoski"}


def test_is_taken_up_by_what_runs(running: LocalStack, tmp_path: Path) -> None:
    """When `apply` returns, every worker of the parts that changed knows the new declaration; nothing was stopped."""
    declaration = tmp_path / "federation.yaml"
    declaration.write_text(stacks.SHIPPED.read_text("utf-8").replace("Kuusikosken kaupunki", "Uusikosken kaupunki"))

    applied = apply(running, declaration, port_base(running))

    assert applied.exit_code == 0
    assert applied.stdout.endswith("\ntaken up by what runs: idp, portal, proxy, publisher\n")
    assert municipalities(running) == {"Uusikosken kaupunki"}


def test_stops_no_part_that_is_declared_no_more(running: LocalStack, tmp_path: Path) -> None:
    """The portal goes on until the next start, and the proxy trusts it no more."""
    declaration = tmp_path / "federation.yaml"
    text = stacks.SHIPPED.read_text("utf-8").replace("[portal]", "[publisher]")
    declaration.write_text(re.sub(r"^  portal:\n(    .*\n)+", "", text, flags=re.MULTILINE), "utf-8")

    applied = apply(running, declaration, port_base(running))

    assert (applied.exit_code, applied.stderr) == (0, "")
    assert applied.stdout.splitlines()[1:] == [
        "taken up by what runs: proxy, publisher",
        "starts or stops with the next `testbed up`: portal",
    ]
    assert httpx.get(f"{running.origins.portal}/readyz", trust_env=False).status_code == 200


def test_leaves_a_testbed_on_other_ports_alone(running: LocalStack) -> None:
    """Its addresses must not change under it: nothing is written."""
    before = (running.state / "proxy/config.json").read_bytes()

    applied = apply(running, stacks.SHIPPED, port_base(running) + 4)

    assert applied.exit_code == 2
    assert applied.stderr == (
        f"a testbed runs from {running.state} with --port-base {port_base(running)}, "
        f"got --port-base {port_base(running) + 4}; "
        f"say --port-base {port_base(running)}, or stop it by `testbed down`\n"
    )
    assert (running.state / "proxy/config.json").read_bytes() == before
