# SPDX-License-Identifier: Apache-2.0
"""Step 3: a person who got this far is remembered for the next service, unless they came from being remembered."""

from __future__ import annotations

from datetime import datetime

from satosa.internal import InternalData
from satosa.response import Response

from federation.reasons import Refusal
from party.cookies import set_cookie
from proxy.login import LoginRefusedError
from proxy.micro_services.step import Step
from proxy.request import RequestContext
from proxy.sso_session import SsoSession
from proxy.store import StoreUnavailableError


class RememberPerson(Step):
    """Begins a single sign-on session with a fresh id after a fresh sign-in."""

    def process(self, context: RequestContext, data: InternalData) -> Response:
        """Begin the session and give the browser its id; raises `LoginRefusedError` without the store."""
        if context.login().home_request_id is not None:
            self._begin(context, data)
        return super().process(context, data)

    def _begin(self, context: RequestContext, data: InternalData) -> None:
        login = context.login()
        session = SsoSession(
            source=str(login.source),
            issuer=data.auth_info.issuer,
            authn_instant=datetime.fromisoformat(data.auth_info.timestamp),
            home_values=self.home_values(context),
            home_end=context.home_session_end,
        )
        runtime = self.runtime
        try:
            session_id = runtime.sso_sessions.begin(session, runtime.clock())
        except StoreUnavailableError as error:
            raise LoginRefusedError(Refusal("store-unavailable"), login) from error
        context.new_cookies.append(
            set_cookie(runtime.settings.endpoints.origin, runtime.session_cookie, session_id, cross_site=True)
        )
