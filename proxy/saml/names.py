# SPDX-License-Identifier: Apache-2.0
"""The standard's names: namespaces, bindings, formats, as constants and nothing else.

A name in braces is the form that lxml gives tags in, so that `SAML + "Issuer"` is a tag.
"""

from __future__ import annotations

from typing import Final

ASSERTION_NAMESPACE: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL_NAMESPACE: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
SIGNATURE_NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
ENCRYPTION_NAMESPACE: Final = "http://www.w3.org/2001/04/xmlenc#"

SAML: Final = f"{{{ASSERTION_NAMESPACE}}}"
SAMLP: Final = f"{{{PROTOCOL_NAMESPACE}}}"
MD: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"
MDUI: Final = "{urn:oasis:names:tc:SAML:metadata:ui}"
DS: Final = f"{{{SIGNATURE_NAMESPACE}}}"
XENC: Final = f"{{{ENCRYPTION_NAMESPACE}}}"
XENC11: Final = "{http://www.w3.org/2009/xmlenc11#}"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"

REDIRECT_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
DEFLATE_ENCODING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"

BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
ENTITY_FORMAT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
PERSISTENT_FORMAT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT_FORMAT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
UNSPECIFIED_FORMAT: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

STATUS_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"

EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
EXCLUSIVE_C14N_WITH_COMMENTS: Final = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
ENVELOPED_SIGNATURE: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
