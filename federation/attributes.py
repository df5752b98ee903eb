# SPDX-License-Identifier: Apache-2.0
"""The attributes of MPASSid's data model 1.4, as one table (facts-mpassid 2).

`name` is what a declaration's `receives` and the JSON outputs use. Every attribute's NameFormat is `uri`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAME_FORMAT_URI: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"


@dataclass(frozen=True)
class Attribute:
    """One attribute as a service may receive it."""

    name: str
    saml_name: str
    friendly_name: str
    oidc_claim: str
    is_multivalued: bool
    source: str
    """Where its values come from: the education provider's registry, the organisation registry, the proxy."""


_PROVIDER: Final = "education provider"
_REGISTRY: Final = "organisation registry, by school code"
_BOTH: Final = "proxy, from the education provider's values and the organisation registry"

ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    Attribute("uid", "urn:mpass.id:uid", "mpassUsername", "urn:mpass.id:uid", False, "proxy, hash per source"),
    Attribute("given_name", "urn:oid:2.5.4.42", "givenName", "given_name", False, _PROVIDER),
    Attribute("surname", "urn:oid:2.5.4.4", "sn", "family_name", False, _PROVIDER),
    Attribute("nickname", "urn:mpass.id:nickname", "nickname", "urn:mpass.id:nickname", False, _PROVIDER),
    Attribute(
        "learner_id",
        "urn:oid:1.3.6.1.4.1.16161.1.1.27",
        "learnerId",
        "urn:oid:1.3.6.1.4.1.16161.1.1.27",
        False,
        _PROVIDER,
    ),
    Attribute("school_info", "urn:mpass.id:schoolInfo", "mpassSchoolInfo", "urn:mpass.id:schoolInfo", True, _REGISTRY),
    Attribute(
        "education_provider_info",
        "urn:mpass.id:educationProviderInfo",
        "mpassEducationProviderInfo",
        "urn:mpass.id:educationProviderInfo",
        True,
        _REGISTRY,
    ),
    Attribute("role", "urn:mpass.id:role", "mpassRole", "urn:mpass.id:role", True, _BOTH),
    Attribute(
        "class_level", "urn:mpass.id:classLevel", "mpassClassLevel", "urn:mpass.id:classLevel", False, _PROVIDER
    ),
    Attribute(
        "learning_materials_charge",
        "urn:mpass.id:learningMaterialsCharge",
        "mpassLearningMaterialsCharge",
        "urn:mpass.id:learningMaterialsCharge",
        True,
        _BOTH,
    ),
    Attribute(
        "original_issuer",
        "urn:mpass.id:originalIssuer",
        "originalIssuer",
        "urn:mpass.id:originalIssuer",
        False,
        "proxy, the education provider's OID",
    ),
)

BY_NAME: Final[dict[str, Attribute]] = {attribute.name: attribute for attribute in ATTRIBUTES}
BY_SAML_NAME: Final[dict[str, Attribute]] = {attribute.saml_name: attribute for attribute in ATTRIBUTES}

HOME_ATTRIBUTES: Final[dict[str, str]] = {
    "given_name": "firstName",
    "surname": "surname",
    "nickname": "nickName",
    "groups": "class",
    "class_level": "classLevel",
    "school_codes": "schoolCode",
    "roles": "userRole",
    "learner_id": "learnerId",
    "charges": "learningMaterialsCharge",
    "user_id": "mpassUserIdentity",
}
"""A registry field (`federation.model.Person`) and the name a home IdP sends it by, unless mapped (facts-mpassid 7)."""
