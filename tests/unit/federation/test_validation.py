# SPDX-License-Identifier: Apache-2.0
"""Checks of a declaration that look at more than one place."""

from __future__ import annotations

import pytest

from federation.validation import validation_problems
from federation.yaml_reader import read_document
from tests.builders.declarations import declaration, problems_of


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        pytest.param('code: "04647"', 'code: "30076"', 'line 17  education_providers.kuusikoski.schools[0].code: got "30076", which is also education_providers.mansikkala.schools[0].code on line 7; give each its own', id="two providers with one school code"),
        pytest.param('code: "30078"', 'code: "30076"', 'line 8  education_providers.mansikkala.schools[1].code: got "30076", which is also education_providers.mansikkala.schools[0].code on line 7; give each its own', id="one provider with one school code twice"),
        pytest.param("99.00000000021", "99.00000000002", 'line 17  education_providers.kuusikoski.schools[0].oid: got "1.2.246.562.99.00000000002", which is also education_providers.mansikkala.schools[0].oid on line 7; give each its own', id="two schools with one OID"),
        pytest.param("99.00000000020", "99.00000000001", 'line 13  education_providers.kuusikoski.oid: got "1.2.246.562.99.00000000001", which is also education_providers.mansikkala.oid on line 4; give each its own', id="two providers with one OID"),
        pytest.param("99.00000000021", "99.00000000020", 'line 17  education_providers.kuusikoski.schools[0].oid: got "1.2.246.562.99.00000000020", which is also education_providers.kuusikoski.oid on line 13; give each its own', id="a school with its provider's OID"),
        pytest.param("{fi: Kuusikosken koulu}", '{fi: "Kuusikoski; koulu"}', 'line 17  education_providers.kuusikoski.schools[0].name.fi: holds a ";", which would be read as two fields of a composite value; remove it', id="a separator in a school's name"),
        pytest.param("type: upper-secondary", "type: office", "line 8  education_providers.mansikkala.schools[1].office_of: is missing; an office says of which school it is one", id="an office of nothing"),
        pytest.param("type: upper-secondary", 'type: office, office_of: "30077"', 'line 8  education_providers.mansikkala.schools[1].office_of: no school "30077" of this education provider; did you mean "30076"?', id="an office of an unknown school"),
        pytest.param("type: upper-secondary", 'type: office, office_of: "30078"', 'line 8  education_providers.mansikkala.schools[1].office_of: no school "30078" of this education provider; did you mean "30076"?', id="an office of itself"),
        pytest.param("type: upper-secondary", 'type: office, office_of: "04647"', 'line 8  education_providers.mansikkala.schools[1].office_of: no school "04647" of this education provider; expected one of "30076"', id="an office of another provider's school"),
        pytest.param("type: upper-secondary", 'type: upper-secondary, office_of: "30076"', "line 8  education_providers.mansikkala.schools[1].office_of: only an office has it; remove it, or write type: office", id="a school that is also an office"),
        pytest.param("  kuusikoski:", "  mansikkala-:", "line 11  education_providers.mansikkala-: has the flow name ShibMansikkala, as mansikkala on line 2 has; choose another name", id="two providers with one flow name"),
        pytest.param("  kuusikoski:", "  static:", "line 11  education_providers.static: is an address of the simulators themselves; choose another name", id="a provider named like an address of the simulators"),
        pytest.param("allowed_services: [publisher]", 'colour: "#ffcc00"', 'line 15  education_providers.kuusikoski.colour: got "#ffcc00", which has a contrast of 1.4:1 with a light page, expected 4.5:1; choose a darker one', id="a colour that white cannot be read on"),
        pytest.param("allowed_services: [publisher]", "allowed_services: [publsher]", 'line 15  education_providers.kuusikoski.allowed_services[0]: no service "publsher"; did you mean "publisher"?', id="an allowed service that does not exist"),
        pytest.param("allowed_services: [publisher]", "allowed_services: []", "line 15  education_providers.kuusikoski.allowed_services: got an empty list; write all, or at least one service", id="an empty list of allowed services"),
        pytest.param("allowed_services: [publisher]", "allowed_services: [portal, portal]", 'line 15  education_providers.kuusikoski.allowed_services[1]: got "portal" again, first on line 15; remove it', id="an allowed service twice"),
        pytest.param("receives: [uid]", "receives: [uid, learnerId]", 'line 23  services.portal.receives[1]: no attribute "learnerId"; did you mean "learner_id"?', id="an attribute that does not exist"),
        pytest.param("simulated: portal", "simulated: publisher", 'line 23  services.portal.simulated: got "publisher", which services.publisher on line 22 is; keep one of them', id="two services that are one part"),
        pytest.param('activated_schools: ["30076"]', 'activated_schools: ["30078", "30077"]', 'line 27  publisher.activated_schools[1]: no school "30077"; did you mean "30078"?', id="an activated school that does not exist"),
        pytest.param('school: "30076"', 'school: "99999"', 'line 31  publisher.licences[0].school: no school "99999"; expected one of "04647", "30076", "30078"', id="a licence of a school that does not exist"),
        pytest.param("products: [aapinen]", "products: [apinen]", 'line 31  publisher.licences[0].products[0]: no product "apinen"; did you mean "aapinen"?', id="a product that does not exist"),
    ],
)  # fmt: skip
def test_says_what_does_not_fit_together(was: str, becomes: str, problem: str) -> None:
    """Each fault is one problem, with both places where two are concerned."""
    assert problems_of(declaration(was, becomes)) == [problem]


@pytest.mark.parametrize(
    "text", [b"education_providers: []", b"services: {publisher: 1}", b"publisher: {licences: 2}", b"- a"]
)
def test_passes_over_what_has_another_type(text: bytes) -> None:
    """What the model refuses anyway is no hindrance to these checks."""
    document, _ = read_document(text)
    assert document is not None

    assert validation_problems(document) == []


def test_never_checks_what_a_person_holds() -> None:
    """Unknown codes, foreign roles and broken ids are what a testbed is for."""
    people = '{learner_id: "x", school_codes: ["99999", "?"], roles: [Haltija], charges: ["7;8"], class_level: "-"}'

    assert problems_of(declaration("{given_name: Oona}", people)) == []
