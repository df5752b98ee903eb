# SPDX-License-Identifier: Apache-2.0
"""Why a login that is under way at the proxy goes no further: its state, and the person it brought."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import before_verified, told_the_service

STATE_REASONS: Final = (
    before_verified("login-not-found", "There is no login in progress in this browser under that name.", "design 7"),
    before_verified("login-expired", "The login in progress is older than fifteen minutes.", "design 7"),
    before_verified("login-state-altered", "The login's state cookie was altered.", "design 7"),
    before_verified("source-unknown", "There is no such source to choose.", "facts-mpassid 8"),
    told_the_service("store-unavailable", "The proxy's shared store cannot be reached.", "design 7"),
)

PERSON_REASONS: Final = (
    told_the_service("learner-id-missing", "The education provider sends no learner id.", "facts-mpassid 2"),
    told_the_service(
        "learner-id-invalid",
        "The learner id is not of the form 1.2.246.562.24 or .98 and eleven digits.",
        "facts-mpassid 2",
    ),
    told_the_service(
        "test-learner-id-not-allowed", "The service does not take learner ids of test persons.", "facts-mpassid 2"
    ),
    told_the_service("school-of-another-provider", "A school code belongs to another education provider.", "design 6"),
)
