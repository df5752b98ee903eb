# SPDX-License-Identifier: Apache-2.0
"""Logins stopped half-way: the form an identity provider or the proxy has just handed to the browser."""

from __future__ import annotations

import httpx

from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import Form, PageKind
from testbed.flow.people import find_person
from testbed.stacks.protocol import Stack, part_at


def handed_out_by(part: str, stack: Stack, client: httpx.Client, person: str, service: str = "publisher") -> Form:
    """Log a person in until `part` hands the browser a SAML response; return the form, not yet sent."""
    for page in walk(stack, LoginPlan(find_person(stack.federation, person), service), client):
        if page.kind is PageKind.SAML_POST and part_at(stack.origins, page.url) == part:
            form = page.form("saml-post")
            assert form is not None
            return form
    message = f"{part} handed out no response"
    raise AssertionError(message)


def send(client: httpx.Client, form: Form, **changed: str) -> httpx.Response:
    """Post a form, some fields changed."""
    return client.post(form.action, data={**form.fields, **changed})
