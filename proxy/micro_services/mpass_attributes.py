# SPDX-License-Identifier: Apache-2.0
"""Step 4: registry fields become MPASSid's data model, and what the rules drop is noted by the id of the rule."""

from __future__ import annotations

from satosa.internal import InternalData
from satosa.response import Response

from federation.values import build_attributes
from proxy.micro_services.step import Step
from proxy.request import RequestContext


class BuildAttributes(Step):
    """Replaces the home organisation's attributes by MPASSid's."""

    def process(self, context: RequestContext, data: InternalData) -> Response:
        """Build the attributes of the person of this request."""
        settings = self.runtime.settings
        source, rules = self.source(context).source, settings.configuration.rules
        built = build_attributes(self.home_values(context), source, settings.registry, rules)
        data.attributes = {name: list(values) for name, values in built.values.items()}
        self.runtime.events.emit(
            "attributes-built",
            request_id=context.login().request_id,
            released=[name for name in built.values if name in self.service(data).receives],
            dropped=[dropped.rule for dropped in built.dropped],
        )
        return super().process(context, data)
