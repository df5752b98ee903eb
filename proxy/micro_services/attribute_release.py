# SPDX-License-Identifier: Apache-2.0
"""Step 5: the service receives what it is declared to receive, and nothing else."""

from __future__ import annotations

from satosa.internal import InternalData
from satosa.response import Response

from federation.release import release
from proxy.micro_services.step import Step
from proxy.request import RequestContext


class ReleaseAttributes(Step):
    """Keeps the attributes that this service receives."""

    def process(self, context: RequestContext, data: InternalData) -> Response:
        """Apply the release to the attributes of this request."""
        built = {name: tuple(values) for name, values in data.attributes.items()}
        data.attributes = {name: list(values) for name, values in release(built, self.service(data).receives).items()}
        return super().process(context, data)
