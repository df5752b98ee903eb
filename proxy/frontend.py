# SPDX-License-Identifier: Apache-2.0
"""The proxy towards services: takes their AuthnRequests, sends them responses and refusals (design 4, hops 3 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from satosa.frontends.base import FrontendModule
from satosa.internal import InternalData
from satosa.response import Response

from federation.home import HomeValues
from federation.reasons import Refusal
from proxy.answers import SignedIn, error_fields, response_fields
from proxy.login import Login, LoginRefusedError, LoginState
from proxy.login_state import StateAlteredError, StateExpiredError, StateSeal, new_login_id
from proxy.logout import LOGOUT_PATH
from proxy.micro_services.step import HOME_VALUES
from proxy.name_ids import SubjectName, persistent_name, transient_name
from proxy.own_metadata import CONTENT_TYPE
from proxy.refusal_address import ShownRefusal, refusal_address, refusal_at
from proxy.request import Endpoint, RequestContext, Routes
from proxy.runtime import Runtime
from proxy.saml.authn_request import (
    RefusedRequest,
    VerifiedAuthnRequest,
    verify_authn_request_post,
    verify_authn_request_redirect,
)
from proxy.saml.names import PERSISTENT_FORMAT
from proxy.sources import SOURCE_CLASS, is_source_request

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
            (r"^idp/profile/SAML2/Redirect/SSO\Z", Endpoint(self._take_redirect, methods=("GET",))),
            (r"^idp/profile/SAML2/POST/SSO\Z", Endpoint(self._take_post, methods=("POST",))),
            (r"^refused/[A-Za-z0-9_-]+\Z", Endpoint(self._show_refusal_again)),
        ]

    def handle_authn_response(self, context: RequestContext, internal_resp: InternalData) -> Response:
        """Send the service its response: what is in `internal_resp.attributes` and nothing else."""
        login = context.login()
        service = self.runtime.settings.services[internal_resp.requester]
        person = SignedIn(
            name=self._subject_name(context, login, internal_resp.requester),
            authn_instant=datetime.fromisoformat(internal_resp.auth_info.timestamp),
            identity_provider=internal_resp.auth_info.issuer,
            attributes=internal_resp.attributes,
            home_session_end=context.home_session_end,
        )
        fields = response_fields(self.runtime, service, login, person)
        return self.runtime.pages.post(context.language, login.acs_url, fields)

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
        if login is not None and login.is_passive and refusal.reason.status is not None:
            fields = error_fields(self.runtime, login, refusal.reason.status, refusal.reason_id)
            return self.runtime.pages.post(context.language, login.acs_url, fields)
        now = self.runtime.clock()
        shown = ShownRefusal(refusal.reason_id, now, login, refused.picker_path, context.is_resumed)
        return self._refusal_page(context, shown, refusal_address(self._seal, shown))

    def _refusal_page(self, context: RequestContext, shown: ShownRefusal, address: str | None) -> Response:
        """Return the page of a refusal, with what takes the person on from there; `address` shows it again."""
        refusal, login, pages = Refusal(shown.reason_id), shown.login, self.runtime.pages
        continue_form, action = None, None
        if login is not None and refusal.reason.status is not None:
            fields = error_fields(self.runtime, login, refusal.reason.status, refusal.reason_id)
            continue_form = pages.continue_form(context.language, login.acs_url, fields)
        if shown.picker_path is not None:
            action = pages.search_again(context.language, shown.picker_path)
        elif shown.is_resumed:
            action = pages.log_out(context.language, LOGOUT_PATH)
        return pages.refusal(
            context.language,
            refusal,
            login.request_id if login else None,
            continue_form=continue_form,
            action=action,
            address=address,
            at=shown.at,
        )

    def _show_refusal_again(self, context: RequestContext) -> Response:
        address = f"/{context.path}"
        try:
            shown = refusal_at(self._seal, address, self.runtime.clock())
        except StateExpiredError as error:
            raise LoginRefusedError(Refusal("login-expired")) from error
        except StateAlteredError:
            return self.runtime.pages.not_found(context.language, address)
        return self._refusal_page(context, shown, address)

    @property
    def _seal(self) -> StateSeal:
        return StateSeal(self.runtime.settings.state_key)

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
