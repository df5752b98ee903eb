# SPDX-License-Identifier: Apache-2.0
"""A right response of an identity provider and named ways to change it, before and after it is signed.

Built with the IdP simulators' own builder (`idp_simulators.saml.messages` and `.signing`), so that what two readers are
compared on shares no code with either. A mutation takes a `Draft` and a number of seconds, which only those that move
a time use.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Final, TypeAlias

from lxml import etree

from idp_simulators.saml.messages import (
    AssertionParts,
    Attribute,
    Confirmation,
    Issuer,
    ResponseParts,
    response_text,
)
from idp_simulators.saml.signing import Hash, Signer, Signing, sign
from tests.builders import saml_wrapping
from tests.builders.saml_encryption import encrypted
from tests.builders.saml_keys import pair
from tests.builders.saml_response import ACS, IDP, PROXY, REQUEST_ID, SAML_NAMESPACES, TAGS, Level

RESPONSE_ID: Final = "_response"
ASSERTION_ID: Final = "_assertion"
OTHER: Final = "https://other.example/metadata"
EMAIL: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
ENTITY: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

Edit: TypeAlias = Callable[[str], str]


@cache
def signer(entity: str) -> Signer:
    """Return a signer by the name of its key."""
    return Signer.of(pair(entity))


@dataclass(frozen=True)
class Draft:
    """A response before it is written: its parts, how it is signed, and what is done to the text and to the value."""

    made_at: datetime
    response: ResponseParts
    signings: tuple[Signing, ...]
    edits: tuple[Edit, ...] = ()
    encode: Edit = field(default=lambda text: base64.b64encode(text.encode()).decode())

    @property
    def assertion(self) -> AssertionParts:
        """The first assertion."""
        return self.response.assertions[0]

    @property
    def confirmation(self) -> Confirmation:
        """The first confirmation, or the right one where none is left."""
        confirmations = self.assertion.confirmations if self.response.assertions else ()
        return next(iter(confirmations), Confirmation(ACS, REQUEST_ID, self.made_at + timedelta(minutes=5)))

    def message(self) -> str:
        """Return the form field's value."""
        present = {self.response.id, *(assertion.id for assertion in self.response.assertions)}
        signings = [signing for signing in self.signings if signing.element_id in present]
        text = sign(response_text(self.response), signings)
        for edit in self.edits:
            text = edit(text)
        return self.encode(text)


def draft(now: datetime) -> Draft:
    """Return a right response, assertion and response signed."""
    end = now + timedelta(minutes=5)
    assertion = AssertionParts(
        id=ASSERTION_ID,
        issuer=Issuer(IDP),
        issue_instant=now,
        name_id="_name",
        confirmations=(Confirmation(ACS, REQUEST_ID, end),),
        not_before=now,
        not_on_or_after=end,
        audiences=((PROXY,),),
        authn_instant=now,
        session_index="_session",
        statements=((Attribute("firstName", ("Testi",)), Attribute("schoolCode", ("30076", "", "30077"))),),
    )
    response = ResponseParts(RESPONSE_ID, Issuer(IDP), now, ACS, REQUEST_ID, assertions=(assertion,))
    return Draft(now, response, signings("assertion", "response"))


def signings(*levels: Level, by: str = "idp", **changes: object) -> tuple[Signing, ...]:
    """Return how the levels are signed, in that order."""
    ids = {"assertion": ASSERTION_ID, "response": RESPONSE_ID}
    return tuple(replace(Signing.by(signer(by), ids[level]), **changes) for level in levels)


@dataclass(frozen=True)
class Mutation:
    """A named change; `moves_time` says whether the number of seconds means anything."""

    name: str
    change: Callable[[Draft, int], Draft]
    moves_time: bool = False


def of_response(**changes: object) -> Callable[[Draft, int], Draft]:
    """Return a change of the response's parts."""
    return lambda before, _: replace(before, response=replace(before.response, **changes))


def of_assertion(**changes: object) -> Callable[[Draft, int], Draft]:
    """Return a change of the assertion's parts."""
    return lambda before, _: _with_assertion(before, **changes)


def of_confirmation(**changes: object) -> Callable[[Draft, int], Draft]:
    """Return a change of the confirmation."""
    return _confirmed(changes)


def of_attributes(*attributes: Attribute) -> Callable[[Draft, int], Draft]:
    """Return a change of the attributes, in one statement."""
    return of_assertion(statements=(attributes,))


def of_signings(*changed: Signing) -> Callable[[Draft, int], Draft]:
    """Return a change of what is signed and how."""
    return lambda before, _: replace(before, signings=changed)


def of_text(edit: Edit) -> Callable[[Draft, int], Draft]:
    """Return a change of the signed text."""
    return lambda before, _: replace(before, edits=(*before.edits, edit))


def substitution(pattern: str, new: str, count: int = 1) -> Callable[[Draft, int], Draft]:
    """Return a change of the signed text by a pattern; where it is not found nothing changes."""
    return of_text(lambda text: re.sub(pattern, new, text, count=count, flags=re.DOTALL))


def moved(part: str, name: str) -> Callable[[Draft, int], Draft]:
    """Return a change that sets a time to so many seconds after the draft was made."""

    def change(before: Draft, seconds: int) -> Draft:
        time = before.made_at + timedelta(seconds=seconds)
        if part == "response":
            return replace(before, response=replace(before.response, **{name: time}))
        if part == "confirmation":
            return _with_assertion(before, confirmations=(replace(before.confirmation, **{name: time}),))
        return _with_assertion(before, **{name: time})

    return change


def _with_assertion(before: Draft, **changes: object) -> Draft:
    if not before.response.assertions:
        return before
    assertions = (replace(before.assertion, **changes), *before.response.assertions[1:])
    return replace(before, response=replace(before.response, assertions=assertions))


def _confirmed(*changes: dict[str, object]) -> Callable[[Draft, int], Draft]:
    return lambda before, _: _with_assertion(
        before, confirmations=tuple(replace(before.confirmation, **change) for change in changes)
    )


def _second_assertion(before: Draft, _: int) -> Draft:
    if not before.response.assertions:
        return before
    second = replace(before.assertion, id="_second")
    return replace(before, response=replace(before.response, assertions=(*before.response.assertions, second)))


def _second_statement(before: Draft, _: int) -> Draft:
    if not before.response.assertions:
        return before
    return _with_assertion(before, statements=(*before.assertion.statements, (Attribute("firstName", ("Toinen",)),)))


def _wrapped(level: Level, layout: saml_wrapping.Layout, *, same_id: bool) -> Callable[[Draft, int], Draft]:
    def change(before: Draft, _: int) -> Draft:
        if not before.response.assertions:
            return before
        only = tuple(signing for signing in before.signings if signing.element_id == f"_{level}")
        edit = partial(_wrap, level=level, layout=layout, same_id=same_id)
        return replace(before, signings=only, edits=(edit, *before.edits))

    return change


def _wrap(text: str, level: Level, layout: saml_wrapping.Layout, *, same_id: bool) -> str:
    """Wrap what is signed at that level; where another mutation left nothing signed there, nothing changes."""
    element = next(etree.fromstring(text.encode()).iter(TAGS[level]), None)
    if element is None or element.find("ds:Signature", SAML_NAMESPACES) is None:
        return text
    return saml_wrapping.wrapped(text, level, layout, same_id=same_id)


def _encrypted(before: Draft, _: int) -> Draft:
    """Encrypt the signed assertion; the response around it stays unsigned."""
    only = tuple(signing for signing in before.signings if signing.element_id == ASSERTION_ID)

    def edit(text: str) -> str:
        return encrypted(text) if "<saml:Assertion " in text else text

    return replace(before, signings=only, edits=(edit, *before.edits))


def _encoded(change: Edit) -> Callable[[Draft, int], Draft]:
    return lambda before, _: replace(before, encode=lambda text: change(before.encode(text)))


def _bytes(encoding: str) -> Callable[[Draft, int], Draft]:
    return lambda before, _: replace(
        before,
        encode=lambda text: base64.b64encode(
            f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding, "xmlcharrefreplace")
        ).decode(),
    )


_XSI: Final = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

FIELDS: Final = (
    Mutation("response: version 1.1", of_response(version="1.1")),
    Mutation("response: version 2.1", of_response(version="2.1")),
    Mutation("response: no issuer", of_response(issuer=None)),
    Mutation("response: another issuer", of_response(issuer=Issuer(OTHER))),
    Mutation("response: empty issuer", of_response(issuer=Issuer(""))),
    Mutation("response: issuer in upper case", of_response(issuer=Issuer(IDP.upper()))),
    Mutation("response: blanks around the issuer", of_response(issuer=Issuer(f" {IDP}\n"))),
    Mutation("response: issuer as e-mail address", of_response(issuer=Issuer(IDP, EMAIL))),
    Mutation("response: issuer as entity", of_response(issuer=Issuer(IDP, ENTITY))),
    Mutation("response: no destination", of_response(destination=None)),
    Mutation("response: another destination", of_response(destination=OTHER)),
    Mutation("response: destination with a slash", of_response(destination=f"{ACS}/")),
    Mutation("response: empty destination", of_response(destination="")),
    Mutation("response: no InResponseTo", of_response(in_response_to=None)),
    Mutation("response: another InResponseTo", of_response(in_response_to="_another")),
    Mutation("response: status AuthnFailed", of_response(status=("Responder", "AuthnFailed"))),
    Mutation("response: status NoPassive, no assertion", of_response(status=("Responder", "NoPassive"), assertions=())),
    Mutation("response: unknown status", of_response(status=("Strange",))),
    Mutation("response: success over a second level", of_response(status=("Success", "AuthnFailed"))),
    Mutation("response: a status message", of_response(status_message="<b>hyvin</b>")),
    Mutation("response: extensions", of_response(extensions='<x:a xmlns:x="urn:x"/>')),
    Mutation("response: one ID twice", of_response(extensions=f'<x:a xmlns:x="urn:x" ID="{ASSERTION_ID}"/>')),
    Mutation("response: no assertion", of_response(assertions=())),
    Mutation("response: two assertions", _second_assertion),
    Mutation("response: issue instant", moved("response", "issue_instant"), moves_time=True),
    Mutation("assertion: version 1.1", of_assertion(version="1.1")),
    Mutation("assertion: no issuer", of_assertion(issuer=None)),
    Mutation("assertion: another issuer", of_assertion(issuer=Issuer(OTHER))),
    Mutation("assertion: empty issuer", of_assertion(issuer=Issuer(""))),
    Mutation("assertion: blanks around the issuer", of_assertion(issuer=Issuer(f" {IDP}\n"))),
    Mutation("assertion: issuer as e-mail address", of_assertion(issuer=Issuer(IDP, EMAIL))),
    Mutation("assertion: no NameID", of_assertion(name_id=None)),
    Mutation("assertion: no confirmation", of_assertion(confirmations=())),
    Mutation("assertion: issue instant", moved("assertion", "issue_instant"), moves_time=True),
    Mutation("confirmation: no recipient", of_confirmation(recipient=None)),
    Mutation("confirmation: another recipient", of_confirmation(recipient=OTHER)),
    Mutation("confirmation: recipient with a slash", of_confirmation(recipient=f"{ACS}/")),
    Mutation("confirmation: the audience for a recipient", of_confirmation(recipient=PROXY)),
    Mutation("confirmation: no InResponseTo", of_confirmation(in_response_to=None)),
    Mutation("confirmation: another InResponseTo", of_confirmation(in_response_to="_another")),
    Mutation("confirmation: no end", of_confirmation(not_on_or_after=None)),
    Mutation("confirmation: end", moved("confirmation", "not_on_or_after"), moves_time=True),
    Mutation("confirmation: beginning", moved("confirmation", "not_before"), moves_time=True),
    Mutation("confirmation: holder of key", of_confirmation(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")),
    Mutation("confirmation: sender vouches", of_confirmation(method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")),
    Mutation("confirmation: unknown method", of_confirmation(method="urn:x")),
    Mutation("confirmation: a wrong one and a right one", _confirmed({"recipient": OTHER}, {})),
    Mutation("confirmation: a right one and a wrong one", _confirmed({}, {"recipient": OTHER})),
    Mutation("confirmation: an unanswered one and a right one", _confirmed({"in_response_to": "_another"}, {})),
    Mutation("conditions: beginning", moved("assertion", "not_before"), moves_time=True),
    Mutation("conditions: end", moved("assertion", "not_on_or_after"), moves_time=True),
    Mutation("conditions: no times", of_assertion(not_before=None, not_on_or_after=None)),
    Mutation("conditions: no audience", of_assertion(audiences=())),
    Mutation("conditions: another audience", of_assertion(audiences=((OTHER,),))),
    Mutation("conditions: empty audience", of_assertion(audiences=(("",),))),
    Mutation("conditions: audience with a slash", of_assertion(audiences=((f"{PROXY}/",),))),
    Mutation("conditions: blanks around the audience", of_assertion(audiences=((f" {PROXY} ",),))),
    Mutation("conditions: two audiences", of_assertion(audiences=((OTHER, PROXY),))),
    Mutation("conditions: two restrictions, one of another", of_assertion(audiences=((PROXY,), (OTHER,)))),
    Mutation("conditions: one time use", of_assertion(extra_conditions="<saml:OneTimeUse/>")),
    Mutation("conditions: not to be passed on", of_assertion(extra_conditions='<saml:ProxyRestriction Count="0"/>')),
    Mutation("conditions: may be passed on", of_assertion(extra_conditions='<saml:ProxyRestriction Count="1"/>')),
    Mutation(
        "conditions: unknown",
        of_assertion(extra_conditions=f'<saml:Condition {_XSI} xsi:type="saml:OneTimeUseType"/>'),
    ),
    Mutation("statement: sign-in", moved("assertion", "authn_instant"), moves_time=True),
    Mutation("statement: session end", moved("assertion", "session_not_on_or_after"), moves_time=True),
    Mutation("attributes: none", of_assertion(statements=())),
    Mutation("attributes: two statements", _second_statement),
    Mutation(
        "attributes: one name twice",
        of_attributes(Attribute("firstName", ("Testi",)), Attribute("firstName", ("Toinen",))),
    ),
    Mutation("attributes: no values", of_attributes(Attribute("firstName", ()))),
    Mutation(
        "attributes: an element for a value", of_attributes(Attribute("firstName", (), ("<x xmlns=''>Testi</x>",)))
    ),
    Mutation("attributes: a comment", of_attributes(Attribute("firstName", (), ("Te<!-- x -->sti",)))),
    Mutation("attributes: a processing instruction", of_attributes(Attribute("firstName", (), ("Te<?x y?>sti",)))),
    Mutation("attributes: CDATA", of_attributes(Attribute("firstName", (), ("<![CDATA[Te<s>ti]]>",)))),
    Mutation("attributes: blanks around", of_attributes(Attribute("firstName", ("  Testi\n",)))),
    Mutation("attributes: Unicode", of_attributes(Attribute("firstName", ("Åäö \U0001f600 e\u0301 &<>\"'",)))),
    Mutation("attributes: 300", of_attributes(*(Attribute(f"a{number}", ("x",)) for number in range(300)))),
)

SIGNATURES: Final = (
    Mutation("signed: nothing", of_signings()),
    Mutation("signed: the assertion", of_signings(*signings("assertion"))),
    Mutation("signed: the response", of_signings(*signings("response"))),
    Mutation("signed: the assertion after the response", of_signings(*signings("response", "assertion"))),
    Mutation("signed: by another", of_signings(*signings("assertion", "response", by="foreign"))),
    Mutation(
        "signed: the response by another", of_signings(*signings("assertion"), *signings("response", by="foreign"))
    ),
    Mutation(
        "signed: the assertion by another", of_signings(*signings("assertion", by="foreign"), *signings("response"))
    ),
    Mutation(
        "signed: by another, with the right certificate",
        of_signings(
            *signings("assertion", "response", by="foreign", certificate_base64=pair("idp").certificate_base64)
        ),
    ),
    Mutation(
        "signed: with another's certificate",
        of_signings(*signings("assertion", "response", certificate_base64=pair("foreign").certificate_base64)),
    ),
    Mutation("signed: without certificate", of_signings(*signings("assertion", "response", certificate_base64=None))),
    Mutation("signed: SHA-1", of_signings(*signings("assertion", "response", signature_hash=Hash.SHA1))),
    Mutation("signed: SHA-1 digests", of_signings(*signings("assertion", "response", digest_hash=Hash.SHA1))),
    Mutation(
        "signed: SHA-512",
        of_signings(*signings("assertion", "response", signature_hash=Hash.SHA512, digest_hash=Hash.SHA512)),
    ),
    Mutation("signature: empty value", substitution("<ds:SignatureValue>[^<]*<", "<ds:SignatureValue><")),
    Mutation("signature: empty digest", substitution("<ds:DigestValue>[^<]*<", "<ds:DigestValue><")),
    Mutation("signature: a comment in the digest", substitution("<ds:DigestValue>", "<ds:DigestValue><!-- x -->")),
    Mutation("signature: a comment in the value", substitution("<ds:SignatureValue>", "<ds:SignatureValue><!-- x -->")),
    Mutation("signature: two SignedInfo", substitution("(<ds:SignedInfo>.*?</ds:SignedInfo>)", r"\1\1")),
    Mutation("signature: two References", substitution("(<ds:Reference .*?</ds:Reference>)", r"\1\1")),
    Mutation("signature: an Object", substitution("</ds:Signature>", "<ds:Object/></ds:Signature>")),
    Mutation("signature: empty reference", substitution(' URI="#[^"]*"', ' URI=""')),
    Mutation("signature: no reference", substitution(' URI="#[^"]*"', "")),
    Mutation("signature: a foreign reference", substitution(' URI="#[^"]*"', ' URI="#_other"')),
    Mutation(
        "signature: one transform",
        substitution('<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>', ""),
    ),
    Mutation(
        "signature: XPath for a transform",
        substitution(
            "</ds:Transforms>",
            '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/></ds:Transforms>',
        ),
    ),
    Mutation(
        "signature: inclusive canonicalisation",
        substitution("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", 99),
    ),
    Mutation(
        "signature: HMAC",
        substitution("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#hmac-sha256", 99),
    ),
    Mutation("signature: removed", substitution("<ds:Signature .*?</ds:Signature>", "")),
    Mutation("signature: all removed", substitution("<ds:Signature .*?</ds:Signature>", "", 99)),
    Mutation("signature: twice", substitution("(<ds:Signature .*?</ds:Signature>)", r"\1\1")),
    Mutation(
        "signature: at the end of the response",
        substitution("(<ds:Signature .*?</ds:Signature>)(.*)</samlp:Response>", r"\2\1</samlp:Response>"),
    ),
)

TEXTS: Final = (
    Mutation("text: a value changed", substitution(">Testi<", ">Toinen<")),
    Mutation("text: an ID changed", substitution(f'ID="{ASSERTION_ID}"', 'ID="_changed"')),
    Mutation("text: a comment in a value", substitution(">Testi<", ">Te<!-- x -->sti<")),
    Mutation("text: a comment in the NameID", substitution(">_name<", ">_na<!-- x -->me<")),
    Mutation("text: a comment between elements", substitution("<samlp:Status>", "<!-- x --><samlp:Status>")),
    Mutation("text: a processing instruction in a value", substitution(">Testi<", ">Te<?x?>sti<")),
    Mutation("text: CDATA around a value", substitution(">Testi<", "><![CDATA[Testi]]><")),
    Mutation("text: character references", substitution(">Testi<", ">&#84;&#x65;sti<")),
    Mutation("text: blanks in a value", substitution(">Testi<", "> Testi<")),
    Mutation("text: blanks in tags", substitution("<samlp:Status>", "<samlp:Status\n >")),
    Mutation("text: blanks between elements", substitution("<samlp:Status>", "\n<samlp:Status>")),
    Mutation("text: single quotes", substitution('Version="2.0"', "Version='2.0'")),
    Mutation("text: another order of attributes", substitution('(ID="[^"]*") (Version="[^"]*")', r"\2 \1")),
    Mutation(
        "text: another prefix", of_text(lambda text: text.replace("samlp:", "p:").replace("xmlns:samlp", "xmlns:p"))
    ),
    Mutation("text: a namespace nobody uses", substitution("<samlp:Response ", '<samlp:Response xmlns:x="urn:x" ')),
    Mutation("text: a comment in front", of_text(lambda text: f"<!-- x -->{text}")),
    Mutation("text: a comment behind", of_text(lambda text: f"{text}<!-- x -->")),
    Mutation("text: an XML declaration", of_text(lambda text: f'<?xml version="1.0" encoding="UTF-8"?>{text}')),
    Mutation("text: a byte order mark", of_text(lambda text: f"\ufeff{text}")),
    Mutation("text: UTF-16", _bytes("utf-16")),
    Mutation("text: latin-1", _bytes("iso-8859-1")),
    Mutation("text: a document type", of_text(lambda text: f"<!DOCTYPE samlp:Response>{text}")),
    Mutation(
        "text: default attributes",
        of_text(lambda text: f"<!DOCTYPE r [<!ATTLIST saml:Attribute FriendlyName CDATA 'x'>]>{text}"),
    ),
    Mutation(
        "text: an entity", of_text(lambda text: f"<!DOCTYPE r [<!ENTITY x 'Testi'>]>{text.replace('>Testi<', '>&x;<')}")
    ),
    Mutation("text: two roots", of_text(lambda text: text + text)),
    Mutation("text: cut", of_text(lambda text: text[:-20])),
    Mutation("text: an unknown attribute", substitution("<samlp:Status>", '<samlp:Status x="y">')),
    Mutation("text: an unknown element", substitution("<samlp:Status>", "<samlp:Status/><samlp:Status>")),
    Mutation("text: time without Z", substitution('IssueInstant="([^"]*)Z"', r'IssueInstant="\1"', 99)),
    Mutation("text: time with an offset", substitution('IssueInstant="([^"]*)Z"', r'IssueInstant="\1+00:00"', 99)),
    Mutation("text: encrypted", _encrypted),
    Mutation(
        "base64: line breaks", _encoded(lambda value: "\r\n".join(value[i : i + 76] for i in range(0, len(value), 76)))
    ),
    Mutation("base64: junk in between", _encoded(lambda value: f"{value[:100]}!*{value[100:]}")),
    Mutation("base64: junk behind", _encoded(lambda value: f"{value}====!")),
    Mutation("base64: cut", _encoded(lambda value: value[:-3])),
    Mutation("base64: empty", _encoded(lambda _: "")),
)

WRAPPINGS: Final = tuple(
    Mutation(
        f"wrapped: {level}, {layout.__name__.replace('_', ' ')}{', same ID' if same_id else ''}",
        _wrapped(level, layout, same_id=same_id),
    )
    for level in ("assertion", "response")
    for layout in saml_wrapping.LAYOUTS
    for same_id in (False, True)
)

MUTATIONS: Final = {each.name: each for each in (*FIELDS, *SIGNATURES, *TEXTS, *WRAPPINGS)}
