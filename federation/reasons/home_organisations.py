# SPDX-License-Identifier: Apache-2.0
"""Why a simulated home organisation refuses: read by the person there, nothing is sent."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import Reason


def _home(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason of the simulated identity provider, read by the person there; nothing is sent."""
    return Reason(reason_id, "idp", sentence, clause)


HOME_REASONS: Final = (
    _home("home-request-missing", "No SAMLRequest came with the request.", "saml-bindings-2.0-os 3.4.4"),
    _home("home-request-too-large", "The AuthnRequest is larger than a login needs.", "design 2"),
    _home(
        "home-request-parameter-repeated",
        "A SAML parameter stands twice in the request.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    _home(
        "home-request-not-decodable",
        "The AuthnRequest is not base64, or not base64 and DEFLATE.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    _home("home-request-not-xml", "The AuthnRequest is not well-formed XML.", "saml-core-2.0-os 1.1"),
    _home("home-request-doctype", "The AuthnRequest carries a document type declaration.", "saml2int SDP-G03"),
    _home(
        "home-request-malformed",
        "The message is no AuthnRequest, or lacks what every one has.",
        "saml-core-2.0-os 3.4.1",
    ),
    _home("home-request-version-unsupported", "The AuthnRequest is not SAML 2.0.", "saml-core-2.0-os 3.2.1"),
    _home("home-request-issuer-missing", "The AuthnRequest names no service provider.", "saml-profiles-2.0-os 4.1.4.1"),
    _home(
        "home-request-issuer-unknown", "The AuthnRequest does not come from the proxy.", "saml-profiles-2.0-os 4.1.4.1"
    ),
    _home(
        "home-request-signature-missing",
        "The AuthnRequest is not signed, and the metadata wants it signed.",
        "saml-metadata-2.0-os 2.4.3",
    ),
    _home(
        "home-request-signature-algorithm",
        "The AuthnRequest is signed with an algorithm that is not allowed.",
        "saml2int SDP-ALG01",
    ),
    _home(
        "home-request-signature-form",
        "The signature does not have the one form that SAML allows.",
        "saml-core-2.0-os 5.4",
    ),
    _home(
        "home-request-signature-invalid",
        "The AuthnRequest's signature is not by a key of the proxy.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    _home(
        "home-request-destination-missing",
        "A signed AuthnRequest must say where it is meant for.",
        "saml-bindings-2.0-os 3.4.5.2",
    ),
    _home("home-request-wrong-destination", "The AuthnRequest is meant for another address.", "saml-core-2.0-os 3.2.1"),
    _home("home-request-expired", "The AuthnRequest was issued too long ago.", "saml-core-2.0-os 3.2.1"),
    _home("home-request-not-yet-valid", "The AuthnRequest was issued in the future.", "saml-core-2.0-os 3.2.1"),
    _home(
        "home-request-acs-unknown",
        "The proxy's metadata does not hold the asked address for the answer.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    _home(
        "home-request-binding-unsupported",
        "The answer was asked for by another binding than HTTP-POST.",
        "saml-core-2.0-os 3.4.1",
    ),
    _home(
        "home-request-subject-unsupported",
        "The AuthnRequest names the person to sign in.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    _home(
        "home-relay-state-too-large",
        "The RelayState is longer than the 80 bytes that the binding allows.",
        "saml-bindings-2.0-os 3.4.3",
    ),
    _home("home-request-checksum-missing", "The request to a Wilma does not end in a checksum.", "home-protocols 2"),
    _home(
        "home-request-checksum-wrong",
        "The checksum of the request to a Wilma is not over this address, or not by the shared secret.",
        "home-protocols 2",
    ),
    _home(
        "home-request-parameters",
        "The request to a Wilma or an Opinsys has not just the parameters that one has, each once.",
        "home-protocols 2",
    ),
    _home("home-request-nonce-malformed", "The nonce of the request is not 24 letters and digits.", "home-protocols 1"),
    _home(
        "home-return-address-unknown",
        "The answer was asked for at an address that is not the proxy's.",
        "home-protocols 2",
    ),
    _home(
        "home-data-credentials-wrong",
        "A data service was asked without the proxy's name and password.",
        "home-protocols 3",
    ),
    _home("home-provider-unknown", "There is no such identity provider.", "design 4"),
    _home("home-page-unknown", "There is no such page at the identity providers.", "design 4"),
    _home("home-login-not-found", "There is no login in progress at the identity provider.", "design 4"),
    _home("home-login-expired", "The login at the identity provider is older than fifteen minutes.", "design 7"),
    _home("home-form-from-elsewhere", "A form was sent from another site.", "design 10"),
    _home(
        "home-login-of-another-browser", "The login at the identity provider was begun in another browser.", "design 7"
    ),
    _home("wrong-password", "The user name and password do not belong together.", "facts-mpassid 10"),
    _home(
        "account-locked",
        "Too many wrong passwords were typed for this user name; it opens again after a while.",
        "facts-publisher, forgotten password",
    ),
    _home("account-not-connected", "The account is not yet connected to an MPASS user.", "facts-mpassid 10"),
    _home("home-passwords-unavailable", "The passwords that people chose cannot be read or written.", "design 7"),
    _home("home-renewal-not-found", "There is no renewal of a password in progress under that name.", "design 7"),
    _home("home-renewal-expired", "The last step of the renewal was taken too long ago.", "design 7"),
    _home("home-renewal-of-another-browser", "The renewal was begun in another browser.", "design 7"),
    _home(
        "home-renewal-out-of-order",
        "The step is not the renewal's next one: a new password needs a strong identification first.",
        "facts-publisher, forgotten password",
    ),
    _home("control-token-wrong", "What was typed is not the run's token.", "design 10"),
    _home(
        "control-closed-for-a-while",
        "Too many wrong tokens were typed at the control page; it opens again after a while.",
        "design 10",
    ),
    _home("control-not-open", "The run's token was not given in this browser within the last half hour.", "design 10"),
    _home("control-form-from-elsewhere", "A form for the control page was not sent from its own origin.", "design 10"),
    _home(
        "control-form-not-of-this-page",
        "A form for the control page was not shown to this browser since the token was given.",
        "design 10",
    ),
    _home("home-login-cancelled", "The person turned back at the identity provider.", "saml-core-2.0-os 3.2.2.2"),
)
