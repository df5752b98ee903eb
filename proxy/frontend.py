# SPDX-License-Identifier: Apache-2.0
"""The proxy towards services: takes their AuthnRequests, sends them responses and refusals (design 4, hops 3 and 7)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from satosa.frontends.base import FrontendModule
from satosa.internal import InternalData
from satosa.response import Response

from federation.attributes import BY_NAME
from federation.home import HomeValues
from federation.reasons import Refusal
from party.cookies import delete_cookie
from proxy.login import Login, LoginRefusedError, LoginState
from proxy.login_state import new_login_id
from proxy.micro_services.step import HOME_VALUES
from proxy.name_ids import SubjectName, persistent_name, transient_name
from proxy.own_metadata import CONTENT_TYPE
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.runtime import Runtime
from proxy.saml.authn_request import (
    RefusedRequest,
    VerifiedAuthnRequest,
    verify_authn_request_post,
    verify_authn_request_redirect,
)
from proxy.saml.issue_response import Answer, ErrorAnswer, ReleasedAttribute, issue_error_response, issue_response
from proxy.saml.names import PERSISTENT_FORMAT
from proxy.saml.post import form_value
from proxy.settings import origin_of
from proxy.sources import SOURCE_CLASS, is_source_request
from proxy.store import StoreUnavailableError

BACKEND: Final = "sources"
"""The name of the one backend, which knows every source."""


class ServiceFrontend(FrontendModule):  # type: ignore[misc]  # SATOSA ships no types
    """MPASSid's IdP face: `/idp/shibboleth` and its SSO addresses."""

    runtime: Runtime

    def __init__(
        self,
        auth_req_callback_func: Callable[[RequestContext, InternalData], Response],
        internal_attributes: Mapping[str, Any],
        config: Mapping[str, Any],  # noqa: ARG002  # SATOSA passes it; ours comes with the runtime
        base_url: str,
        name: str,
    ) -> None:
        """Take what SATOSA gives a frontend; `runtime` is set before the first request."""
        super().__init__(auth_req_callback_func, internal_attributes, base_url, name)

    def register_endpoints(self, backend_names: list[str]) -> Routes:  # noqa: ARG002  # SATOSA's signature
        """Return the addresses that services use."""
        return [
            (r"^idp/shibboleth\Z", Endpoint(self._serve_metadata)),
            (r"^idp/profile/SAML2/Redirect/SSO\Z", Endpoint(self._take_redirect)),
            (r"^idp/profile/SAML2/POST/SSO\Z", Endpoint(self._take_post, methods=("POST",))),
            (r"^idp/profile/Logout\Z", Endpoint(self._log_out, methods=("GET", "POST"))),
        ]

    def handle_authn_response(self, context: RequestContext, internal_resp: InternalData) -> Response:
        """Send the service its response: what is in `internal_resp.attributes` and nothing else."""
        login = context.login()
        runtime = self.runtime
        now = runtime.clock()
        name = self._subject_name(context, login, internal_resp.requester)
        response_id = _new_id()
        answer = Answer(
            response_id=response_id,
            assertion_id=_new_id(),
            issued_at=now,
            issuer=runtime.settings.endpoints.idp_entity_id,
            audience=internal_resp.requester,
            acs_url=login.acs_url,
            in_response_to=login.request_id,
            name_id=name.value,
            name_id_format=name.format,
            session_index=_new_id(),
            authn_instant=datetime.fromisoformat(internal_resp.auth_info.timestamp),
            authn_context_class=f"{SOURCE_CLASS}{login.source}",
            authenticating_authority=internal_resp.auth_info.issuer,
            attributes=tuple(
                ReleasedAttribute(BY_NAME[name].saml_name, BY_NAME[name].friendly_name, tuple(values))
                for name, values in internal_resp.attributes.items()
            ),
        )
        service = runtime.settings.services[internal_resp.requester]
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
        return runtime.pages.post(context.language, login.acs_url, _form_fields(document, login))

    def handle_backend_error(self, exception: Exception) -> Response:
        """Never called: our endpoints raise `LoginRefusedError`, which `ProxyApplication.run` brings to `refuse`."""
        raise exception

    def refuse(self, context: RequestContext, refused: LoginRefusedError) -> Response:
        """Return the answer to a refused login.

        The service is told once it is verified: at once where it forbade a page (saml-core-2.0-os 3.4.1), otherwise
        by the page's button. Before that nothing is sent anywhere.
        """
        refusal, login = refused.refusal, refused.login
        self.runtime.events.emit(
            "refused",
            request_id=login.request_id if login else None,
            service=login.service if login else None,
            source=login.source if login else None,
            because=refusal.reason_id,
            found=refusal.found,
            expected=refusal.expected,
        )
        pages = self.runtime.pages
        if login is None or refusal.reason.status is None:
            request_id = login.request_id if login else None
            return pages.refusal(
                context.language,
                refusal,
                request_id,
                picker_path=refused.picker_path,
                address=context.own_page_address,
            )
        fields = _form_fields(self._error_response(login, refusal.reason.status, refusal.reason_id), login)
        if login.is_passive:
            return pages.post(context.language, login.acs_url, fields)
        continue_form = pages.continue_form(context.language, login.acs_url, fields)
        return pages.refusal(context.language, refusal, login.request_id, continue_form=continue_form)

    def _subject_name(self, context: RequestContext, login: Login, service_entity_id: str) -> SubjectName:
        if not login.wants_persistent_name:
            return transient_name()
        settings = self.runtime.settings
        source = settings.sources[str(login.source)].configuration.source
        home: HomeValues = context.get_decoration(HOME_VALUES)
        name = persistent_name(settings.state_key, source, home, service_entity_id)
        if name is None:
            refusal = Refusal("name-id-policy-unsupported", found="no user id", expected="a user id to make a name of")
            raise LoginRefusedError(refusal, login)
        return name

    def _error_response(self, login: Login, status: tuple[str, str], reason_id: str) -> bytes:
        answer = ErrorAnswer(
            response_id=_new_id(),
            issued_at=self.runtime.clock(),
            issuer=self.runtime.settings.endpoints.idp_entity_id,
            acs_url=login.acs_url,
            in_response_to=login.request_id,
            status=status,
            message=reason_id,
        )
        return issue_error_response(answer, self.runtime.settings.idp_key)

    def _serve_metadata(self, _context: RequestContext) -> Response:
        return Response(self.runtime.settings.idp_face_metadata, content=CONTENT_TYPE)

    def _take_redirect(self, context: RequestContext) -> Response:
        settings = self.runtime.settings
        return self._start(
            context,
            verify_authn_request_redirect(
                context.query_string,
                settings.service_providers,
                settings.endpoints.sso_redirect_url,
                self.runtime.clock(),
            ),
        )

    def _take_post(self, context: RequestContext) -> Response:
        settings = self.runtime.settings
        return self._start(
            context,
            verify_authn_request_post(
                context.body, settings.service_providers, settings.endpoints.sso_post_url, self.runtime.clock()
            ),
        )

    def _start(self, context: RequestContext, received: VerifiedAuthnRequest | RefusedRequest) -> Response:
        """Begin a login for a verified request: give it an id and a state, and hand it to SATOSA."""
        if isinstance(received, RefusedRequest):
            request = received.request
            raise LoginRefusedError(received.refusal, self._login(request) if request else None)
        login = self._login(received)
        self.runtime.events.emit("authn-request-received", request_id=login.request_id, service=login.service)
        if self.runtime.settings.configuration.rules.strict_authn_context:
            _check_context(received, login)
        context.state = LoginState(new_login_id())
        context.keep(login)
        context.target_backend = BACKEND
        return self.auth_req_callback_func(context, InternalData(requester=received.issuer))

    def _log_out(self, context: RequestContext) -> Response:
        """End this proxy's session and say what stays open; there is no single logout (facts-mpassid 5).

        `return` is followed to an address of a known service only.
        """
        runtime = self.runtime
        session_id = context.cookies.get(runtime.session_cookie)
        if session_id is not None:
            try:
                runtime.sso_sessions.end(session_id)
            except StoreUnavailableError as error:
                raise LoginRefusedError(Refusal("store-unavailable")) from error
            origin = runtime.settings.endpoints.origin
            context.new_cookies.append(delete_cookie(origin, runtime.session_cookie, cross_site=True))
        runtime.events.emit("logged-out", had_session=session_id is not None)
        target = context.query_value("return")
        if target is not None and origin_of(target) in runtime.settings.return_origins:
            return see_other(target)
        return runtime.pages.page(context.language, "logout.html", context.address)

    def _login(self, request: VerifiedAuthnRequest) -> Login:
        return Login(
            request_id=request.id,
            service=self.runtime.settings.services[request.issuer].configuration.service,
            acs_url=request.acs_url,
            relay_state=request.relay_state,
            classes=tuple(name for name in request.requested_classes if is_source_request(name)),
            wants_persistent_name=request.name_id_format == PERSISTENT_FORMAT,
            force_authn=request.force_authn,
            is_passive=request.is_passive,
        )


def _check_context(request: VerifiedAuthnRequest, login: Login) -> None:
    """Demand that a requested context, if any, is one that an answer here can have (saml-core-2.0-os 3.3.2.2.1)."""
    classes = request.requested_classes
    if classes and not any(map(is_source_request, classes)):
        raise LoginRefusedError(Refusal("no-authn-context", found=" ".join(classes), expected=SOURCE_CLASS), login)


def _new_id() -> str:
    """Return a fresh XML ID of 128 random bits (saml-core-2.0-os 1.3.4)."""
    return f"_{secrets.token_hex(16)}"


def _form_fields(document: bytes, login: Login) -> dict[str, str]:
    """Return the fields of the form to the service: the response, and its RelayState as it came."""
    fields = {"SAMLResponse": form_value(document)}
    return fields if login.relay_state is None else {**fields, "RelayState": login.relay_state}
