# SPDX-License-Identifier: Apache-2.0
"""python3-saml's error codes, as the checks of `federation.reasons`."""

from __future__ import annotations

from typing import Final

from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Fault

_CHECKS: Final[dict[int, str]] = {
    Fault.UNSUPPORTED_SAML_VERSION: "response-version-unsupported",
    Fault.MISSING_ID: "response-schema-invalid",
    Fault.WRONG_NUMBER_OF_ASSERTIONS: "assertion-repeated",
    Fault.MISSING_STATUS: "response-schema-invalid",
    Fault.MISSING_STATUS_CODE: "response-schema-invalid",
    Fault.STATUS_CODE_IS_NOT_SUCCESS: "status-not-success",
    Fault.WRONG_SIGNED_ELEMENT: "response-signature-form",
    Fault.ID_NOT_FOUND_IN_SIGNED_ELEMENT: "response-signature-form",
    Fault.DUPLICATED_ID_IN_SIGNED_ELEMENTS: "response-duplicate-id",
    Fault.INVALID_SIGNED_ELEMENT: "response-signature-form",
    Fault.DUPLICATED_REFERENCE_IN_SIGNED_ELEMENTS: "response-signature-form",
    Fault.UNEXPECTED_SIGNED_ELEMENTS: "response-signature-form",
    Fault.WRONG_NUMBER_OF_SIGNATURES_IN_RESPONSE: "response-signature-form",
    Fault.WRONG_NUMBER_OF_SIGNATURES_IN_ASSERTION: "response-signature-form",
    Fault.INVALID_XML_FORMAT: "response-schema-invalid",
    Fault.WRONG_INRESPONSETO: "wrong-in-response-to",
    Fault.MISSING_CONDITIONS: "conditions-missing",
    Fault.WRONG_NUMBER_OF_AUTHSTATEMENTS: "authn-statement-missing",
    Fault.ENCRYPTED_ATTRIBUTES: "attribute-encrypted",
    Fault.WRONG_DESTINATION: "wrong-destination",
    Fault.EMPTY_DESTINATION: "destination-missing",
    Fault.WRONG_AUDIENCE: "wrong-audience",
    Fault.ISSUER_MULTIPLE_IN_RESPONSE: "response-schema-invalid",
    Fault.ISSUER_NOT_FOUND_IN_ASSERTION: "issuer-missing",
    Fault.WRONG_ISSUER: "wrong-assertion-issuer",
    Fault.WRONG_SUBJECTCONFIRMATION: "subject-confirmation-missing",
    Fault.NO_SIGNED_MESSAGE: "response-signature-missing",
    Fault.NO_SIGNED_ASSERTION: "response-signature-missing",
    Fault.NO_SIGNATURE_FOUND: "response-signature-missing",
    Fault.KEYINFO_NOT_FOUND_IN_ENCRYPTED_DATA: "encryption-form",
    Fault.CHILDREN_NODE_NOT_FOUND_IN_KEYINFO: "encryption-form",
    Fault.UNSUPPORTED_RETRIEVAL_METHOD: "encryption-form",
    Fault.NO_NAMEID: "subject-missing",
    Fault.EMPTY_NAMEID: "subject-missing",
    Fault.SP_NAME_QUALIFIER_NAME_MISMATCH: "wrong-audience",
    Fault.INVALID_SIGNATURE: "response-signature-invalid",
    Fault.WRONG_NUMBER_OF_SIGNATURES: "response-signature-form",
    Fault.DEPRECATED_SIGNATURE_METHOD: "response-signature-algorithm",
    Fault.DEPRECATED_DIGEST_METHOD: "response-signature-algorithm",
}


def check_of(error: Exception) -> str:
    """Return the check that a python3-saml error stands for; raises `LookupError` for one it should never raise here.

    `OneLogin_Saml2_Error` is about settings and keys: of those, only a missing private key can meet a response.
    """
    if isinstance(error, OneLogin_Saml2_Error):
        return "assertion-not-decryptable"
    return _CHECKS[error.code] if isinstance(error, Fault) else _unexpected(error)


def _unexpected(error: Exception) -> str:
    raise LookupError(type(error).__name__) from error
