# SPDX-License-Identifier: Apache-2.0
"""The catalogues of the identity provider's pages."""

from party.pages import catalogue_problems


def test_says_everything_in_three_languages():
    """No message is missing, unused or different in its placeholders."""
    assert catalogue_problems("idp_simulators") == []
