# SPDX-License-Identifier: Apache-2.0
"""What a declaration may say of an identity provider of one kind only."""

from __future__ import annotations

import pytest

from tests.builders.declarations import declaration, problems_of

IDP = "idp: {kind: saml}\n    allowed_services"
HERE = "line 14  education_providers.kuusikoski.idp"
GROUP = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0001"


@pytest.mark.parametrize(
    ("idp", "problem"),
    [
        pytest.param("{kind: adfs, signs: response}", ".signs: is for kind google only, and this is adfs; remove it", id="signs at adfs"),
        pytest.param("{kind: saml, rollover: true}", ".rollover: is for kind adfs only, and this is saml; remove it", id="a rollover at saml"),
        pytest.param('{kind: google, secret_expires: "2026-12-31"}', ".secret_expires: is for kind entra only, and this is google; remove it", id="a secret at google"),
        pytest.param('{kind: adfs, fixed_school_code: "04647"}', ".fixed_school_code: is for kind entra only, and this is adfs; remove it", id="a fixed school at adfs"),
        pytest.param(f"{{kind: saml, student_group: {GROUP}}}", ".student_group: is for kind entra only, and this is saml; remove it", id="a group at saml"),
        pytest.param("{kind: adfs, rollover: true, metadata: own.xml}", ".rollover: shapes a simulated one, and this is your own, by `metadata`; remove it", id="a rollover of one's own"),
        pytest.param('{kind: entra, fixed_school_code: "04648"}', '.fixed_school_code: no school "04648"; did you mean "04647"?', id="a fixed school that does not exist"),
        pytest.param(f"{{kind: entra, student_group: {GROUP}, teacher_group: {GROUP}}}", f'.teacher_group: got "{GROUP}", as student_group has; a group stands for one role', id="one group for two roles"),
        pytest.param("{kind: entra, student_group: pupils}", '.student_group: got "pupils", expected the id of a group: 32 hexadecimal digits in lower case, as 8-4-4-4-12', id="a group by its name"),
        pytest.param("{kind: entra, secret_expires: 2026-12-31}", '.secret_expires: got the date 2026-12-31, expected a string; quote it: "2026-12-31"', id="a day without quotes"),
        pytest.param('{kind: entra, secret_expires: "31.12.2026"}', '.secret_expires: got "31.12.2026", expected a day such as 2026-12-31, in quotes', id="a day in the Finnish form"),
        pytest.param("{kind: google, signs: both}", '.signs: got "both", expected one of response, assertion', id="signs both"),
        pytest.param("{kind: saml, attribute_names: {learnerid: x}}", '.attribute_names.learnerid: no key "learnerid" here; did you mean "learner_id"?', id="a name of an unknown field"),
        pytest.param('{kind: saml, attribute_names: {learner_id: "a b"}}', '.attribute_names.learner_id: got "a b", expected the name of an attribute: ASCII without spaces, at most 256 long', id="a name with a space"),
        pytest.param("{kind: saml, attribute_names: {learner_id: userRole}}", '.attribute_names.learner_id: got "userRole", which is the name of roles too; give each its own', id="a name that another field has"),
        pytest.param("{kind: saml, attribute_names: {learner_id: x, roles: x}}", '.attribute_names.roles: got "x", which is the name of learner_id too; give each its own', id="one name twice"),
        pytest.param("{kind: azure}", '.kind: got "azure", expected one of saml, entra, adfs, google, wilma, opinsys', id="a kind that does not exist"),
        pytest.param("{kind: wilma, metadata: own.xml}", ".metadata: is for kinds that speak SAML, and this is wilma: its own protocol has none, and it is simulated; remove it", id="a Wilma of one's own"),
        pytest.param("{kind: opinsys, attribute_names: {learner_id: x}}", ".attribute_names: is for kinds that speak SAML, and this is opinsys: its data service has field names of its own; remove it", id="names of attributes at Opinsys"),
        pytest.param("{kind: wilma, rollover: true}", ".rollover: is for kind adfs only, and this is wilma; remove it", id="a rollover at Wilma, which has no key"),
        pytest.param("{kind: opinsys, signs: response}", ".signs: is for kind google only, and this is opinsys; remove it", id="signs at Opinsys"),
    ],
)  # fmt: skip
def test_says_what_does_not_go_with_the_kind(idp: str, problem: str) -> None:
    """Each is one problem, at its line and place."""
    assert problems_of(declaration(IDP, f"idp: {idp}\n    allowed_services")) == [f"{HERE}{problem}"]


@pytest.mark.parametrize(
    "idp",
    [
        f'{{kind: entra, fixed_school_code: "04647", student_group: {GROUP}, secret_expires: "2026-12-31"}}',
        "{kind: wilma}",
        "{kind: opinsys}",
        "{kind: adfs, rollover: true}",
        "{kind: google, signs: response}",
        "{kind: saml, attribute_names: {learner_id: userRole, roles: learnerId}}",
        "{kind: adfs, metadata: own.xml, attribute_names: {learner_id: oppijanumero}}",
        f'{{kind: entra, metadata: own.xml, teacher_group: {GROUP}, secret_expires: "2026-12-31"}}',
    ],
)
def test_takes(idp: str) -> None:
    """What goes with the kind is no problem."""
    assert problems_of(declaration(IDP, f"idp: {idp}\n    allowed_services")) == []
