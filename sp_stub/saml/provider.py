# SPDX-License-Identifier: Apache-2.0
"""One service as a SAML service provider: a signed AuthnRequest out, a verified login in.

What belongs to the browser (which request it started, whether a response was used before) is `sp_stub.logins`'.
An instance is made once and used by all threads: it keeps nothing of a login.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from datetime import UTC
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xmlparser import DTDForbidden, EntitiesForbidden

from federation.attributes import BY_SAML_NAME
from federation.errors import InputError
from federation.model import Language
from federation.reasons import STATUS_PREFIX
from party.clock import Clock
from sp_stub.saml.answers import LoginRefusedError, LoginRequest, VerifiedLogin, refuse
from sp_stub.saml.authn_request import SigningAuth, TimedAuthnRequest
from sp_stub.saml.decryption import AssertionDecryptor
from sp_stub.saml.response import Expectation, TimedResponse
from sp_stub.saml.signatures import check_signature_forms
from sp_stub.saml.toolkit import PROTOCOL_SCHEMA, XmlWithCompiledSchema, toolkit_settings
from sp_stub.saml.toolkit_faults import check_of
from sp_stub.settings import Settings

MAX_RESPONSE: Final = 128 * 1024
"""Characters of base64; a response with every attribute of the widest test person has 30,000."""
_P: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_SUCCESS: Final = f"{STATUS_PREFIX}Success"
_MAX_STATUS_TEXT: Final = 500


def new_request_id() -> str:
    """Return a fresh message id: 160 random bits, beginning with a letter as xs:ID demands."""
    return f"id-{secrets.token_hex(20)}"


class SamlServiceProvider:
    """The service's SAML, over python3-saml."""

    def __init__(self, settings: Settings, clock: Clock, request_id: Callable[[], str] = new_request_id) -> None:
        """Read the keys once; raises `InputError` when the service's own is not an RSA key."""
        # Only keys made on this machine are loaded: the primality check would cost 54 ms.
        key = load_pem_private_key(settings.key_pair.private_key_pem, None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, RSAPrivateKey):
            message = f"{settings.key_pair.entity}: expected an RSA key, found {type(key).__name__}"
            raise InputError(message)
        self._key = key
        self._decryptor = AssertionDecryptor(settings.key_pair.private_key_pem)
        self._toolkit = toolkit_settings(settings)
        self._login_service = settings.login_service
        self._endpoints = settings.config.endpoints
        self._clock = clock
        self._request_id = request_id

    def login_request(self, relay_state: str, language: Language) -> LoginRequest:
        """Return a fresh AuthnRequest, signed for HTTP-Redirect, with `lang` last and outside the signature."""
        request_id = self._request_id()
        auth = SigningAuth(
            self._toolkit,
            self._key,
            lambda toolkit: TimedAuthnRequest(toolkit, request_id, self._clock().astimezone(UTC)),
        )
        return LoginRequest(request_id, f"{auth.login(return_to=relay_state)}&lang={language}")

    def verify(self, saml_response: str, request_id: str) -> VerifiedLogin:
        """Return what a response to `request_id` says.

        Raises `LoginRefusedError` when the login service said no (its response is verified as well), and
        `ResponseNotAcceptedError` with the check that failed for anything else.
        """
        response = self._parsed(saml_response, request_id)
        check_signature_forms(response.get_xml_document())
        response.check_message()
        self._check_status(response)
        self._check_count(response)
        try:
            response.is_valid(self._request_data(), request_id, raise_exceptions=True)
            response.check_assertion()
            return self._verified(response)
        except (OneLogin_Saml2_ValidationError, OneLogin_Saml2_Error) as error:
            refuse(check_of(error), str(error))

    def _parsed(self, saml_response: str, request_id: str) -> TimedResponse:
        if len(saml_response) > MAX_RESPONSE:
            refuse("response-too-large", f"{len(saml_response)} characters", f"at most {MAX_RESPONSE}")
        packed = "".join(saml_response.split())
        try:
            base64.b64decode(packed, validate=True)
        except (binascii.Error, ValueError):
            refuse("response-not-decodable")
        expected = Expectation(
            sp_entity_id=self._endpoints.entity_id,
            acs_url=self._endpoints.acs_url,
            idp_entity_id=self._login_service.entity_id,
            request_id=request_id,
            now=self._clock().astimezone(UTC),
        )
        try:
            response = TimedResponse(self._toolkit, packed, expected, self._decryptor)
        except (DTDForbidden, EntitiesForbidden):
            refuse("response-doctype")
        except (etree.XMLSyntaxError, ValueError):
            refuse("response-not-xml")
        except (OneLogin_Saml2_ValidationError, OneLogin_Saml2_Error) as error:
            refuse(check_of(error), str(error))
        if response.document.tag != f"{_P}Response":
            refuse("response-wrong-message", str(response.document.tag), f"{_P}Response")
        if isinstance(XmlWithCompiledSchema.validate_xml(response.document, PROTOCOL_SCHEMA), str):
            refuse("response-schema-invalid")
        return response

    def _check_status(self, response: TimedResponse) -> None:
        """Return for a success; for another status verify the response's signature, then raise it as a refusal.

        python3-saml looks at the status before any signature; what a person is told must be the login service's word.
        """
        codes = [str(code.get("Value")) for code in response.document.iterfind(f"{_P}Status//{_P}StatusCode")]
        if codes[0] == _SUCCESS:
            return
        path = OneLogin_Saml2_Utils.RESPONSE_SIGNATURE_XPATH
        if not XmlWithCompiledSchema.query(response.document, path):
            refuse("response-signature-missing")
        certificates = self._toolkit.get_idp_data()["x509certMulti"]["signing"]
        if not OneLogin_Saml2_Utils.validate_sign(response.document, multicerts=certificates, xpath=path):
            refuse("response-signature-invalid")
        message = response.document.findtext(f"{_P}Status/{_P}StatusMessage") or ""
        top, second = ([code.removeprefix(STATUS_PREFIX)[:_MAX_STATUS_TEXT] for code in codes] + [""])[:2]
        raise LoginRefusedError(
            str(response.document.get("ID")), top, second or None, " ".join(message.split())[:_MAX_STATUS_TEXT]
        )

    def _check_count(self, response: TimedResponse) -> None:
        count = len(list(response.get_xml_document().iter("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")))
        if count != 1:
            refuse("assertion-missing" if count == 0 else "assertion-repeated", f"{count} assertions", "1")

    def _request_data(self) -> dict[str, str]:
        """Return where we are, for python3-saml: by our configuration, never by the Host header."""
        scheme, _, rest = self._endpoints.acs_url.partition("://")
        host, _, path = rest.partition("/")
        return {"https": "on" if scheme == "https" else "off", "http_host": host, "script_name": f"/{path}"}

    def _verified(self, response: TimedResponse) -> VerifiedLogin:
        attributes: dict[str, list[str]] = {}
        for saml_name, values in response.get_attributes().items():
            known = BY_SAML_NAME.get(saml_name)
            if known is not None and values:
                attributes[known.name] = list(values)
        contexts = response.get_authn_contexts()
        return VerifiedLogin(
            response_id=str(response.get_id()),
            assertion_id=str(response.get_assertion_id()),
            attributes=attributes,
            name_id=response.get_nameid(),
            name_id_format=response.get_nameid_format(),
            authn_context=contexts[0] if contexts else None,
            issued_by=self._login_service.entity_id,
            usable_until=response.usable_until,
            session_ends_at=response.session_ends_at(),
        )
