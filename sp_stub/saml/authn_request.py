# SPDX-License-Identifier: Apache-2.0
"""The AuthnRequest of a service: python3-saml's, with our clock and ids, signed by a key that was read once.

python3-saml 1.16 takes the time from the process, the id from SHA-1, and parses the PEM key for every signature.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_templates import OneLogin_Saml2_Templates

_QUOTED: Final = {'"': "&quot;"}


class TimedAuthnRequest(OneLogin_Saml2_Authn_Request):  # type: ignore[misc]  # python3-saml ships no types
    """python3-saml's AuthnRequest, filled in with the id and the time it is given."""

    def __init__(self, settings: OneLogin_Saml2_Settings, request_id: str, now: datetime) -> None:
        """Build the message from python3-saml's own template."""
        sp, idp = settings.get_sp_data(), settings.get_idp_data()
        self._settings = settings
        self._id = request_id
        self._authn_request = OneLogin_Saml2_Templates.AUTHN_REQUEST % {
            "id": request_id,
            "provider_name": "",
            "force_authn_str": "",
            "is_passive_str": "",
            "issue_instant": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "destination": escape(idp["singleSignOnService"]["url"], _QUOTED),
            "assertion_url": escape(sp["assertionConsumerService"]["url"], _QUOTED),
            "entity_id": escape(sp["entityId"]),
            "subject_str": "",
            "nameid_policy_str": f'<samlp:NameIDPolicy Format="{sp["NameIDFormat"]}" AllowCreate="true"/>',
            "requested_authn_context_str": "",
            "attr_consuming_service_str": "",
            "acs_binding": sp["assertionConsumerService"]["binding"],
        }


class SigningAuth(OneLogin_Saml2_Auth):  # type: ignore[misc]  # python3-saml ships no types
    """python3-saml's entry point for one login: its request is ours, its signature by our key."""

    def __init__(
        self,
        settings: OneLogin_Saml2_Settings,
        key: RSAPrivateKey,
        build_request: Callable[[OneLogin_Saml2_Settings], TimedAuthnRequest],
    ) -> None:
        """Take what one login needs; the address of the request at hand plays no role in it."""
        super().__init__({"get_data": {}, "post_data": {}}, settings)
        self._key = key
        self.authn_request_class = lambda toolkit, *_: build_request(toolkit)

    def add_request_signature(self, request_data: dict[str, str], sign_algorithm: str = Constants.RSA_SHA256) -> None:
        """Add `SigAlg` and `Signature`, in the order of the binding (saml-bindings-2.0-os 3.4.4.1)."""
        signed = self._build_sign_query(
            request_data["SAMLRequest"], request_data["RelayState"], sign_algorithm, "SAMLRequest"
        )
        signature = self._key.sign(signed.encode("ascii"), PKCS1v15(), SHA256())
        request_data["SigAlg"] = sign_algorithm
        request_data["Signature"] = base64.b64encode(signature).decode("ascii")
