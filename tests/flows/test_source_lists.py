# SPDX-License-Identifier: Apache-2.0
"""The lists that services build their own pickers from (facts-mpassid 8)."""

from __future__ import annotations

from typing import Any

import pytest

from testbed.stacks.in_process import InProcessStack


def ask(stack: InProcessStack, name: str, method: str = "GET", **query: str) -> tuple[int, Any]:
    """Return status and JSON of one of the lists."""
    with stack.client() as browser:
        response = browser.request(method, f"{stack.origins.proxy}/idp/profile/api/{name}", params=query)
    return response.status_code, response.json()


def test_lists_the_sources_that_have_joined(in_process: InProcessStack):
    """A source stands there by its flow name, with its title in the asked language; one that has not joined does not."""
    status, answer = ask(in_process, "authnsources", lang="sv")

    assert status == 200
    assert answer["lang"] == "SV"
    assert answer["response"][0] == {
        "id": "ShibMansikkala",
        "title": "Jordgubbsby testkommun",
        "tags": [],
        "iconUrl": "https://mpass.localhost/images/buttons/ShibMansikkala.svg",
        "directRegistryConnection": False,
        "supportsForced": True,
        "supportsPassive": False,
    }
    outsiders = [key for key, provider in in_process.federation.education_providers.items() if not provider.mpass]
    assert outsiders
    listed = " ".join(source["id"].lower() for source in answer["response"])
    assert not any(key in listed for key in outsiders)


def test_names_an_icon_that_is_there(in_process: InProcessStack):
    """Every address it tells answers."""
    _, answer = ask(in_process, "authnsources")
    with in_process.client() as browser:
        icon = browser.get(answer["response"][0]["iconUrl"])

    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")


def test_lists_the_services(in_process: InProcessStack):
    """A service stands there by its own name and address."""
    status, answer = ask(in_process, "services", lang="en")

    assert status == 200
    assert [service["id"] for service in answer["response"]] == list(in_process.federation.services)


@pytest.mark.parametrize(
    ("name", "method", "query", "expected"),
    [
        pytest.param(
            "authnsources",
            "POST",
            {},
            (405, {"code": 405, "message": "POST not allowed", "fields": "Only GET is allowed"}),
            id="another method than GET",
        ),
        pytest.param(
            "authnsources",
            "GET",
            {"lang": "de"},
            (400, {"code": 400, "message": "Unsupported language", "fields": "lang"}),
            id="a language that is not offered",
        ),
        pytest.param(
            "authntags",
            "GET",
            {},
            (501, {"code": 501, "message": "Nothing to tell here", "fields": ""}),
            id="tags where none is declared",
        ),
    ],
)
def test_answers_errors_as_documented(
    in_process: InProcessStack, name: str, method: str, query: dict[str, str], expected: tuple[int, dict[str, Any]]
):
    """Errors are JSON too, with the documented status."""
    assert ask(in_process, name, method, **query) == expected
