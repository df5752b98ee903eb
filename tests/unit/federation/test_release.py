# SPDX-License-Identifier: Apache-2.0
"""What a service receives."""

from __future__ import annotations

from federation.release import release

VALUES = {"uid": ("MPASSOID.1",), "surname": ("Oppilas1",), "role": ("a", "b"), "nickname": ()}


def test_releases_exactly_what_a_service_receives() -> None:
    """Only declared attributes go out, with all of their values."""
    assert release(VALUES, ("role", "uid")) == {"uid": ("MPASSOID.1",), "role": ("a", "b")}


def test_releases_nothing_to_a_service_that_receives_nothing() -> None:
    """No declared attribute, no value."""
    assert release(VALUES, ()) == {}


def test_releases_no_attribute_without_a_value() -> None:
    """What a person does not have is absent, never empty."""
    assert release(VALUES, ("nickname", "learner_id")) == {}
