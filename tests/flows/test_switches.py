# SPDX-License-Identifier: Apache-2.0
"""The federation's switches: each names the other behaviour where documents, code and practice disagree."""

from __future__ import annotations

import pytest

from certs.keys import Keys
from federation.model import Federation, Rules
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from tests.builders import stacks


def with_rules(**switches: bool) -> Federation:
    """Return the shipped federation with these switches on."""
    return stacks.shipped_federation().model_copy(update={"rules": Rules(**switches)})


def log_in(keys: Keys, federation: Federation, person: str) -> LoginResult:
    """Log a person in on a stack of that federation."""
    with stacks.in_process(federation, keys) as stack:
        return login(stack, LoginPlan(find_person(federation, person), "publisher"))


@pytest.mark.parametrize(
    ("switches", "schools"),
    [
        pytest.param({}, ("30076", "30079"), id="every value of an attribute"),
        pytest.param({"first_value_only": True}, ("30076",), id="the first value only"),
    ],
)
def test_reads_the_values_that_the_switch_says(keys: Keys, switches: dict[str, bool], schools: tuple[str, ...]):
    """A teacher's second school is lost where only the first AttributeValue is read."""
    assert log_in(keys, with_rules(**switches), "demo_u0041").schools == schools


def test_knows_no_school_while_the_registry_is_down(keys: Keys):
    """A lookup that fails is an unknown school: the login goes on with less data (facts-mpassid 10)."""
    result = log_in(keys, with_rules(registry_down=True), "demo_u0001")

    assert (result.outcome, result.at, result.because) == ("refused", "publisher", "no-school-data")
    assert result.attributes["given_name"] == ["Testi1"]
    assert not result.attributes.keys() & {"school_info", "role", "education_provider_info"}


@pytest.mark.parametrize("sign", ["both", "response", "assertion"])
def test_signs_what_the_service_is_declared_to_get(keys: Keys, sign: str):
    """The publisher demands just the signatures that the declaration names, and gets them."""
    federation = stacks.shipped_federation()
    publisher = federation.services["publisher"].model_copy(update={"sign": sign})
    signed = federation.model_copy(update={"services": {**federation.services, "publisher": publisher}})

    assert log_in(keys, signed, "demo_u0001").outcome == "session"
