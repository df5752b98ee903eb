# SPDX-License-Identifier: Apache-2.0
"""Whether an education provider has an agreement with the publisher: its people then get in through it. Pure."""

from __future__ import annotations

from datetime import datetime

from sp_stub.rules.business import Business


def has_agreement(business: Business, customer: str, now: datetime) -> bool:
    """Tell whether the customer's contract holds and one of its schools uses MPASSid here or has a licence."""
    if not business.has_contract(customer, now):
        return False
    return any(
        business.is_activated(code) or business.licences.get(code)
        for code, school in business.schools.items()
        if school.customer == customer
    )
