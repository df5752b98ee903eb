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


def _single(name: str, saml_name: str, friendly_name: str, source: str, oidc_claim: str = "") -> Attribute:
    """Return an attribute with at most one value; its claim is its SAML name unless OpenID Connect has its own."""
    return Attribute(name, saml_name, friendly_name, oidc_claim or saml_name, is_multivalued=False, source=source)


def _multiple(name: str, saml_name: str, friendly_name: str, source: str) -> Attribute:
    """Return an attribute with a value for each school."""
    return Attribute(name, saml_name, friendly_name, saml_name, is_multivalued=True, source=source)


ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    _single("uid", "urn:mpass.id:uid", "mpassUsername", "proxy, hash per source"),
    _single("given_name", "urn:oid:2.5.4.42", "givenName", _PROVIDER, oidc_claim="given_name"),
    _single("surname", "urn:oid:2.5.4.4", "sn", _PROVIDER, oidc_claim="family_name"),
    _single("nickname", "urn:mpass.id:nickname", "nickname", _PROVIDER),
    _single("learner_id", "urn:oid:1.3.6.1.4.1.16161.1.1.27", "learnerId", _PROVIDER),
    _multiple("school_info", "urn:mpass.id:schoolInfo", "mpassSchoolInfo", _REGISTRY),
    _multiple("education_provider_info", "urn:mpass.id:educationProviderInfo", "mpassEducationProviderInfo", _REGISTRY),
    _multiple("role", "urn:mpass.id:role", "mpassRole", _BOTH),
    _single("class_level", "urn:mpass.id:classLevel", "mpassClassLevel", _PROVIDER),
    _multiple(
        "learning_materials_charge", "urn:mpass.id:learningMaterialsCharge", "mpassLearningMaterialsCharge", _BOTH
    ),
    _single("original_issuer", "urn:mpass.id:originalIssuer", "originalIssuer", "proxy, the education provider's OID"),
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
