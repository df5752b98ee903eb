# SPDX-License-Identifier: Apache-2.0
"""What the person at the browser sees of a refusal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from federation.model import LANGUAGES, Language
from federation.reasons import REASONS, Refusal
from proxy.pages import ProxyPages
from proxy.pages.refusals import http_status

PAGES = ProxyPages(lambda: datetime(2026, 8, 11, 8, 0, tzinfo=UTC), ["https://publisher.localhost"])
PROXY_REASONS = sorted(reason.id for reason in REASONS.values() if reason.at == "proxy")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason_id", PROXY_REASONS)
def test_names_the_reason_for_whoever_solves_it(reason_id: str, language: Language):
    """Every reason has a page in every language, with its id and the request's among the folded details."""
    response = PAGES.refusal(language, Refusal(reason_id), "_abc")

    html = response.message.decode()
    assert f'<html lang="{language}">' in html
    assert f'<dd data-field="reason">{reason_id}</dd>' in html
    assert '<dd data-field="request-id">_abc</dd>' in html


@pytest.mark.parametrize("reason_id", PROXY_REASONS)
def test_answers_with_a_client_error(reason_id: str):
    """A refusal is never a success and never an internal error; the store's own fault is 503."""
    status = http_status(reason_id)

    assert status.startswith("503") if reason_id == "store-unavailable" else status.startswith("4")


def test_keeps_what_was_found_off_the_page():
    """What a peer sent is for the log: it never reaches the page, escaped or not."""
    response = PAGES.refusal("en", Refusal("service-unknown", found="<script>alert(1)</script>"), None)

    assert b"alert" not in response.message


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(PAGES.not_found("fi"), "404 Not Found", id="an address it does not have"),
        pytest.param(PAGES.bad_request("fi"), "400 Bad Request", id="a request that cannot be read"),
        pytest.param(PAGES.method_not_allowed("fi", ("POST",)), "405 Method Not Allowed", id="a method it lacks"),
    ],
)
def test_has_a_page_for_plain_http_faults(answer: object, status: str):
    """Even a wrong address gets a page with a heading and a way on."""
    assert answer.status == status
    assert b"<h1>" in answer.message


def test_says_which_methods_an_address_answers():
    """405 carries the Allow header (RFC 9110 15.5.6)."""
    assert ("Allow", "GET, HEAD") in PAGES.method_not_allowed("fi", ("GET", "HEAD")).headers
