# SPDX-License-Identifier: Apache-2.0
"""By which name a person's values arrive: one map of registry field to attribute name per integration (facts-mpassid 7).

A kind has names of its own, the declaration overrides them one by one. The identity provider simulators send by this
map and the proxy reads by it; what arrives under another name goes no further.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from federation.attributes import HOME_ATTRIBUTES
from federation.model import AttributeNames, IdentityProvider, IdpKind

_XMLSOAP: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_WINDOWS: Final = "http://schemas.microsoft.com/ws/2008/06/identity/claims/"
_EXTENSION: Final = "http://schemas.microsoft.com/identity/claims/extn."
_LOCAL: Final = "urn:mpass.id:claims:"

GROUPS_CLAIM: Final = f"{_WINDOWS}groups"
"""What Entra ID sends the ids of a person's groups by."""

KIND_NAMES: Final[Mapping[IdpKind, Mapping[str, str]]] = {
    IdpKind.SAML: HOME_ATTRIBUTES,
    IdpKind.ENTRA: {
        "given_name": f"{_XMLSOAP}givenname",
        "surname": f"{_XMLSOAP}surname",
        "nickname": f"{_EXTENSION}nickName",
        "groups": f"{_EXTENSION}class",
        "class_level": f"{_EXTENSION}classLevel",
        "school_codes": f"{_EXTENSION}schoolCode",
        "roles": f"{_WINDOWS}role",
        "learner_id": f"{_EXTENSION}learnerId",
        "charges": f"{_EXTENSION}learningMaterialsCharge",
        "user_id": f"{_XMLSOAP}name",
    },
    IdpKind.ADFS: {
        "given_name": f"{_XMLSOAP}givenname",
        "surname": f"{_XMLSOAP}surname",
        "nickname": f"{_LOCAL}nickName",
        "groups": f"{_LOCAL}class",
        "class_level": f"{_LOCAL}classLevel",
        "school_codes": f"{_LOCAL}schoolCode",
        "roles": f"{_WINDOWS}role",
        "learner_id": f"{_LOCAL}learnerId",
        "charges": f"{_LOCAL}learningMaterialsCharge",
        "user_id": f"{_XMLSOAP}upn",
    },
    IdpKind.GOOGLE: HOME_ATTRIBUTES,
    IdpKind.WILMA: {
        "given_name": "firstName",
        "surname": "lastName",
        "nickname": "nickName",
        "groups": "roles.group",
        "class_level": "classLevel",
        "school_codes": "roles.school",
        "roles": "roles.role",
        "learner_id": "learnerId",
        "charges": "learningMaterialsCharge",
        "user_id": "cryptid",
    },
    IdpKind.OPINSYS: {
        "given_name": "first_name",
        "surname": "last_name",
        "nickname": "nickname",
        "groups": "schools.groups.name",
        "class_level": "class_level",
        "school_codes": "schools.code",
        "roles": "schools.roles",
        "learner_id": "learner_id",
        "charges": "learning_materials_charge",
        "user_id": "uid_source",
    },
}
"""The names of each kind: claim URIs where the product has them, the registry's default names otherwise.

Of a kind that speaks no SAML they are the fields of its data service's JSON, dots for what lies inside (home-protocols 2 and 3).
"""


def home_names(idp: IdentityProvider) -> dict[str, str]:
    """Return the attribute name of every registry field at this integration."""
    names = dict(KIND_NAMES[idp.kind])
    if idp.student_group or idp.teacher_group:
        names["roles"] = GROUPS_CLAIM
    return names | {field: name for field, name in _overrides(idp.attribute_names).items() if name is not None}


def _overrides(names: AttributeNames) -> dict[str, str | None]:
    return {field: getattr(names, field) for field in AttributeNames.model_fields}
