# SPDX-License-Identifier: Apache-2.0
"""What stops a login at the proxy (design 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from federation.gates import PersonRules, SourceGate, check_person, check_source
from federation.loader import loads
from federation.reasons import Refusal
from tests.builders.declarations import declaration
from tests.builders.people import MANSIKKALA, PUPIL, REGISTRY

DEFAULT = PersonRules()


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        pytest.param(SourceGate("kunta", mpass=True, allowed_services="all"), None, id="every service is allowed"),
        pytest.param(SourceGate("kunta", mpass=True, allowed_services=("portal", "publisher")), None, id="this one is"),
        pytest.param(
            SourceGate("kunta", mpass=True, allowed_services=("portal",)),
            Refusal("service-not-allowed", found="publisher", expected="portal"),
            id="only another is",
        ),
        pytest.param(
            SourceGate("kunta", mpass=False, allowed_services=("portal",)),
            Refusal("source-not-available", found="kunta"),
            id="a provider that has not joined is not available, whatever it allows",
        ),
    ],
)
def test_checks_the_source(gate: SourceGate, expected: Refusal | None) -> None:
    """A provider must have joined MPASSid and allow the service."""
    assert check_source(gate, "publisher") == expected


@pytest.mark.parametrize("learner_id", ["1.2.246.562.24.20000000018", "1.2.246.562.98.10000000314"])
def test_lets_a_learner_id_through(learner_id: str) -> None:
    """Classes 24 and 98 pass by default; the check digit is not enforced."""
    assert check_person(replace(PUPIL, learner_id=learner_id), MANSIKKALA, REGISTRY, DEFAULT) is None


@pytest.mark.parametrize("learner_id", [None, "", "  "])
def test_refuses_a_missing_learner_id(learner_id: str | None) -> None:
    """Without a learner id the login stops."""
    refusal = check_person(replace(PUPIL, learner_id=learner_id), MANSIKKALA, REGISTRY, DEFAULT)

    assert refusal == Refusal("learner-id-missing")


@pytest.mark.parametrize(
    "learner_id",
    [
        pytest.param("1.2.246.562.98.1000000031", id="ten digits"),
        pytest.param("1.2.246.562.98.100000003144", id="twelve digits"),
        pytest.param("1.2.246.562.99.10000000314", id="an organisation's class"),
        pytest.param("1.2.246.562.24.1000000031X", id="a letter"),
        pytest.param("1x2.246.562.24.10000000314", id="no dot"),
        pytest.param("1.2.246.562.24.10000000314;1.2.246.562.24.10000000314", id="two ids"),
        pytest.param("1.2.246.562.24.1000000031٤", id="a digit of another script"),
        pytest.param("prefix 1.2.246.562.24.10000000314", id="something before it"),
    ],
)
def test_refuses_an_invalid_learner_id(learner_id: str) -> None:
    """Another form stops the login, and the refusal does not repeat the id."""
    refusal = check_person(replace(PUPIL, learner_id=learner_id), MANSIKKALA, REGISTRY, DEFAULT)

    assert refusal == Refusal("learner-id-invalid", expected="1.2.246.562.24 or 1.2.246.562.98, a dot and 11 digits")


def test_refuses_a_test_person_where_the_service_says_so() -> None:
    """The production rule: class 98 is let through only to a service that takes it."""
    rules = PersonRules(allow_test_learner_ids=False)
    real = replace(PUPIL, learner_id="1.2.246.562.24.20000000018")

    assert check_person(PUPIL, MANSIKKALA, REGISTRY, rules) == Refusal(
        "test-learner-id-not-allowed", found="class 98", expected="class 24"
    )
    assert check_person(real, MANSIKKALA, REGISTRY, rules) is None


def test_takes_a_school_of_another_provider_by_default() -> None:
    """The registry is national: a school elsewhere is no reason to stop."""
    assert check_person(replace(PUPIL, school_codes=("30076", "04647")), MANSIKKALA, REGISTRY, DEFAULT) is None


@pytest.mark.parametrize(
    ("school_codes", "refused"),
    [
        pytest.param(("30076", "30077"), False, id="its own school and office"),
        pytest.param(("30076", "99999"), False, id="an unknown code is nobody's"),
        pytest.param(("04647",), True, id="another provider's"),
        pytest.param(("30076;04647",), True, id="another provider's, joined to its own"),
        pytest.param(("1.2.246.562.99.00000000021",), True, id="another provider's by OID"),
    ],
)
def test_refuses_a_school_of_another_provider_when_strict(school_codes: tuple[str, ...], *, refused: bool) -> None:
    """With `strict_school_ownership` every known school must be the source's own."""
    home = replace(PUPIL, school_codes=school_codes)

    refusal = check_person(home, MANSIKKALA, REGISTRY, PersonRules(strict_school_ownership=True))

    assert refusal == (
        Refusal("school-of-another-provider", found="1.2.246.562.99.00000000020", expected="1.2.246.562.99.00000000001")
        if refused
        else None
    )


def test_does_not_stop_a_person_without_a_user_id() -> None:
    """No source of the uid: the login goes on with no attributes, and the service refuses."""
    assert check_person(replace(PUPIL, user_id=None), MANSIKKALA, REGISTRY, DEFAULT) is None


def test_takes_its_rules_from_the_declaration() -> None:
    """Gate and rules are those of the declared provider, service and federation."""
    federation = loads(declaration("receives: [uid]}", "receives: [uid], allow_test_learner_ids: false}"), "file")
    provider = federation.education_providers["kuusikoski"]

    assert SourceGate.of("kuusikoski", provider) == SourceGate(
        "kuusikoski", mpass=True, allowed_services=("publisher",)
    )
    assert PersonRules.of(federation.services["portal"], federation.rules) == PersonRules(
        allow_test_learner_ids=False, strict_school_ownership=False
    )
