# SPDX-License-Identifier: Apache-2.0
"""What tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from testbed.cli import main


@pytest.fixture
def run() -> Callable[..., Result]:
    """Run the command line in this process, stdout and stderr apart."""

    def run_with(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run_with


@pytest.fixture
def small_federation(tmp_path: Path) -> Path:
    """Write a declaration of one municipality and one service, quick to make keys for."""
    path = tmp_path / "federation.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


SMALL = """\
education_providers:
  mansikkala:
    name: {fi: Mansikkalan testi kunta}
    oid: "1.2.246.562.99.00000000001"
    idp: {kind: saml}
    schools:
      - {code: "30076", oid: "1.2.246.562.99.00000000002", name: {fi: Mansikkalan testi peruskoulu}, type: basic}
    people:
      demo_u0001: {learner_id: "1.2.246.562.98.10000000017", school_codes: ["30076"], roles: [Oppilas]}
services:
  publisher: {simulated: publisher, receives: [uid, learner_id, role]}
publisher:
  name: {fi: Kustantaja}
  contact: {mail: a@example.org, phone: "010 000 0000", hours: {fi: "10-14"}}
  activated_schools: ["30076"]
"""
