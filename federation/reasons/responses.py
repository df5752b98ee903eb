# SPDX-License-Identifier: Apache-2.0
"""Why the proxy refuses what an identity provider answers by SAML; the service is told AuthnFailed."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import told_the_service

RESPONSE_REASONS: Final = (
    told_the_service("response-missing", "No SAMLResponse came with the request.", "saml-bindings-2.0-os 3.5.4"),
    told_the_service(
        "response-parameter-repeated", "A SAML parameter stands twice in the form.", "saml-bindings-2.0-os 3.5.4"
    ),
    told_the_service("response-too-large", "The response is larger than a login needs.", "design 2"),
    told_the_service("response-not-decodable", "The response is not base64.", "saml-bindings-2.0-os 3.5.4"),
    told_the_service("response-not-xml", "The response is not well-formed XML.", "saml-core-2.0-os 1.1"),
    told_the_service("response-doctype", "The response carries a document type declaration.", "saml2int SDP-G03"),
    told_the_service("response-schema-invalid", "The response does not follow the schema.", "saml-core-2.0-os 3.3.3"),
    told_the_service("response-duplicate-id", "Two elements of the response carry one ID.", "saml-core-2.0-os 1.3.4"),
    told_the_service("response-version-unsupported", "The response is not SAML 2.0.", "saml-core-2.0-os 3.2.2"),
    told_the_service(
        "response-signature-missing",
        "Neither the response nor its assertion is signed.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service(
        "response-signature-invalid", "A signature is not by a key of the identity provider.", "saml-core-2.0-os 5.4"
    ),
    told_the_service(
        "response-signature-algorithm", "A signature uses an algorithm that is not allowed.", "saml2int SDP-ALG01"
    ),
    told_the_service(
        "response-signature-form", "A signature does not have the one form that SAML allows.", "saml-core-2.0-os 5.4"
    ),
    told_the_service(
        "wrong-acs", "The response came to the address of another source.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service("wrong-destination", "The response is meant for another address.", "saml-bindings-2.0-os 3.5.5.2"),
    told_the_service(
        "destination-missing", "A signed response must say where it is meant for.", "saml-bindings-2.0-os 3.5.5.2"
    ),
    told_the_service("wrong-in-response-to", "The response answers another request.", "saml-profiles-2.0-os 4.1.4.3"),
    told_the_service("in-response-to-missing", "The response answers no request.", "saml-profiles-2.0-os 4.1.5"),
    told_the_service(
        "issuer-missing", "The response or its assertion names no issuer.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service(
        "wrong-issuer",
        "The response's issuer is not the identity provider that was asked.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service(
        "wrong-assertion-issuer",
        "The assertion's issuer is not the identity provider that was asked.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service("response-expired", "The response was issued too long ago.", "saml-core-2.0-os 3.2.2"),
    told_the_service("response-not-yet-valid", "The response was issued in the future.", "saml-core-2.0-os 3.2.2"),
    told_the_service(
        "status-not-success", "The identity provider answered with an error status.", "saml-core-2.0-os 3.2.2.2"
    ),
    told_the_service(
        "assertion-missing", "The response says success but holds no assertion.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service("assertion-repeated", "The response holds more than one assertion.", "saml2int SDP-IDP10"),
    told_the_service(
        "assertion-not-decryptable", "The assertion is not encrypted for this proxy.", "saml-core-2.0-os 6"
    ),
    told_the_service(
        "encryption-algorithm",
        "The assertion is encrypted with an algorithm that is not allowed.",
        "saml2int SDP-ALG01",
    ),
    told_the_service("assertion-version-unsupported", "The assertion is not SAML 2.0.", "saml-core-2.0-os 2.3.3"),
    told_the_service("subject-missing", "The assertion has no subject.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service(
        "subject-confirmation-missing", "No bearer confirmation stands in the subject.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service(
        "recipient-missing", "The bearer confirmation names no recipient.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service(
        "wrong-recipient", "The bearer confirmation is for another address.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service(
        "confirmation-in-response-to",
        "The bearer confirmation answers another request.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service(
        "confirmation-time-missing", "The bearer confirmation has no end.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    told_the_service(
        "confirmation-not-before",
        "The bearer confirmation has a NotBefore, which is forbidden.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service("confirmation-expired", "The bearer confirmation is over.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service("conditions-missing", "The assertion has no conditions.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service("conditions-not-yet-valid", "The assertion is not valid yet.", "saml-core-2.0-os 2.5.1.2"),
    told_the_service("conditions-expired", "The assertion is not valid any more.", "saml-core-2.0-os 2.5.1.2"),
    told_the_service("conditions-contradictory", "The assertion ends before it begins.", "saml-core-2.0-os 2.5.1.2"),
    told_the_service(
        "condition-unknown", "The assertion has a condition that is not understood.", "saml-core-2.0-os 2.5.1"
    ),
    told_the_service("audience-missing", "The assertion is addressed to nobody.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service(
        "wrong-audience", "The assertion is addressed to another service provider.", "saml-core-2.0-os 2.5.1.4"
    ),
    told_the_service(
        "authn-statement-missing",
        "The assertion does not say when the person signed in.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    told_the_service("authn-instant-in-future", "The person signed in in the future.", "saml-core-2.0-os 2.7.2"),
    told_the_service(
        "authn-too-old", "A fresh sign-in was asked for, and an older one came.", "saml-core-2.0-os 3.4.1"
    ),
    told_the_service(
        "session-expired", "The session that the identity provider grants is over.", "saml-core-2.0-os 2.7.2"
    ),
    told_the_service(
        "attribute-value-not-text", "An attribute's value holds XML instead of text.", "saml-core-2.0-os 2.7.3.1.1"
    ),
    told_the_service(
        "too-many-attributes", "The assertion holds more attributes or values than a person has.", "design 2"
    ),
    told_the_service("response-not-alone", "A SAMLRequest came beside the SAMLResponse.", "saml-bindings-2.0-os 3.5.4"),
    told_the_service("response-too-deep", "The response nests deeper than a login needs.", "design 2"),
    told_the_service("response-too-many-elements", "The response holds more elements than a login needs.", "design 2"),
    told_the_service(
        "response-element-too-wide", "An element of the response has more attributes than any has.", "design 2"
    ),
    told_the_service("response-wrong-message", "The message is not a Response.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service("response-time-unreadable", "A time is not UTC as SAML writes it.", "saml-core-2.0-os 1.3.3"),
    told_the_service(
        "response-before-request", "The response was issued before it was asked for.", "saml-core-2.0-os 3.2.2"
    ),
    told_the_service("issuer-format", "An issuer is not named by an entity ID.", "saml-profiles-2.0-os 4.1.4.2"),
    told_the_service(
        "status-not-success-unsigned",
        "The identity provider answered with an error status, without a signature.",
        "saml-core-2.0-os 3.2.2.2",
    ),
    told_the_service(
        "encryption-form", "The encrypted assertion does not have the one form that is read.", "saml-core-2.0-os 2.3.4"
    ),
    told_the_service("attribute-encrypted", "An attribute is encrypted on its own.", "saml-core-2.0-os 2.7.3.2"),
    told_the_service("proxying-forbidden", "The assertion forbids that it is passed on.", "saml-core-2.0-os 2.5.1.6"),
    told_the_service("authn-statement-repeated", "The assertion tells of more than one sign-in.", "saml2int SDP-IDP09"),
    told_the_service(
        "response-replayed",
        "This request was answered already; a response counts once.",
        "saml-profiles-2.0-os 4.1.4.5",
    ),
)
