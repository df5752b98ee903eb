# SPDX-License-Identifier: Apache-2.0
"""The proxy and both services with a Wilma and an Opinsys that the test itself plays: their answers are its own.

The test is at both ends of the proxy: it is the person's browser, and what the proxy asks of a data service comes to
`DataDouble`. Nothing of `idp_simulators` runs here, so that a fault at one end does not hide at the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

import proxy.app
import proxy.settings
import sp_stub.app
import sp_stub.settings
from certs.keys import KeyPair, Keys
from federation.endpoints import Endpoints, Origins, PartName
from federation.loader import loads
from federation.model import Federation
from party.clock import MovableClock
from party.events import Event, Events, event_to_json
from party.run_token import AUTHORIZATION, bearer
from proxy.store import MemoryStore
from testbed.assembly import RUN_TOKEN, entities, part_files, part_keys, rendered_files, secret_names
from testbed.flow.page import Page
from tests.builders.declarations import declaration
from tests.builders.home_answers import NOW, OONA, VEERA, checksum, claims, token
from tests.builders.homes import key_pair

ORIGINS: Final = Origins.tls()
ENDPOINTS: Final = Endpoints(ORIGINS)
WILMA: Final = ENDPOINTS.identity_provider("kuusikoski", "wilma")
OPINSYS: Final = ENDPOINTS.identity_provider("mansikkala", "opinsys")
WILMA_FLOW: Final = "WilmaKuusikoski"
OPINSYS_FLOW: Final = "OpinsysMansikkala"
AT_SCHOOL: Final = [{"school": "30076", "group": "3A", "role": "student"}]


@cache
def declared() -> Federation:
    """Return two municipalities: Mansikkala with an Opinsys, Kuusikoski with a Wilma, each allowing every service."""
    text = declaration("idp: {kind: saml}\n    allowed_services: [publisher]", "idp: {kind: wilma}").decode()
    return loads(text.replace("idp: {kind: saml}", "idp: {kind: opinsys}").encode(), "federation.yaml")


@cache
def keys() -> Keys:
    """Return everybody's keys and secrets, made once per process."""
    pairs: dict[str, KeyPair] = {entity: key_pair(entity) for entity in entities(declared())}
    secrets = {name: f"{name:-<32}".encode() for name in secret_names(declared())}
    return Keys(pairs, secrets)


@dataclass
class DataDouble:
    """Both data services: what is asked of them is kept, and `answer` says what they say."""

    answer: Callable[[httpx.Request], httpx.Response]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer the proxy."""
        self.asked.append(request)
        return self.answer(request)


def holding(document: Any) -> Callable[[httpx.Request], httpx.Response]:  # noqa: ANN401 -- JSON
    """Return a data service that holds a document, whoever is asked for."""
    return lambda _: as_json(document)


def as_json(document: Any, status: int = 200) -> httpx.Response:  # noqa: ANN401 -- JSON
    """Return an answer whose body is still to be read, as a transport gives it."""
    content = httpx.ByteStream(json.dumps(document).encode())
    return httpx.Response(status, headers={"Content-Type": "application/json"}, stream=content)


@dataclass
class Testbed:
    """The proxy, the publisher and the portal; made by `running`."""

    __test__ = False

    apps: dict[PartName, Any]
    clock: MovableClock
    data: DataDouble
    events: list[Event]

    def browser(self) -> Browser:
        """Return a fresh browser."""
        mounts = {ORIGINS.of(part): httpx.WSGITransport(app) for part, app in self.apps.items()}
        return Browser(httpx.Client(mounts=mounts, trust_env=False))

    def told(self, name: str) -> list[dict[str, Any]]:
        """Return the fields of every event of that name."""
        return [dict(event.fields) for event in self.events if event.name == name]

    def reasons(self) -> list[str]:
        """Return why the proxy refused, in order."""
        return [
            str(event.fields["because"]) for event in self.events if event.name == "refused" and event.part == "proxy"
        ]

    def log(self) -> str:
        """Return everything that was recorded, as it is written."""
        return "\n".join(event_to_json(event) for event in self.events)


@dataclass
class Browser:
    """A person's browser at the proxy and the services."""

    client: httpx.Client

    def choose(self, flow: str, service: PartName = "publisher") -> Asked:
        """Begin a login at a service and choose a source; return where the proxy sends the browser."""
        start = ENDPOINTS.service("publisher" if service == "publisher" else "portal").mpassid_login_url
        picker = self.client.get(start, params={"target": "/", "lang": "fi"}, follow_redirects=True)
        return self.choose_again(str(picker.url), flow)

    def choose_again(self, picker_url: str, flow: str) -> Asked:
        """Choose a source at the picker."""
        answer = self.client.post(picker_url, data={"source": flow})
        assert answer.status_code == 303, page_of(answer).error_fields
        return Asked(answer.headers["Location"])

    def follow(self, response: httpx.Response) -> httpx.Response:
        """Press whatever form the proxy hands out, and follow to the end."""
        page = page_of(response)
        form = page.form("saml-post") or page.form("continue")
        assert form is not None, (page.kind, page.error_fields)
        return self.client.post(form.action, data=form.fields, follow_redirects=True)

    def answer_as_wilma(self, asked: Asked, said: str = "username=virtavee", **other: Any) -> httpx.Response:  # noqa: ANN401
        """Return from Wilma with what it says, the checksum right unless it is given."""
        return self.client.get(asked.wilma_answer(said, **other))

    def answer_as_opinsys(self, asked: Asked, jwt: str | None = None) -> httpx.Response:
        """Return from Opinsys with its token."""
        return self.client.post(asked.return_to, data={"jwt": asked.token() if jwt is None else jwt})

    def received(self, service: PartName = "publisher") -> dict[str, list[str]]:
        """Return what the service received of the person who is signed in there, nothing where nobody is."""
        url = ENDPOINTS.service("publisher" if service == "publisher" else "portal").session_url
        answer = self.client.get(url, headers={AUTHORIZATION: bearer(keys().secrets[RUN_TOKEN])})
        attributes: dict[str, list[str]] = answer.json()["attributes"] if answer.status_code == 200 else {}
        return attributes


@dataclass(frozen=True)
class Asked:
    """Where the proxy sent a person to sign in, and what a home organisation reads in the address."""

    url: str

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters, each once."""
        return {name: value for name, [value] in parse_qs(urlsplit(self.url).query).items()}

    @property
    def return_to(self) -> str:
        """Where the person is to be given back."""
        return self.parameters.get("returnUrl") or self.parameters["return_to"]

    @property
    def nonce(self) -> str:
        """The login's nonce."""
        return self.parameters.get("nonce") or self.return_to.rpartition("nonce=")[2]

    def wilma_answer(self, said: str = "username=virtavee", secret: bytes | None = None) -> str:
        """Return Wilma's answer: the return URL with what it says, and the checksum."""
        url = f"{self.return_to}&{said}"
        return f"{url}&h={checksum(url, wilma_secret() if secret is None else secret)}"

    def token(self, **changes: Any) -> str:  # noqa: ANN401 -- claims
        """Return Opinsys's answer."""
        right = {"iss": OPINSYS.entity_id, "aud": ENDPOINTS.proxy.sp_entity_id, "nonce": self.nonce}
        return token(claims(**{**right, **changes}), pair=key_pair("idp-mansikkala"))


def wilma_secret() -> bytes:
    """Return what the Wilma shares with the proxy."""
    return keys().secrets["home-kuusikoski"]


def page_of(response: httpx.Response) -> Page:
    """Return a response as the headless flow sees it."""
    return Page(str(response.url), response.status_code, response.headers.get("content-type", ""), response.content)


def running() -> Testbed:
    """Return a fresh testbed; its Wilma holds Veera and its Opinsys Oona, both pupils of an activated school."""
    files = rendered_files(declared(), ORIGINS, keys().pairs)
    clock, recorded = MovableClock(NOW), list[Event]()
    data = DataDouble(_by_address)
    apps: dict[PartName, Any] = {}
    for part in ("publisher", "portal"):
        service = sp_stub.settings.Settings.read(part_files(files, part), part_keys(declared(), keys(), part))
        apps[part] = sp_stub.app.create_app(service, clock, Events(part, clock, recorded.append), "sqlite://")
    settings = proxy.settings.Settings.read(part_files(files, "proxy"), part_keys(declared(), keys(), "proxy"))
    events = Events("proxy", clock, recorded.append)
    apps["proxy"] = proxy.app.create_app(settings, clock, events, MemoryStore(), httpx.MockTransport(data))
    return Testbed(apps, clock, data, recorded)


def _by_address(request: httpx.Request) -> httpx.Response:
    if str(request.url).startswith(WILMA.base_url):
        return as_json([{**VEERA, "roles": AT_SCHOOL}])
    schools = [{**OONA["schools"][0], "code": "30076"}]
    return as_json({**OONA, "schools": schools})
