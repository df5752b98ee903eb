# SPDX-License-Identifier: Apache-2.0
"""Customer service of one running publisher: everything its pages work with, put together once."""

from __future__ import annotations

from dataclasses import dataclass

from party.clock import Clock
from sp_stub.data.audit_trail import AuditTrail
from sp_stub.data.changes import ChangeStore
from sp_stub.data.contract_end import CustomerData
from sp_stub.data.database import Database
from sp_stub.data.grants import Grants
from sp_stub.data.inbox import Inbox
from sp_stub.data.openings import Openings
from sp_stub.data.sign_in_tries import SignInTries
from sp_stub.data.staff_sessions import StaffSessions
from sp_stub.data.staff_users import StaffUsers
from sp_stub.data.support_views import SupportViews
from sp_stub.rules.business import Business
from sp_stub.settings import Settings
from sp_stub.staff.business_now import BusinessNow
from sp_stub.staff.schools import SchoolRegister
from sp_stub.staff.sign_in import StaffSignIn


@dataclass(frozen=True)
class CustomerService:
    """The stores and rules behind customer service's pages."""

    sign_in: StaffSignIn
    trail: AuditTrail
    business: BusinessNow
    customers: CustomerData
    grants: Grants
    inbox: Inbox
    openings: Openings
    register: SchoolRegister
    users: StaffUsers
    views: SupportViews
    clock: Clock

    @classmethod
    def of(cls, settings: Settings, database: Database, clock: Clock) -> CustomerService:
        """Return the customer service of the publisher of `settings`."""
        config, secret = settings.config, settings.session_secret
        trail = AuditTrail(database)
        return cls(
            sign_in=StaffSignIn(
                config.publisher.staff, StaffSessions(database, secret), SignInTries(database, secret), trail
            ),
            trail=trail,
            business=BusinessNow(Business.of(config), ChangeStore(database), clock),
            customers=CustomerData(database),
            grants=Grants(database),
            inbox=Inbox(database),
            openings=Openings(database),
            register=SchoolRegister(config),
            users=StaffUsers(database),
            views=SupportViews(database),
            clock=clock,
        )
