# SPDX-License-Identifier: Apache-2.0
"""What holds for every page of the identity providers."""

import pytest

from party.pages import catalogue_problems
from tests.builders.homes import home


def test_says_everything_in_three_languages():
    """No message is missing, unused or different in its placeholders."""
    assert catalogue_problems("idp_simulators") == []


@pytest.mark.parametrize("path", ["/", "//", "/mansikkala//sso", "/mansikkala//login", "/mansikkala/metadata/"])
def test_builds_no_address_from_the_host_it_is_asked_by(path: str) -> None:
    """A foreign Host header comes back in no redirect and on no page."""
    answer = home().client.get(path, headers={"Host": "evil.example"})

    assert "evil.example" not in answer.headers.get("location", "")
    assert "evil.example" not in answer.text
