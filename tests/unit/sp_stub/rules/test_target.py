# SPDX-License-Identifier: Apache-2.0
"""Where a login may lead back to."""

from __future__ import annotations

import pytest

from sp_stub.rules.target import local_target

ATTACKS = {
    "nothing": None,
    "empty": "",
    "another host": "https://evil.example/materials",
    "a host without a scheme": "//evil.example/materials",
    "a host behind a backslash": "/\\evil.example",
    "a backslash in the path": "/materials\\..\\evil",
    "a host behind a tab": "/\t/evil.example",
    "a line break": "/materials\r\nLocation: https://evil.example",
    "a script": "javascript:alert(1)",
    "a relative path": "materials",
    "a path that only begins alike": "/materialsx",
    "dot segments": "/materials/../kirjaudu/mpassid",
    "encoded dot segments": "/materials/%2e%2e/kirjaudu/mpassid",
    "half-encoded dot segments": "/materials/.%2E/kirjaudu/mpassid",
    "a login that leads to itself": "/kirjaudu/mpassid",
    "letters beyond ASCII": "/materials/ä",
    "a space": "/materials/a b",
    "a very long path": "/materials/" + "a" * 1000,
    "a credential": "/@evil.example",
}


@pytest.mark.parametrize("asked", ATTACKS.values(), ids=ATTACKS.keys())
def test_leads_to_the_materials_instead_of(asked: str | None):
    """Whatever is no path of the materials becomes the materials page."""
    assert local_target(asked) == "/materials"


@pytest.mark.parametrize(
    "asked",
    ["/materials", "/materials?x=1", "/materials/matikka-9", "/materials/matikka-9?y=z&u=//x", "/materials/%C3%A4"],
)
def test_keeps_a_path_of_the_materials(asked: str):
    """A deep link survives with its query."""
    assert local_target(asked) == asked
