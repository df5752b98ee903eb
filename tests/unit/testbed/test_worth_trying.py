# SPDX-License-Identifier: Apache-2.0
"""The three people that `up` suggests."""

from __future__ import annotations

from testbed.worth_trying import worth_trying
from tests.builders.stacks import shipped_federation


def test_suggests_three_people_of_the_shipped_federation():
    """One school, several schools with different licences, a refusal with error 105."""
    suggested = worth_trying(shipped_federation(), "publisher")

    assert [(str(each.person), each.shows) for each in suggested] == [
        ("mansikkala/demo_u0001", "one school"),
        ("mansikkala/demo_u0031", "several schools with different licences"),
        ("mansikkala/demo_u0034", "a school that the publisher refuses: error 105"),
    ]


def test_suggests_fewer_where_there_are_fewer():
    """A federation without people suggests nobody."""
    federation = shipped_federation()
    empty = {
        key: provider.model_copy(update={"people": {}}) for key, provider in federation.education_providers.items()
    }

    assert worth_trying(federation.model_copy(update={"education_providers": empty}), "publisher") == ()
