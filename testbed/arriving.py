# SPDX-License-Identifier: Apache-2.0
"""What arrives at the proxy of a declared person, by what their source sends and how the proxy reads it.

A kind that speaks SAML sends the registry's lists as they are. A Wilma or an Opinsys holds rows of its own making, so
both ends are asked: the simulator for its document, the proxy for what that says.
"""

from __future__ import annotations

from typing import Final

from federation.data_faults import NoData
from federation.entra_helpers import EntraHelpers
from federation.home import HomeValues
from federation.home_names import home_names
from federation.model import EducationProvider, IdpKind, Person
from idp_simulators.opinsys import person as opinsys_person
from idp_simulators.wilma import person as wilma_person
from proxy.asking import opinsys_data, wilma_data
from proxy.asking.fetching import Attributes
from proxy.micro_services.home_values import read_home_values

_SUBJECT: Final = "subject"


def arriving_values(provider: EducationProvider, user_name: str, person: Person) -> HomeValues:
    """Return the person's values at the proxy, before any rule is applied to them."""
    attributes = _document_attributes(provider, user_name, person)
    if attributes is None:
        return EntraHelpers.of(provider.idp).applied(HomeValues.of(user_name, person))
    return read_home_values(attributes, home_names(provider.idp))


def _document_attributes(provider: EducationProvider, user_name: str, person: Person) -> Attributes | None:
    """Return what the proxy reads in a data service's document; None where there is no data service."""
    match provider.idp.kind:
        case IdpKind.WILMA:
            return wilma_data.attributes(wilma_person.document(user_name, person))
        case IdpKind.OPINSYS:
            document = opinsys_person.document(_SUBJECT, user_name, person, {})
            read = opinsys_data.attributes(document, _SUBJECT)
            return {} if isinstance(read, NoData) else read
        case _:
            return None
