# SPDX-License-Identifier: Apache-2.0
"""Which education providers' secrets have expired or should be renewed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from federation.endpoints import Endpoints, Origins
from federation.gates import SourceGate
from proxy.configuration import configuration
from testbed.expiring_secrets import Secret, secret_state, secrets_in_use
from tests.builders.stacks import shipped_federation


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        pytest.param("2026-08-11", "expired", id="yesterday"),
        pytest.param("2026-08-12", "expires-soon", id="today is the last day"),
        pytest.param("2026-08-18", "expires-soon", id="within a week"),
        pytest.param("2026-08-19", "ok", id="in a week"),
        pytest.param("2027-01-01", "ok", id="next year"),
    ],
)
def test_tells_how_long_a_secret_holds(expires: str, state: str) -> None:
    """It holds through its last day, and should be renewed a week ahead."""
    gate = SourceGate("kunta", mpass=True, allowed_services="all", secret_expires=expires)

    assert secret_state(gate, date(2026, 8, 12)) == state


def test_finds_the_secrets_that_the_proxy_knows(tmp_path: Path) -> None:
    """Only providers that have a secret are listed, in the order of the declaration."""
    federation = shipped_federation()
    rendered = configuration(federation, Endpoints(Origins.local()), (), federation.education_providers)
    (tmp_path / "proxy").mkdir()
    (tmp_path / "proxy" / "config.json").write_bytes(rendered.to_bytes())

    assert secrets_in_use(tmp_path, date(2026, 8, 12)) == (
        Secret("suvantojoki", "2099-12-31", "ok"),
        Secret("hiidenlampi", "2025-12-31", "expired"),
    )


@pytest.mark.parametrize("content", [None, b"{", b"{}"])
def test_finds_none_where_the_configuration_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    """A proxy without a usable configuration says so itself."""
    if content is not None:
        (tmp_path / "proxy").mkdir()
        (tmp_path / "proxy" / "config.json").write_bytes(content)

    assert secrets_in_use(tmp_path, date(2026, 8, 12)) == ()


def test_says_what_to_do() -> None:
    """An engineer reads the day and the consequence."""
    advice = [Secret("kunta", "2025-12-31", state).advice for state in ("expired", "expires-soon", "ok")]

    assert advice == [
        "its secret expired on 2025-12-31: nobody of it signs in until it is renewed",
        "its secret expires on 2025-12-31: renew it now, or nobody of it signs in afterwards",
        "",
    ]
