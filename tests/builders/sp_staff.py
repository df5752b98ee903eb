# SPDX-License-Identifier: Apache-2.0
"""A publisher with a customer service, and a browser of somebody who works there."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx

from federation.model import Names
from federation.publisher import StaffMember
from sp_stub.settings import Settings
from tests.builders.sp_browser import Browser, FakeService
from tests.builders.sp_business import SCHOOLS
from tests.builders.sp_response import PUPIL, FakeResponse
from tests.builders.sp_service import BUSINESS, service_settings

DESK = "/asiakaspalvelu"
STAFF = {"saara.tuki": StaffMember(name="Saara Tuki"), "veikko.tuki": StaffMember(name="Veikko Tuki")}
PROVIDER = "1.2.246.562.99.00000000001"


def staffed_settings(publisher: dict[str, Any] | None = None, **changes: Any) -> Settings:  # noqa: ANN401  # any field
    """Return settings of a publisher with four schools of two customers, and two people in customer service."""
    business = BUSINESS.model_copy(update={"staff": STAFF, **(publisher or {})})
    fields: dict[str, Any] = {
        "publisher": business,
        "schools": SCHOOLS,
        "customers": {"mansikkala": Names(fi="Mansikkala", sv="Jordgubbsby"), "demola": Names(fi="Demola")},
    }
    return service_settings(**{**fields, **changes})


def staffed_service(database_url: str = "sqlite://", **publisher: Any) -> FakeService:  # noqa: ANN401  # any field
    """Return such a publisher running, with these fields of the publisher changed."""
    return FakeService(staffed_settings(publisher), database_url)


class StaffBrowser(Browser):
    """A browser at the desk of customer service."""

    def sign_in(self, name: str = "saara.tuki", password: str | None = None) -> httpx.Response:
        """Sign in with the documented password, or with another one."""
        form = {"username": name, "password": f"{name}pwd" if password is None else password}
        return self.submit(DESK, f"{DESK}/kirjaudu", form)

    def submit(self, page: str, action: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Open a page, fill in its form that goes to `action`, and send it."""
        return self.post(action, {**self.hidden(page, action), **(form or {})})

    def hidden(self, page: str, action: str) -> dict[str, str]:
        """Return what the form of a page carries along."""
        text = self.get(page).text
        found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', text, re.DOTALL)
        assert found is not None, f"{page} has no form to {action}"
        fields = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', found[1])
        return {name: unescape(value) for name, value in fields}

    def step(self, path: str, reason: str = "Koulu pyysi.") -> httpx.Response:
        """Open a step's page, give a reason, and do it."""
        return self.submit(path, path, {"reason": reason})


def at_desk(service: FakeService, name: str = "saara.tuki") -> StaffBrowser:
    """Return the browser of somebody of customer service who is signed in."""
    browser = StaffBrowser(service)
    assert browser.sign_in(name).status_code == 303
    return browser


def login_as(number: int = 1, *schools: str, role: str = "1", **changes: str) -> FakeResponse:
    """Return what the login service says of a person: the number tells them apart, `schools` are 30076 unless given."""
    attributes = {
        **PUPIL,
        "uid": [f"MPASSOID.{number}"],
        "given_name": [f"Testi{number}"],
        "surname": [f"Sukunimi{number}"],
        "learner_id": [f"1.2.246.562.98.1000000{number:04}"],
        "role": [f"{PROVIDER};{school};9F;{_ROLES[role]};{role};1.2.3;" for school in schools or ("30076",)],
        **{name: [value] for name, value in changes.items()},
    }
    return FakeResponse(attributes=attributes, response_id=f"response-{number}", assertion_id=f"assertion-{number}")


_ROLES = {"1": "Oppilas", "2": "Opettaja"}
