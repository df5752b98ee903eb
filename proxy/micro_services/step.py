# SPDX-License-Identifier: Apache-2.0
"""What the micro-services share: how SATOSA builds them, and whose login they work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from satosa.internal import InternalData
from satosa.micro_services.base import ResponseMicroService

from federation.home import HomeValues
from proxy.configuration import ServiceConfiguration, SourceConfiguration
from proxy.request import RequestContext
from proxy.runtime import Runtime

HOME_VALUES: Final = "home_values"


class Step(ResponseMicroService):  # type: ignore[misc]  # SATOSA ships no types
    """One step on the way of a response; `runtime` is set before the first request."""

    runtime: Runtime

    def __init__(
        self,
        name: str,
        base_url: str,
        internal_attributes: Mapping[str, Any],  # noqa: ARG002  # SATOSA passes it
        config: Mapping[str, Any],  # noqa: ARG002  # SATOSA passes it; ours comes with the runtime
    ) -> None:
        """Take what SATOSA gives a micro-service."""
        super().__init__(name=name, base_url=base_url)

    def source(self, context: RequestContext) -> SourceConfiguration:
        """Return the source the person signed in at."""
        return self.runtime.settings.sources[str(context.login().source)].configuration

    def service(self, data: InternalData) -> ServiceConfiguration:
        """Return the service that asked."""
        return self.runtime.settings.services[data.requester].configuration

    @staticmethod
    def home_values(context: RequestContext) -> HomeValues:
        """Return what the home organisation said, as the first step read it."""
        values: HomeValues = context.get_decoration(HOME_VALUES)
        return values
