# SPDX-License-Identifier: Apache-2.0
"""A browser at a simulated service, and the fake login service that answers it."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from party.clock import MovableClock
from party.events import Event, Events
from party.run_token import AUTHORIZATION, bearer
from sp_stub.accounts.password_hashes import HashCost, PasswordHashes
from sp_stub.app import create_app
from sp_stub.settings import Settings
from tests.builders.sp_response import NOW, FakeResponse
from tests.builders.sp_service import RUN_TOKEN, service_settings

CHEAP = PasswordHashes(HashCost(memory=8, passes=1), waiting=100)
"""Passwords at next to no cost."""


@dataclass(frozen=True)
class StartedLogin:
    """What the service sent the browser away with."""

    request_id: str
    relay_state: str
    url: str

    def answer(self, response: FakeResponse | None = None) -> dict[str, str]:
        """Return the form with which the fake login service answers this login."""
        message = (response or FakeResponse()).but(in_response_to=self.request_id, confirmed_request=self.request_id)
        return {"SAMLResponse": message.form_value(), "RelayState": self.relay_state}


class FakeService:
    """One running service: the app with a clock that a test moves and the events it emitted."""

    def __init__(
        self,
        settings: Settings | None = None,
        database_url: str = "sqlite://",
        hashes: PasswordHashes | None = None,
    ) -> None:
        """Start the service at `NOW`."""
        self.settings = settings or service_settings()
        self.clock = MovableClock(NOW)
        self.events: list[Event] = []
        self.hashes = hashes or CHEAP
        part = self.settings.simulated
        self.app = create_app(
            self.settings, self.clock, Events(part, self.clock, self.events.append), database_url, self.hashes
        )

    def browser(self, cookies: httpx.Cookies | None = None) -> Browser:
        """Return a new browser, with the cookies of another one where given."""
        return Browser(self, cookies)


class Browser:
    """A browser that follows nothing by itself."""

    def __init__(self, service: FakeService, cookies: httpx.Cookies | None = None) -> None:
        """Open the service."""
        self.service = service
        transport = httpx.WSGITransport(app=service.app, raise_app_exceptions=True)
        self.client = httpx.Client(transport=transport, base_url=service.settings.config.origin, cookies=cookies)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Send a form."""
        return self.client.post(path, data=form or {})

    def start_login(self, query: str = "") -> StartedLogin:
        """Start a login and read what the browser is sent away with."""
        url = self.get(f"/kirjaudu/mpassid{query}").headers["location"]
        parameters = parse_qs(urlsplit(url).query)
        message = zlib.decompress(base64.b64decode(parameters["SAMLRequest"][0]), -15).decode()
        found = re.search(r'\bID="([^"]+)"', message)
        assert found is not None
        return StartedLogin(found[1], parameters["RelayState"][0], url)

    def log_in(self, response: FakeResponse | None = None, query: str = "") -> httpx.Response:
        """Log in and return what the service said to the answer."""
        return self.post("/acs", self.start_login(query).answer(response))

    def session(self, token: bytes = RUN_TOKEN) -> httpx.Response:
        """Ask what the service received."""
        return self.client.get("/session.json", headers={AUTHORIZATION: bearer(token)})


def field(page: httpx.Response, name: str) -> str | None:
    """Return what a page's machine-readable mark holds."""
    found = re.search(rf'data-field="{name}"[^>]*>(?:<[^>]+>)*([^<]*)', page.text)
    return found[1] if found else None
