# SPDX-License-Identifier: Apache-2.0
"""Each trouble on purpose leaves the picture that it must, told by the run's report.

Four troubles share one run, because they concern different people: in the declaration of three education providers and
ten schools the publisher has not activated school 01881 of syysmaki, syysmaki signs SAML, vaahteranotko's contract goes
on, and hirvioja is left alone by all that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders.load_commands import begun, report, run_folder

pytestmark = pytest.mark.local

SMALL = ("--start", "--providers", "3", "--schools", "10", "--peak", "5", "--minutes", "0.4")
TROUBLES = (
    "activate-school:01881@0.2",
    "end-contract:vaahteranotko@0.2",
    "key-rollover:syysmaki@0.2",
    "idp-slow:hirvioja@0.6",
)
REFUSED_ANYWAY = {"abandoned", "learner-id-missing", "no-school-data"}
SLOW_SECONDS = 8.0


def endings(group: dict[str, Any]) -> set[str]:
    """Return how some people's logins ended, but for what ends so whatever is declared of schools and contracts."""
    return set(group["outcomes"]) - REFUSED_ANYWAY


def test_each_trouble_leaves_its_own_picture_and_no_login_is_lost(tmp_path: Path) -> None:
    """Who is of the activated school gets in, of the ended contract nobody, and a new key or a slow page costs nobody the login."""
    process = begun(tmp_path, "steady", *SMALL, *(word for trouble in TROUBLES for word in ("--trouble", trouble)))
    output, _ = process.communicate(timeout=150)

    found, folder = report(tmp_path), run_folder(tmp_path)
    seen = found["trouble"]
    slow = {record.provider for record in folder.records() if record.steps.get("home-page", 0.0) >= SLOW_SECONDS}
    assert (found["missing"], found["wrong_session"], found["failures"]) == (0, 0, []), output
    assert folder.read_run().invalid_because is None
    assert {each["what"]: (endings(each["own_before"]), endings(each["own_after"])) for each in seen} == {
        "activate-school": ({"school-not-activated"}, {"session"}),
        "end-contract": ({"session"}, {"contract-ended"}),
        "key-rollover": ({"session", "school-not-activated"}, {"session"}),
        "idp-slow": ({"session"}, {"session"}),
    }
    assert [each["others_after"]["wrong_outcome"] for each in seen] == [0, 0, 0, 0]
    assert slow == {"hirvioja"}
    assert (tmp_path / "load-testbed/keys/idp-syysmaki.next.key.pem").exists()
