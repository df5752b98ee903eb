# SPDX-License-Identifier: Apache-2.0
"""Step 1: the home organisation's attribute names become registry fields, by the map of that source.

The source's helpers then add what the home organisation leaves to MPASSid (`federation.entra_helpers`).
A single-valued field takes its first value, as MPASSid does (facts-mpassid 3); an attribute outside the map goes no
further.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from satosa.internal import InternalData
from satosa.response import Response

from federation.home import HomeValues
from proxy.micro_services.step import HOME_VALUES, Step
from proxy.request import RequestContext


class ReadHomeValues(Step):
    """Puts the person's `HomeValues` beside the request."""

    def process(self, context: RequestContext, data: InternalData) -> Response:
        """Read `data.attributes` by the source's map; a resumed session has read them when it began."""
        if context.get_decoration(HOME_VALUES) is None:
            source = self.source(context)
            arrived = read_home_values(data.attributes, source.home_names)
            context.decorate(HOME_VALUES, source.helpers.applied(arrived))
        return super().process(context, data)


def read_home_values(attributes: Mapping[str, Sequence[str]], home_names: Mapping[str, str]) -> HomeValues:
    """Return the values that arrived under the mapped names."""

    def single(field: str) -> str | None:
        return next(iter(attributes.get(home_names[field], ())), None)

    def several(field: str) -> tuple[str, ...]:
        return tuple(attributes.get(home_names[field], ()))

    return HomeValues(
        given_name=single("given_name"),
        surname=single("surname"),
        nickname=single("nickname"),
        user_id=single("user_id"),
        learner_id=single("learner_id"),
        class_level=single("class_level"),
        school_codes=several("school_codes"),
        groups=several("groups"),
        roles=several("roles"),
        charges=several("charges"),
    )
