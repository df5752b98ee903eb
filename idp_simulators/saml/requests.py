# SPDX-License-Identifier: Apache-2.0
"""Reads the proxy's AuthnRequest (saml-profiles-2.0-os 4.1.4.1): one named check after another.

1. XML without a DOCTYPE, an AuthnRequest of SAML 2.0 with what every one has;
2. from the proxy, and signed with a key of the proxy's metadata;
3. meant for this address, issued now (three minutes of skew, five of age);
4. answered to an address of the proxy's metadata, by HTTP-POST; no person named.

A refusal sends nothing anywhere: the person reads a page at the identity provider.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from lxml import etree

from federation.reasons import Refusal
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.saml.bindings import ReceivedRequest
from idp_simulators.saml.messages import ASSERTION_NAMESPACE, PROTOCOL_NAMESPACE
from idp_simulators.saml.proxy_metadata import POST_BINDING, AcceptedProxy
from idp_simulators.saml.request_signatures import verify_detached, verify_enveloped
from idp_simulators.saml.xml_reading import DoctypeError, Element, NotXmlError, read_xml

SKEW: Final = timedelta(minutes=3)
MAX_AGE: Final = timedelta(minutes=5)

_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")
"""An NCName in ASCII; it goes back as InResponseTo."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
_BOOLEANS: Final = {None: False, "false": False, "0": False, "true": True, "1": True}


def read_authn_request(received: ReceivedRequest, proxy: AcceptedProxy, sso_url: str, now: datetime) -> HomeRequest:
    """Return what the proxy asks of the identity provider at `sso_url`; raises `RefusedRequestError`."""
    root = _parsed(received.document)
    request_id, instant = _essentials(root)
    _check_issuer(root, proxy)
    if not received.is_redirect:
        verify_enveloped(root, proxy)
    elif received.signature is None:
        raise RefusedRequestError(Refusal("home-request-signature-missing"))
    else:
        verify_detached(received.signature, proxy)
    _check_destination(root, sso_url)
    _check_instant(instant, now)
    if root.find(f"{{{ASSERTION_NAMESPACE}}}Subject") is not None:
        raise RefusedRequestError(Refusal("home-request-subject-unsupported"))
    return HomeRequest(
        id=request_id,
        issued=instant,
        reply_url=_acs_url(root, proxy),
        relay_state=received.relay_state,
        force_authn=_boolean(root, "ForceAuthn"),
        is_passive=_boolean(root, "IsPassive"),
    )


def _parsed(document: bytes) -> Element:
    try:
        root = read_xml(document)
    except DoctypeError as error:
        raise RefusedRequestError(Refusal("home-request-doctype")) from error
    except NotXmlError as error:
        raise RefusedRequestError(Refusal("home-request-not-xml")) from error
    if root.tag != f"{{{PROTOCOL_NAMESPACE}}}AuthnRequest":
        raise RefusedRequestError(
            Refusal("home-request-malformed", found=etree.QName(root).localname, expected="AuthnRequest")
        )
    return root


def _essentials(root: Element) -> tuple[str, datetime]:
    if root.get("Version") != "2.0":
        raise RefusedRequestError(Refusal("home-request-version-unsupported", root.get("Version", ""), "2.0"))
    request_id, instant = root.get("ID", ""), root.get("IssueInstant", "")
    if not _ID.fullmatch(request_id):
        raise RefusedRequestError(
            Refusal("home-request-malformed", found=f"ID {request_id}", expected="a name of 1 to 128 letters")
        )
    if not _INSTANT.fullmatch(instant):
        raise RefusedRequestError(
            Refusal("home-request-malformed", found=f"IssueInstant {instant}", expected="a time in UTC")
        )
    try:
        return request_id, datetime.fromisoformat(instant[:19]).replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusedRequestError(
            Refusal("home-request-malformed", found=instant, expected="a time that exists")
        ) from error


def _check_issuer(root: Element, proxy: AcceptedProxy) -> None:
    issuer = root.find(f"{{{ASSERTION_NAMESPACE}}}Issuer")
    text = "" if issuer is None else str(issuer.xpath("string()")).strip()
    if not text:
        raise RefusedRequestError(Refusal("home-request-issuer-missing", expected=proxy.entity_id))
    if text != proxy.entity_id:
        raise RefusedRequestError(Refusal("home-request-issuer-unknown", text, proxy.entity_id))


def _check_destination(root: Element, sso_url: str) -> None:
    destination = root.get("Destination")
    if not destination:
        raise RefusedRequestError(Refusal("home-request-destination-missing", expected=sso_url))
    if destination != sso_url:
        raise RefusedRequestError(Refusal("home-request-wrong-destination", destination, sso_url))


def _check_instant(instant: datetime, now: datetime) -> None:
    if instant > now + SKEW:
        raise RefusedRequestError(Refusal("home-request-not-yet-valid", instant.isoformat(), f"at most {now + SKEW}"))
    if instant < now - MAX_AGE - SKEW:
        raise RefusedRequestError(
            Refusal("home-request-expired", instant.isoformat(), f"at least {now - MAX_AGE - SKEW}")
        )


def _acs_url(root: Element, proxy: AcceptedProxy) -> str:
    binding, url = root.get("ProtocolBinding"), root.get("AssertionConsumerServiceURL")
    if binding not in {None, POST_BINDING}:
        raise RefusedRequestError(Refusal("home-request-binding-unsupported", str(binding), POST_BINDING))
    if root.get("AssertionConsumerServiceIndex") is not None:
        raise RefusedRequestError(Refusal("home-request-acs-unknown", found="an index", expected="the address itself"))
    if url is None:
        return proxy.acs_urls[0]
    if url not in proxy.acs_urls:
        raise RefusedRequestError(Refusal("home-request-acs-unknown", found=url))
    return url


def _boolean(root: Element, name: str) -> bool:
    value = root.get(name)
    if value not in _BOOLEANS:
        raise RefusedRequestError(Refusal("home-request-malformed", found=f"{name} {value}", expected="true or false"))
    return _BOOLEANS[value]
