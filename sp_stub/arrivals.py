# SPDX-License-Identifier: Apache-2.0
"""What a login by MPASSid says of a person, as the service keeps it."""

from __future__ import annotations

from sp_stub.data.hashing import keyed_hash
from sp_stub.data.users import MAX_GROUP, MAX_ROLE, Arrival, Membership
from sp_stub.rules.business import Business
from sp_stub.rules.person import Attributes, Person, first_value

LEARNER_ID = "learner_id"


def arrival_of(person: Person, attributes: Attributes, business: Business, secret: bytes) -> Arrival:
    """Return what is kept: the learner id only as a hash, keyed with `secret`, everything else as it came.

    The person is a customer's of the first school that the publisher knows.
    """
    learner_id = first_value(attributes, LEARNER_ID)
    customers = (business.customer_of(school.code) for school in person.schools)
    return Arrival(
        uid=person.id,
        customer=next(filter(None, customers), None),
        learner_hash=None if learner_id is None else keyed_hash(secret, f"learner\n{learner_id}"),
        held={
            "name": person.name,
            "attributes": {name: list(values) for name, values in attributes.items() if name != LEARNER_ID},
        },
        memberships=frozenset(
            Membership(school.code, role.group[:MAX_GROUP], role.code[:MAX_ROLE])
            for school in person.schools
            for role in school.roles
        ),
    )
