# SPDX-License-Identifier: Apache-2.0
"""What a service is answered: the response about a person who signed in, or the error that says why nobody did.

Both are returned as the fields of the form that carries them, with the service's RelayState byte for byte.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from federation.attributes import BY_NAME
from proxy.login import Login
from proxy.name_ids import SubjectName
from proxy.runtime import Runtime
from proxy.saml.issue_response import Answer, ErrorAnswer, ReleasedAttribute, issue_error_response, issue_response
from proxy.saml.post import form_value
from proxy.settings import TrustedService
from proxy.sources import SOURCE_CLASS

FormFields: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class SignedIn:
    """A person at the end of the chain: their name at the service, when and where they signed in, what is released."""

    name: SubjectName
    authn_instant: datetime
    identity_provider: str
    attributes: Mapping[str, Sequence[str]]
    home_session_end: datetime | None = None
    """When the identity provider ends its session, where it has said so."""


def response_fields(runtime: Runtime, service: TrustedService, login: Login, person: SignedIn) -> FormFields:
    """Return the form that signs `person` in at `service`, and record that it was sent."""
    response_id, now = _new_id(), runtime.clock()
    answer = Answer(
        response_id=response_id,
        assertion_id=_new_id(),
        issued_at=now,
        issuer=runtime.settings.endpoints.idp_entity_id,
        audience=service.service_provider.entity_id,
        acs_url=login.acs_url,
        in_response_to=login.request_id,
        name_id=person.name.value,
        name_id_format=person.name.format,
        session_index=_new_id(),
        authn_instant=person.authn_instant,
        session_not_on_or_after=_session_end(person, now),
        authn_context_class=f"{SOURCE_CLASS}{login.source}",
        authenticating_authority=person.identity_provider,
        attributes=tuple(
            ReleasedAttribute(BY_NAME[name].saml_name, BY_NAME[name].friendly_name, tuple(values))
            for name, values in person.attributes.items()
        ),
    )
    document = issue_response(
        answer,
        runtime.settings.idp_key,
        sign=service.configuration.sign,
        # Whoever publishes a key for it gets an assertion that only they can read (saml2int SDP-IDP11).
        encrypt_to=next(iter(service.service_provider.encryption_keys), None),
    )
    runtime.events.emit(
        "response-sent",
        request_id=login.request_id,
        service=login.service,
        source=login.source,
        response_id=response_id,
    )
    return _form_fields(document, login)


def error_fields(runtime: Runtime, login: Login, status: tuple[str, str], reason_id: str) -> FormFields:
    """Return the form that tells the service why nobody is signed in; the reason id is the status message."""
    answer = ErrorAnswer(
        response_id=_new_id(),
        issued_at=runtime.clock(),
        issuer=runtime.settings.endpoints.idp_entity_id,
        acs_url=login.acs_url,
        in_response_to=login.request_id,
        status=status,
        message=reason_id,
    )
    return _form_fields(issue_error_response(answer, runtime.settings.idp_key), login)


def _session_end(person: SignedIn, now: datetime) -> datetime | None:
    """Return what the service is told of the session's end: the identity provider's, as it bounds ours too.

    An end that only a difference of clocks lets past is not passed on: it would end the session that it begins.
    Our own hour is not told: it is about signing in anew, and MPASSid ends no service's session (saml-core-2.0-os 2.7.2).
    """
    end = person.home_session_end
    return end if end is not None and end > now else None


def _new_id() -> str:
    """Return a fresh XML ID of 128 random bits (saml-core-2.0-os 1.3.4)."""
    return f"_{secrets.token_hex(16)}"


def _form_fields(document: bytes, login: Login) -> FormFields:
    fields = {"SAMLResponse": form_value(document)}
    return fields if login.relay_state is None else {**fields, "RelayState": login.relay_state}
