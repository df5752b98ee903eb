# SPDX-License-Identifier: Apache-2.0
"""Which events belong to a login's transcript."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta

from party.events import Event
from testbed.flow.browser import SeenMessage
from testbed.flow.result import LoginResult
from testbed.flow.transcript import events_of

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)


def request(request_id: str) -> SeenMessage:
    """Return a service's AuthnRequest on its way through the browser."""
    xml = f'<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{request_id}"/>'
    packer = zlib.compressobj(wbits=-15)
    encoded = base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()
    return SeenMessage(1, "publisher", "proxy", "SAMLRequest", "HTTP-Redirect", encoded, None)


def event(seconds: int, part: str, name: str, **fields: str) -> Event:
    """Return an event so many seconds later."""
    return Event(NOW + timedelta(seconds=seconds), part, name, fields)


def test_holds_what_a_home_organisation_without_saml_recorded():
    """It knows the proxy's nonce alone, and the proxy's event says whose that is; other logins stay out."""
    proxy = event(1, "proxy", "home-login-requested", request_id="_mine", home_request_id="nonce-1")
    home = event(2, "idp", "home-answered", home_request_id="nonce-1")
    missing = event(3, "proxy", "home-data-missing", request_id="_mine", home_request_id="nonce-1", because="x")
    others = event(0, "proxy", "home-login-requested", request_id="_other", home_request_id="nonce-2")
    nobodys = event(0, "proxy", "refused", because="login-not-found")
    result = LoginResult("kuusikoski/veera", "publisher", "in-process", "refused", messages=(request("_mine"),))

    assert events_of(result, [missing, home, nobodys, others, proxy]) == [proxy, home, missing]
