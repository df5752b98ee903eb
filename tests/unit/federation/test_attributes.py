# SPDX-License-Identifier: Apache-2.0
"""The table of attributes (facts-mpassid 2)."""

from __future__ import annotations

from federation.attributes import ATTRIBUTES, HOME_ATTRIBUTES
from federation.model import Person


def test_has_the_documented_names() -> None:
    """SAML name, friendly name, OpenID Connect claim and multiplicity are those of data model 1.4."""
    assert [
        (attribute.name, attribute.saml_name, attribute.friendly_name, attribute.oidc_claim, attribute.is_multivalued)
        for attribute in ATTRIBUTES
    ] == [
        ("uid", "urn:mpass.id:uid", "mpassUsername", "urn:mpass.id:uid", False),
        ("given_name", "urn:oid:2.5.4.42", "givenName", "given_name", False),
        ("surname", "urn:oid:2.5.4.4", "sn", "family_name", False),
        ("nickname", "urn:mpass.id:nickname", "nickname", "urn:mpass.id:nickname", False),
        (
            "learner_id",
            "urn:oid:1.3.6.1.4.1.16161.1.1.27",
            "learnerId",
            "urn:oid:1.3.6.1.4.1.16161.1.1.27",
            False,
        ),
        ("school_info", "urn:mpass.id:schoolInfo", "mpassSchoolInfo", "urn:mpass.id:schoolInfo", True),
        (
            "education_provider_info",
            "urn:mpass.id:educationProviderInfo",
            "mpassEducationProviderInfo",
            "urn:mpass.id:educationProviderInfo",
            True,
        ),
        ("role", "urn:mpass.id:role", "mpassRole", "urn:mpass.id:role", True),
        ("class_level", "urn:mpass.id:classLevel", "mpassClassLevel", "urn:mpass.id:classLevel", False),
        (
            "learning_materials_charge",
            "urn:mpass.id:learningMaterialsCharge",
            "mpassLearningMaterialsCharge",
            "urn:mpass.id:learningMaterialsCharge",
            True,
        ),
        ("original_issuer", "urn:mpass.id:originalIssuer", "originalIssuer", "urn:mpass.id:originalIssuer", False),
    ]


def test_names_every_field_of_a_person_for_a_home_idp() -> None:
    """Whatever a registry holds has a name that a home IdP sends it by; a note is for people, `mpass_data` for the login page."""
    assert set(HOME_ATTRIBUTES) == set(Person.model_fields) - {"note", "mpass_data"}
