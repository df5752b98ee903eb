# SPDX-License-Identifier: Apache-2.0
"""Step 2: who must be stopped is stopped: the provider's gate again, the learner id, the owner of the school.

The provider's gate stood before the login page already; it is asked anew, because the person's browser chose what to
post in between.
"""

from __future__ import annotations

from satosa.internal import InternalData
from satosa.response import Response

from federation.gates import check_person, check_source
from proxy.login import LoginRefusedError
from proxy.micro_services.step import Step
from proxy.request import RequestContext


class CheckGates(Step):
    """Lets a person through, or raises `LoginRefusedError`."""

    def process(self, context: RequestContext, data: InternalData) -> Response:
        """Apply both gates to the person of this request."""
        source, service = self.source(context), self.service(data)
        refusal = check_source(source.gate, service.service) or check_person(
            self.home_values(context), source.source, self.runtime.settings.registry, service.person_rules
        )
        if refusal is not None:
            raise LoginRefusedError(refusal, context.login())
        return super().process(context, data)
