# SPDX-License-Identifier: Apache-2.0
"""Why a login is refused: every check that can refuse has its own id, in this one table, with no catch-all.

The ids are part of the public surface: pages, transcripts, logs and `login --json` carry them, and other people's
scripts compare them. A sentence is for the engineer who reads a transcript; what the person at the browser reads
stands in the catalogues of the part that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

At: TypeAlias = Literal["idp", "proxy", "publisher", "portal"]
TopStatus: TypeAlias = Literal["Requester", "Responder"]

STATUS_PREFIX: Final = "urn:oasis:names:tc:SAML:2.0:status:"


@dataclass(frozen=True)
class Reason:
    """One way a login can be refused.

    `status` is the SAML status (top and second level, without their common prefix) that the service is sent once it
    is known and verified; `None` where nothing may be sent. `page` is the number on the publisher's page.
    """

    id: str
    at: At
    sentence: str
    clause: str
    status: tuple[TopStatus, str] | None = None
    page: int | None = None


_AUTHN_FAILED: Final[tuple[TopStatus, str]] = ("Responder", "AuthnFailed")


def _request(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason to refuse what a service sent: before it is verified nothing is sent anywhere."""
    return Reason(reason_id, "proxy", sentence, clause)


def _response(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason to refuse what an identity provider sent; the service is told AuthnFailed."""
    return Reason(reason_id, "proxy", sentence, clause, status=_AUTHN_FAILED)


_REQUEST_REASONS: Final = (
    _request("request-missing", "No SAMLRequest came with the request.", "saml-bindings-2.0-os 3.4.4"),
    _request("request-too-large", "The AuthnRequest is larger than a login needs.", "design 2"),
    _request(
        "request-parameter-repeated", "A SAML parameter stands twice in the query.", "saml-bindings-2.0-os 3.4.4.1"
    ),
    _request("request-not-decodable", "The AuthnRequest is not base64 and DEFLATE.", "saml-bindings-2.0-os 3.4.4.1"),
    _request("request-not-xml", "The AuthnRequest is not well-formed XML.", "saml-core-2.0-os 1.1"),
    _request("request-doctype", "The AuthnRequest carries a document type declaration.", "saml2int SDP-G03"),
    _request("request-schema-invalid", "The AuthnRequest does not follow the schema.", "saml-core-2.0-os 3.4.1"),
    _request("request-version-unsupported", "The AuthnRequest is not SAML 2.0.", "saml-core-2.0-os 3.2.1"),
    _request("request-issuer-missing", "The AuthnRequest names no service.", "saml-profiles-2.0-os 4.1.4.1"),
    _request("service-unknown", "The service is not in this federation.", "facts-mpassid 10"),
    _request(
        "request-signature-missing",
        "The service promises signed requests; this one is not.",
        "saml-metadata-2.0-os 2.4.4",
    ),
    _request(
        "request-signature-invalid",
        "The AuthnRequest's signature is not by a key of the service.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    _request(
        "request-signature-algorithm",
        "The AuthnRequest is signed with an algorithm that is not allowed.",
        "saml2int SDP-ALG01",
    ),
    _request("request-wrong-destination", "The AuthnRequest is meant for another address.", "saml-core-2.0-os 3.2.1"),
    _request(
        "request-destination-missing",
        "A signed AuthnRequest must say where it is meant for.",
        "saml-bindings-2.0-os 3.4.5.2",
    ),
    _request("request-expired", "The AuthnRequest was issued too long ago.", "saml-core-2.0-os 3.2.1"),
    _request("request-not-yet-valid", "The AuthnRequest was issued in the future.", "saml-core-2.0-os 3.2.1"),
    _request(
        "request-acs-unknown",
        "The service's metadata does not hold the asked address for the answer.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    _request(
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
    _request("request-not-alone", "A SAMLResponse came beside the SAMLRequest.", "saml-bindings-2.0-os 3.4.3"),
    _request("request-too-deep", "The AuthnRequest nests deeper than a login needs.", "design 2"),
    _request("request-too-many-elements", "The AuthnRequest holds more elements than a login needs.", "design 2"),
    _request(
        "request-element-too-wide", "An element of the AuthnRequest has more attributes than any has.", "design 2"
    ),
    _request("request-duplicate-id", "Two elements of the AuthnRequest carry one ID.", "saml-core-2.0-os 1.3.4"),
    _request("request-wrong-message", "The message is not an AuthnRequest.", "saml-profiles-2.0-os 4.1.4.1"),
    _request(
        "request-time-unreadable", "The AuthnRequest's time is not UTC as SAML writes it.", "saml-core-2.0-os 1.3.3"
    ),
    _request(
        "request-issuer-format",
        "The AuthnRequest's issuer is not named by an entity ID.",
        "saml-profiles-2.0-os 4.1.4.1",
    ),
    _request(
        "request-signature-form",
        "The signature does not have the form its binding allows.",
        "saml-bindings-2.0-os 3.4.4.1",
    ),
    _request(
        "request-acs-ambiguous", "The answer's address is given twice, by URL and by index.", "saml-core-2.0-os 3.4.1"
    ),
    Reason(
        "proxy-count-exceeded",
        "proxy",
        "The service forbids that its request is passed on, which is all this proxy does.",
        "saml-core-2.0-os 3.4.1.5.1",
        ("Responder", "ProxyCountExceeded"),
    ),
    _request(
        "relay-state-too-large", "The RelayState does not fit into the login's state.", "saml-bindings-2.0-os 3.4.3"
    ),
    _request(
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
        _AUTHN_FAILED,
    ),
)

_STATE_REASONS: Final = (
    _request("login-not-found", "There is no login in progress in this browser under that name.", "design 7"),
    _request("login-expired", "The login in progress is older than fifteen minutes.", "design 7"),
    _request("login-state-altered", "The login's state cookie was altered.", "design 7"),
    _request("source-unknown", "There is no such source to choose.", "facts-mpassid 8"),
    _response("store-unavailable", "The proxy's shared store cannot be reached.", "design 7"),
)

_RESPONSE_REASONS: Final = (
    _response("response-missing", "No SAMLResponse came with the request.", "saml-bindings-2.0-os 3.5.4"),
    _response(
        "response-parameter-repeated", "A SAML parameter stands twice in the form.", "saml-bindings-2.0-os 3.5.4"
    ),
    _response("response-too-large", "The response is larger than a login needs.", "design 2"),
    _response("response-not-decodable", "The response is not base64.", "saml-bindings-2.0-os 3.5.4"),
    _response("response-not-xml", "The response is not well-formed XML.", "saml-core-2.0-os 1.1"),
    _response("response-doctype", "The response carries a document type declaration.", "saml2int SDP-G03"),
    _response("response-schema-invalid", "The response does not follow the schema.", "saml-core-2.0-os 3.3.3"),
    _response("response-duplicate-id", "Two elements of the response carry one ID.", "saml-core-2.0-os 1.3.4"),
    _response("response-version-unsupported", "The response is not SAML 2.0.", "saml-core-2.0-os 3.2.2"),
    _response(
        "response-signature-missing",
        "Neither the response nor its assertion is signed.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response(
        "response-signature-invalid", "A signature is not by a key of the identity provider.", "saml-core-2.0-os 5.4"
    ),
    _response(
        "response-signature-algorithm", "A signature uses an algorithm that is not allowed.", "saml2int SDP-ALG01"
    ),
    _response(
        "response-signature-form", "A signature does not have the one form that SAML allows.", "saml-core-2.0-os 5.4"
    ),
    _response("wrong-acs", "The response came to the address of another source.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("wrong-destination", "The response is meant for another address.", "saml-bindings-2.0-os 3.5.5.2"),
    _response(
        "destination-missing", "A signed response must say where it is meant for.", "saml-bindings-2.0-os 3.5.5.2"
    ),
    _response("wrong-in-response-to", "The response answers another request.", "saml-profiles-2.0-os 4.1.4.3"),
    _response("in-response-to-missing", "The response answers no request.", "saml-profiles-2.0-os 4.1.5"),
    _response("issuer-missing", "The response or its assertion names no issuer.", "saml-profiles-2.0-os 4.1.4.2"),
    _response(
        "wrong-issuer",
        "The response's issuer is not the identity provider that was asked.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response(
        "wrong-assertion-issuer",
        "The assertion's issuer is not the identity provider that was asked.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response("response-expired", "The response was issued too long ago.", "saml-core-2.0-os 3.2.2"),
    _response("response-not-yet-valid", "The response was issued in the future.", "saml-core-2.0-os 3.2.2"),
    _response("status-not-success", "The identity provider answered with an error status.", "saml-core-2.0-os 3.2.2.2"),
    _response("assertion-missing", "The response says success but holds no assertion.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("assertion-repeated", "The response holds more than one assertion.", "saml2int SDP-IDP10"),
    _response("assertion-not-decryptable", "The assertion is not encrypted for this proxy.", "saml-core-2.0-os 6"),
    _response(
        "encryption-algorithm",
        "The assertion is encrypted with an algorithm that is not allowed.",
        "saml2int SDP-ALG01",
    ),
    _response("assertion-version-unsupported", "The assertion is not SAML 2.0.", "saml-core-2.0-os 2.3.3"),
    _response("subject-missing", "The assertion has no subject.", "saml-profiles-2.0-os 4.1.4.2"),
    _response(
        "subject-confirmation-missing", "No bearer confirmation stands in the subject.", "saml-profiles-2.0-os 4.1.4.2"
    ),
    _response("recipient-missing", "The bearer confirmation names no recipient.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("wrong-recipient", "The bearer confirmation is for another address.", "saml-profiles-2.0-os 4.1.4.2"),
    _response(
        "confirmation-in-response-to",
        "The bearer confirmation answers another request.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response("confirmation-time-missing", "The bearer confirmation has no end.", "saml-profiles-2.0-os 4.1.4.2"),
    _response(
        "confirmation-not-before",
        "The bearer confirmation has a NotBefore, which is forbidden.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response("confirmation-expired", "The bearer confirmation is over.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("conditions-missing", "The assertion has no conditions.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("conditions-not-yet-valid", "The assertion is not valid yet.", "saml-core-2.0-os 2.5.1.2"),
    _response("conditions-expired", "The assertion is not valid any more.", "saml-core-2.0-os 2.5.1.2"),
    _response("conditions-contradictory", "The assertion ends before it begins.", "saml-core-2.0-os 2.5.1.2"),
    _response("condition-unknown", "The assertion has a condition that is not understood.", "saml-core-2.0-os 2.5.1"),
    _response("audience-missing", "The assertion is addressed to nobody.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("wrong-audience", "The assertion is addressed to another service provider.", "saml-core-2.0-os 2.5.1.4"),
    _response(
        "authn-statement-missing",
        "The assertion does not say when the person signed in.",
        "saml-profiles-2.0-os 4.1.4.2",
    ),
    _response("authn-instant-in-future", "The person signed in in the future.", "saml-core-2.0-os 2.7.2"),
    _response("authn-too-old", "A fresh sign-in was asked for, and an older one came.", "saml-core-2.0-os 3.4.1"),
    _response("session-expired", "The session that the identity provider grants is over.", "saml-core-2.0-os 2.7.2"),
    _response(
        "attribute-value-not-text", "An attribute's value holds XML instead of text.", "saml-core-2.0-os 2.7.3.1.1"
    ),
    _response("too-many-attributes", "The assertion holds more attributes or values than a person has.", "design 2"),
    _response("response-not-alone", "A SAMLRequest came beside the SAMLResponse.", "saml-bindings-2.0-os 3.5.4"),
    _response("response-too-deep", "The response nests deeper than a login needs.", "design 2"),
    _response("response-too-many-elements", "The response holds more elements than a login needs.", "design 2"),
    _response("response-element-too-wide", "An element of the response has more attributes than any has.", "design 2"),
    _response("response-wrong-message", "The message is not a Response.", "saml-profiles-2.0-os 4.1.4.2"),
    _response("response-time-unreadable", "A time is not UTC as SAML writes it.", "saml-core-2.0-os 1.3.3"),
    _response("response-before-request", "The response was issued before it was asked for.", "saml-core-2.0-os 3.2.2"),
    _response("issuer-format", "An issuer is not named by an entity ID.", "saml-profiles-2.0-os 4.1.4.2"),
    _response(
        "status-not-success-unsigned",
        "The identity provider answered with an error status, without a signature.",
        "saml-core-2.0-os 3.2.2.2",
    ),
    _response(
        "encryption-form", "The encrypted assertion does not have the one form that is read.", "saml-core-2.0-os 2.3.4"
    ),
    _response("attribute-encrypted", "An attribute is encrypted on its own.", "saml-core-2.0-os 2.7.3.2"),
    _response("proxying-forbidden", "The assertion forbids that it is passed on.", "saml-core-2.0-os 2.5.1.6"),
    _response("authn-statement-repeated", "The assertion tells of more than one sign-in.", "saml2int SDP-IDP09"),
    _response(
        "response-replayed",
        "This request was answered already; a response counts once.",
        "saml-profiles-2.0-os 4.1.4.5",
    ),
)

_PERSON_REASONS: Final = (
    _response("learner-id-missing", "The education provider sends no learner id.", "facts-mpassid 2"),
    _response(
        "learner-id-invalid",
        "The learner id is not of the form 1.2.246.562.24 or .98 and eleven digits.",
        "facts-mpassid 2",
    ),
    _response(
        "test-learner-id-not-allowed", "The service does not take learner ids of test persons.", "facts-mpassid 2"
    ),
    _response("school-of-another-provider", "A school code belongs to another education provider.", "design 6"),
)

_SERVICE_REASONS: Final = (
    Reason(
        "school-not-activated",
        "publisher",
        "None of the person's schools uses MPASS at this publisher.",
        "facts-publisher, school not activated",
        page=105,
    ),
    Reason(
        "no-school-data", "publisher", "The login brought no school and role to decide by.", "facts-mpassid 2", page=106
    ),
    Reason("no-user-id", "publisher", "The login brought no user id.", "facts-mpassid 2", page=107),
    Reason(
        "login-refused",
        "publisher",
        "The login service answered with an error status.",
        "saml-core-2.0-os 3.2.2.2",
        page=111,
    ),
    Reason(
        "response-not-accepted",
        "publisher",
        "The service could not accept the login service's response.",
        "saml-profiles-2.0-os 4.1.4.3",
        page=112,
    ),
    Reason(
        "request-unknown",
        "publisher",
        "The response answers no request of this browser.",
        "saml-profiles-2.0-os 4.1.4.3",
        page=113,
    ),
    Reason(
        "response-consumed",
        "publisher",
        "This response signed somebody in already; it counts once.",
        "saml-profiles-2.0-os 4.1.4.5",
        page=114,
    ),
)


def _home(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason of the simulated identity provider, read by the person there; nothing is sent."""
    return Reason(reason_id, "idp", sentence, clause)


_HOME_REASONS: Final = (
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
    _home("home-login-cancelled", "The person turned back at the identity provider.", "saml-core-2.0-os 3.2.2.2"),
)

REASONS: Final[dict[str, Reason]] = {
    reason.id: reason
    for reason in (
        *_REQUEST_REASONS,
        *_STATE_REASONS,
        *_RESPONSE_REASONS,
        *_PERSON_REASONS,
        *_SERVICE_REASONS,
        *_HOME_REASONS,
    )
}
"""Every reason by its id."""


@dataclass(frozen=True)
class Refusal:
    """A check said no: which one, what was found and what was expected.

    `found` and `expected` may hold addresses, names of algorithms, times and ids of messages, never a person's data.
    """

    reason_id: str
    found: str = ""
    expected: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that the table does not hold."""
        if self.reason_id not in REASONS:
            message = f"no reason {self.reason_id!r} in federation.reasons"
            raise LookupError(message)

    @property
    def reason(self) -> Reason:
        """The row of the table."""
        return REASONS[self.reason_id]
