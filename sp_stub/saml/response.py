# SPDX-License-Identifier: Apache-2.0
"""python3-saml's response with our clock, and the checks that it leaves out.

python3-saml 1.16 reads the process's clock, has a fixed tolerance of 300 s for Conditions and none for
SubjectConfirmationData. It asks for both times through methods that are overridden here, so that nothing global is
changed: `validate_timestamps`, `get_session_not_on_or_after`, and `_query_assertion`, which hands it only
confirmations that are good by our clock, without their times. What it lets pass and is refused here:

- a response without InResponseTo or Destination, or with a Destination that only begins like ours (4.1.4.3, 3.5.5.2)
- a confirmation without Recipient, end or InResponseTo, with a NotBefore, or whose Recipient only contains our address
- no AudienceRestriction, or several of which one does not name us (saml-core-2.0-os 2.5.1.4)
- an unknown condition, a contradictory one, a sign-in in the future, XML inside an attribute's value
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from federation.reasons import Refusal
from sp_stub.saml.answers import ResponseNotAcceptedError, refuse
from sp_stub.saml.decryption import AssertionDecryptor

CLOCK_TOLERANCE: Final = timedelta(seconds=180)
"""How far two parties' clocks may be apart: the one value for every time in a message (facts-mpassid 5)."""
RESPONSE_LIFETIME: Final = timedelta(minutes=5)
"""How long after its IssueInstant a response is taken: a browser posts it at once (facts-mpassid 5)."""
MAX_VALUES: Final = 1000
"""More than any person's attributes hold: the widest test person has a few dozen."""

BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
_KNOWN_CONDITIONS: Final = frozenset(
    f"{{{_SAML}}}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")
)
_CONFIRMATIONS: Final = "/saml:Subject/saml:SubjectConfirmation"


@dataclass(frozen=True)
class Expectation:
    """What a response must be: for whom, from whom, to which request, and when."""

    sp_entity_id: str
    acs_url: str
    idp_entity_id: str
    request_id: str
    now: datetime


class TimedResponse(OneLogin_Saml2_Response):  # type: ignore[misc]  # python3-saml ships no types
    """One response, against one expectation. A failed check raises `ResponseNotAcceptedError`."""

    document: etree._Element

    def __init__(
        self,
        settings: OneLogin_Saml2_Settings,
        response_base64: str,
        expected: Expectation,
        decryptor: AssertionDecryptor,
    ) -> None:
        """Parse, and decrypt where needed; raises what python3-saml and lxml raise for what is no XML."""
        self._expected = expected
        self._decryptor = decryptor
        self.usable_until = expected.now
        super().__init__(settings, response_base64)

    def check_message(self) -> None:
        """Return when the Response element is from the right party, for us, to our request, and fresh."""
        expected, document = self._expected, self.document
        _equal(document.get("InResponseTo"), expected.request_id, "in-response-to-missing", "wrong-in-response-to")
        _equal(document.get("Destination"), expected.acs_url, "destination-missing", "wrong-destination")
        issuer = document.find(f"{{{_SAML}}}Issuer")
        _equal(None if issuer is None else issuer.text, expected.idp_entity_id, "issuer-missing", "wrong-issuer")
        issued = instant(document.get("IssueInstant"))
        if issued > expected.now + CLOCK_TOLERANCE:
            refuse("response-not-yet-valid", _text(issued), _text(expected.now))
        if issued + RESPONSE_LIFETIME + CLOCK_TOLERANCE <= expected.now:
            refuse("response-expired", _text(issued), _text(expected.now))

    def check_assertion(self) -> None:
        """Return when the signed assertion is for us and says nothing that a service must understand and doesn't."""
        expected = self._expected
        for issuer in self._query_assertion("/saml:Issuer"):
            _equal(issuer.text, expected.idp_entity_id, "issuer-missing", "wrong-assertion-issuer")
        restrictions = self._query_assertion("/saml:Conditions/saml:AudienceRestriction")
        if not restrictions:
            refuse("audience-missing", expected=expected.sp_entity_id)
        for restriction in restrictions:
            audiences = [audience.text or "" for audience in restriction]
            if expected.sp_entity_id not in audiences:
                refuse("wrong-audience", ", ".join(audiences), expected.sp_entity_id)
        for conditions in self._query_assertion("/saml:Conditions"):
            unknown = [str(child.tag) for child in conditions if child.tag not in _KNOWN_CONDITIONS]
            if unknown:
                refuse("condition-unknown", ", ".join(unknown))
        for statement in self._query_assertion("/saml:AuthnStatement"):
            authenticated = instant(statement.get("AuthnInstant"))
            if authenticated > expected.now + CLOCK_TOLERANCE:
                refuse("authn-instant-in-future", _text(authenticated), _text(expected.now))
        self._check_values()

    def session_ends_at(self) -> datetime | None:
        """Return the end of the session that the login service grants, where it names one."""
        ends = [
            instant(statement.get("SessionNotOnOrAfter"))
            for statement in self._query_assertion("/saml:AuthnStatement[@SessionNotOnOrAfter]")
        ]
        return min(ends, default=None)

    def validate_timestamps(self, *, raise_exceptions: bool = True) -> bool:  # noqa: ARG002  # python3-saml's signature
        """Check Conditions by our clock (saml-core-2.0-os 2.5.1.2)."""
        now = self._expected.now
        for conditions in self._query_assertion("/saml:Conditions"):
            begins, ends = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
            not_before = None if begins is None else instant(begins)
            not_on_or_after = None if ends is None else instant(ends)
            if not_before and not_on_or_after and not_before >= not_on_or_after:
                refuse("conditions-contradictory", f"{begins} to {ends}")
            if not_before and not_before > now + CLOCK_TOLERANCE:
                refuse("conditions-not-yet-valid", str(begins), _text(now))
            if not_on_or_after and not_on_or_after + CLOCK_TOLERANCE <= now:
                refuse("conditions-expired", str(ends), _text(now))
        return True

    def get_session_not_on_or_after(self) -> None:
        """Check SessionNotOnOrAfter by our clock; python3-saml, which gets nothing, skips its own check."""
        ends, now = self.session_ends_at(), self._expected.now
        if ends is not None and ends + CLOCK_TOLERANCE <= now:
            refuse("session-expired", _text(ends), _text(now))

    def _query_assertion(self, xpath_expr: str) -> list[etree._Element]:
        """Answer python3-saml's question for confirmations with those that are good; any other as it does."""
        nodes: list[etree._Element] = super()._query_assertion(xpath_expr)
        return self._good_confirmations(nodes) if xpath_expr == _CONFIRMATIONS else nodes

    def _decrypt_assertion(self, xml: etree._Element) -> etree._Element:
        """Put the decrypted assertion in the place of the encrypted one."""
        found = xml.findall(f"{{{_SAML}}}EncryptedAssertion")
        if len(found) != 1:
            refuse("assertion-repeated", f"{len(found)} encrypted assertions", "1")
        xml.replace(found[0], self._decryptor.decrypt(found[0]))
        return xml

    def _good_confirmations(self, confirmations: list[etree._Element]) -> list[etree._Element]:
        """Return copies, without times, of the bearer confirmations that are good: one is enough (2.4.1)."""
        good: list[etree._Element] = []
        first_fault = Refusal("subject-confirmation-missing")
        bearers = [element for element in confirmations if element.get("Method") == BEARER]
        for number, confirmation in enumerate(bearers):
            fault = self._confirmation_fault(confirmation.find(f"{{{_SAML}}}SubjectConfirmationData"))
            if fault is None:
                good.append(_without_times(confirmation))
            elif number == 0:
                first_fault = fault
        if not good:
            raise ResponseNotAcceptedError(first_fault)
        return good

    def _confirmation_fault(self, data: etree._Element | None) -> Refusal | None:
        """Return what is wrong with a bearer's confirmation data (saml-profiles-2.0-os 4.1.4.2), if anything is."""
        expected = self._expected
        try:
            if data is None:
                refuse("subject-confirmation-missing")
            _equal(data.get("Recipient"), expected.acs_url, "recipient-missing", "wrong-recipient")
            _equal(
                data.get("InResponseTo"),
                expected.request_id,
                "confirmation-in-response-to",
                "confirmation-in-response-to",
            )
            if data.get("NotBefore") is not None:
                refuse("confirmation-not-before", str(data.get("NotBefore")))
            if data.get("NotOnOrAfter") is None:
                refuse("confirmation-time-missing")
            ends = instant(data.get("NotOnOrAfter"))
            if ends + CLOCK_TOLERANCE <= expected.now:
                refuse("confirmation-expired", _text(ends), _text(expected.now))
        except ResponseNotAcceptedError as error:
            return error.refusal
        self.usable_until = max(self.usable_until, ends + CLOCK_TOLERANCE)
        return None

    def _check_values(self) -> None:
        values = self._query_assertion("/saml:AttributeStatement/saml:Attribute/saml:AttributeValue")
        if len(values) > MAX_VALUES:
            refuse("too-many-attributes", f"{len(values)} values", f"at most {MAX_VALUES}")
        if any(len(value) for value in values):
            refuse("attribute-value-not-text")


def instant(text: str | None) -> datetime:
    """Return a SAML time (saml-core-2.0-os 1.3.3: UTC, with its Z); raises `ResponseNotAcceptedError` for another."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        refuse("response-time-unreadable", text or "", "a time in UTC")
    if moment.tzinfo is None:
        refuse("response-time-unreadable", text or "", "a time in UTC, ending in Z")
    return moment.astimezone(UTC)


def _equal(found: str | None, expected: str, when_missing: str, when_other: str) -> None:
    if not found:
        refuse(when_missing, expected=expected)
    if found != expected:
        refuse(when_other, found, expected)


def _without_times(confirmation: etree._Element) -> etree._Element:
    stripped = copy.deepcopy(confirmation)
    for data in stripped.iterfind(f"{{{_SAML}}}SubjectConfirmationData"):
        etree.strip_attributes(data, "NotOnOrAfter")
    return stripped


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
