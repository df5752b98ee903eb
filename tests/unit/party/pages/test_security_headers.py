# SPDX-License-Identifier: Apache-2.0
"""The headers every page goes out with."""

import pytest

from party.pages import headers


def test_a_page_may_load_and_send_only_within_its_origin() -> None:
    """The whole list, so that a change of policy shows."""
    assert headers() == [
        (
            "Content-Security-Policy",
            (
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
                "frame-ancestors 'none'; form-action 'self'"
            ),
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ]


def test_a_form_may_lead_to_the_named_origins() -> None:
    """Picker to identity provider, proxy to service: each origin once."""
    policy = dict(headers(["http://localhost:8001", "https://idp.localhost:8443", "http://localhost:8001"]))

    assert policy["Content-Security-Policy"].endswith(
        "form-action 'self' http://localhost:8001 https://idp.localhost:8443"
    )


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https:",
        "https://a.example/path",
        "https://a.example; script-src *",
        "https://a.example\r\nX: y",
        "javascript:alert(1)",
        "https://A.example",
        "'unsafe-inline'",
        "",
    ],
)
def test_refuses_what_is_no_origin(origin: str) -> None:
    """Addresses come from other people's metadata and must not write policy."""
    with pytest.raises(ValueError, match="expected an origin"):
        headers([origin])
