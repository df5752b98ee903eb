# SPDX-License-Identifier: Apache-2.0
"""python3-saml's settings for one service, and its XML schema compiled once.

python3-saml 1.16 reads and compiles its schema on every response (`OneLogin_Saml2_XML.validate_xml`, 2 ms of the 4
a response costs) and has no setting for it. `onelogin.saml2.response` finds that class by its module's name, so the
name is bound to a subclass here, once, when this module is imported and before any request is served.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import onelogin.saml2.response
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from sp_stub.metadata import NAME_ID_TRANSIENT
from sp_stub.settings import Settings

SCHEMA_FOLDER: Final = Path(onelogin.saml2.response.__file__).parent / "schemas"
PROTOCOL_SCHEMA: Final = "saml-schema-protocol-2.0.xsd"


class XmlWithCompiledSchema(OneLogin_Saml2_XML):  # type: ignore[misc]  # python3-saml ships no types
    """python3-saml's XML functions, with the protocol schema compiled when this module is imported."""

    _schema: Final = etree.XMLSchema(file=str(SCHEMA_FOLDER / PROTOCOL_SCHEMA))
    _lock: Final = threading.Lock()

    @staticmethod
    def validate_xml(xml: etree._Element, schema: str, debug: bool = False) -> etree._Element | str:  # noqa: ARG004, FBT001, FBT002  # python3-saml's signature
        """Return `xml` when it follows the schema, else a word that says it doesn't, as python3-saml's own does.

        One thread at a time: lxml keeps the errors of a validation in the schema object.
        """
        if schema != PROTOCOL_SCHEMA:
            message = f"only {PROTOCOL_SCHEMA} is compiled, not {schema}"
            raise LookupError(message)
        with XmlWithCompiledSchema._lock:
            return xml if XmlWithCompiledSchema._schema.validate(xml) else "invalid_xml"


onelogin.saml2.response.OneLogin_Saml2_XML = XmlWithCompiledSchema


def toolkit_settings(settings: Settings) -> OneLogin_Saml2_Settings:
    """Return python3-saml's settings: strict, signed as declared, no algorithm that is deprecated.

    A login without attributes is a login (the proxy sends none where the uid has no source), and a NameID is not asked
    for: services key on uid or learner id (facts-mpassid 5).
    """
    endpoints = settings.config.endpoints
    document: dict[str, Any] = {  # python3-saml's own shape, as JSON
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": endpoints.entity_id,
            "assertionConsumerService": {"url": endpoints.acs_url, "binding": Constants.BINDING_HTTP_POST},
            "NameIDFormat": NAME_ID_TRANSIENT,
            "x509cert": settings.key_pair.certificate_pem.decode("ascii"),
            "privateKey": settings.key_pair.private_key_pem.decode("ascii"),
        },
        "idp": {
            "entityId": settings.login_service.entity_id,
            "singleSignOnService": {
                "url": settings.login_service.sso_redirect_url,
                "binding": Constants.BINDING_HTTP_REDIRECT,
            },
            "x509cert": settings.login_service.signing_certificates[0],
            "x509certMulti": {"signing": list(settings.login_service.signing_certificates)},
        },
        "security": {
            "authnRequestsSigned": True,
            "wantMessagesSigned": settings.config.sign != "assertion",
            "wantAssertionsSigned": settings.config.sign != "response",
            "wantNameId": False,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "signatureAlgorithm": Constants.RSA_SHA256,
            "digestAlgorithm": Constants.SHA256,
            "requestedAuthnContext": False,
            "allowSingleLabelDomains": True,
        },
    }
    return OneLogin_Saml2_Settings(document)
