# SPDX-License-Identifier: Apache-2.0
"""Why the proxy refuses what a service asks for."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import AUTHN_FAILED, Reason, before_verified

REQUEST_REASONS: Final = (
    before_verified("request-missing", "No SAMLRequest came with the request.", "saml-bindings-2.0-os 3.4.4"),
    before_verified("request-too-large", "The AuthnRequest is larger than a login needs.", "design 2"),
    before_verified(
        "request-parameter-repeated", "A SAML parameter stands twice in the query.", "saml-bindings-2.0-os 3.4.4.1"
    ),
    before_verified(
        "request-not-decodable", "The AuthnRequest is not base64 and DEFLATE.", "saml-bindings-2.0-os 3.4.4.1"
    ),
    before_verified("request-not-xml", "The AuthnRequest is not well-formed XML.", "saml-core-2.0-os 1.1"),
    before_verified("request-doctype", "The AuthnRequest carries a document type declaration.", "saml2int SDP-G03"),
    before_verified("request-schema-invalid", "The AuthnRequest does not follow the schema.", "saml-core-2.0-os 3.4.1"),
    before_verified("request-version-unsupported", "The AuthnRequest is not SAML 2.0.", "saml-core-2.0-os 3.2.1"),
    before_verified("request-issuer-missing", "The AuthnRequest names no service.", "saml-profiles-2.0-os 4.1.4.1"),
    before_verified("service-unknown", "The service is not in this federation.", "facts-mpassid 10"),
    before_verified(
        "request-signature-missing",
        "The service promises signed requests; this one is not.",
        "saml-metadata-2.0-os 2.4.4",
    ),
    before_verified(
        "request-signature-invalid",
        "The AuthnRequest's signature is not by a key of the service.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    before_verified(
        "request-signature-algorithm",
        "The AuthnRequest is signed with an algorithm that is not allowed.",
        "saml2int SDP-ALG01",
    ),
    before_verified(
        "request-wrong-destination", "The AuthnRequest is meant for another address.", "saml-core-2.0-os 3.2.1"
    ),
    before_verified(
        "request-destination-missing",
        "A signed AuthnRequest must say where it is meant for.",
        "saml-bindings-2.0-os 3.4.5.2",
    ),
    before_verified("request-expired", "The AuthnRequest was issued too long ago.", "saml-core-2.0-os 3.2.1"),
    before_verified("request-not-yet-valid", "The AuthnRequest was issued in the future.", "saml-core-2.0-os 3.2.1"),
    before_verified(
        "request-acs-unknown",
        "The service's metadata does not hold the asked address for the answer.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    before_verified(
        "request-binding-unsupported",
        "The answer was asked for by a binding the service's metadata does not offer.",
        "saml-core-2.0-os 3.4.1",
    ),
    Reason(
        "request-subject-unsupported",
        "proxy",
        "The AuthnRequest names the person to sign in.",
        "saml-profiles-2.0-os 4.1.4.1",
        ("Requester", "RequestUnsupported"),
    ),
    before_verified("request-not-alone", "A SAMLResponse came beside the SAMLRequest.", "saml-bindings-2.0-os 3.4.3"),
    before_verified("request-too-deep", "The AuthnRequest nests deeper than a login needs.", "design 2"),
    before_verified(
        "request-too-many-elements", "The AuthnRequest holds more elements than a login needs.", "design 2"
    ),
    before_verified(
        "request-element-too-wide", "An element of the AuthnRequest has more attributes than any has.", "design 2"
    ),
    before_verified("request-duplicate-id", "Two elements of the AuthnRequest carry one ID.", "saml-core-2.0-os 1.3.4"),
    before_verified("request-wrong-message", "The message is not an AuthnRequest.", "saml-profiles-2.0-os 4.1.4.1"),
    before_verified(
        "request-time-unreadable", "The AuthnRequest's time is not UTC as SAML writes it.", "saml-core-2.0-os 1.3.3"
    ),
    before_verified(
        "request-issuer-format",
        "The AuthnRequest's issuer is not named by an entity ID.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    before_verified(
        "request-signature-form",
        "The signature does not have the form its binding allows.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    before_verified(
        "request-acs-ambiguous", "The answer's address is given twice, by URL and by index.", "saml-core-2.0-os 3.4.1"
    ),
    Reason(
        "proxy-count-exceeded",
        "proxy",
        "The service forbids that its request is passed on, which is all this proxy does.",
        "saml-core-2.0-os 3.4.1.5.1",
        ("Responder", "ProxyCountExceeded"),
    ),
    before_verified(
        "relay-state-too-large", "The RelayState does not fit into the login's state.", "saml-bindings-2.0-os 3.4.3"
    ),
    before_verified(
        "relay-state-control-character",
        "The RelayState holds a control character, which a browser's form does not carry unchanged.",
        "saml-bindings-2.0-os 3.5.3",
    ),
    Reason(
        "name-id-policy-unsupported",
        "proxy",
        "The asked NameID format is not offered.",
        "saml-core-2.0-os 3.4.1.1",
        ("Requester", "InvalidNameIDPolicy"),
    ),
    Reason(
        "no-matching-source",
        "proxy",
        "No source is left by the requested authentication context.",
        "facts-mpassid 5",
        ("Requester", "RequestUnsupported"),
    ),
    Reason(
        "no-authn-context",
        "proxy",
        "The requested authentication context is not one of MPASSid's.",
        "saml-core-2.0-os 3.3.2.2.1",
        ("Responder", "NoAuthnContext"),
    ),
    Reason(
        "no-passive",
        "proxy",
        "The person would have to act, and the service forbade it.",
        "saml-core-2.0-os 3.4.1",
        ("Responder", "NoPassive"),
    ),
    Reason(
        "source-not-available",
        "proxy",
        "The education provider has not joined MPASSid.",
        "design 6",
        ("Responder", "NoAvailableIDP"),
    ),
    Reason(
        "source-secret-expired",
        "proxy",
        "The client secret or signing certificate of the education provider's identity provider has expired.",
        "facts-mpassid 7",
        ("Responder", "NoAvailableIDP"),
    ),
    Reason(
        "service-not-allowed",
        "proxy",
        "The education provider does not allow this service.",
        "facts-mpassid 9",
        ("Responder", "RequestDenied"),
    ),
    Reason(
        "login-cancelled",
        "proxy",
        "The person turned back at the school picker.",
        "saml-core-2.0-os 3.2.2.2",
        AUTHN_FAILED,
    ),
)
