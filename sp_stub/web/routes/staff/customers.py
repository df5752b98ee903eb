# SPDX-License-Identifier: Apache-2.0
"""Customers' contracts: ended with all that hangs on them, and opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Response

from sp_stub.data.audit_trail import Act, Subject
from sp_stub.data.changes import BusinessDecision
from sp_stub.data.contract_end import Customer
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.rules.finnish_time import finnish_day
from sp_stub.web.moments import said_day
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, Desk
from sp_stub.web.routes.staff.schools import FOUND, school_view
from sp_stub.web.routes.staff.steps import Step, StepRoutes, done_at

PATH: Final = f"{FRONT}/asiakkaat"
_DECIDES: Final = {"end-contract": False, "reopen-contract": True, "contract-as-declared": None}
_ERASE: Final = "erase-customer"
_A_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class CustomerView:
    """A customer as a page shows it; `ends` is the declared last day, `users` how many people are known."""

    key: str
    name: str
    is_open: bool
    is_declared_open: bool
    decided: bool | None
    ends: str
    users: int


@dataclass(frozen=True)
class CustomerRoutes:
    """The list, and each customer with what may be decided."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        steps = StepRoutes(self.desk, f"{PATH}/<key>", "customers", self.find, self.steps, self.do)
        return (
            Route("GET", PATH, self.desk.staff_only(self.customers)),
            Route("GET", f"{PATH}/<key>", self.desk.staff_only(self.customer)),
            *steps.routes(),
        )

    def customers(self, staff: StaffSession) -> Response:
        """Show every customer."""
        business, now, language = self.desk.service.business(), self.desk.now(), self.desk.language
        customers = [
            {"key": key, "name": names.in_language(language), "is_open": business.has_contract(key, now)}
            for key, names in self.desk.service.register.customers.items()
        ]
        return self.desk.page(staff, "customers.html", "customers", customers=customers)

    def customer(self, staff: StaffSession, key: str) -> Response:
        """Show one customer."""
        customer = self.find(key)
        if customer is None:
            return self.desk.not_found()
        return self.desk.page(
            staff,
            "customer.html",
            "customers",
            customer=customer,
            schools=[school_view(self.desk, school) for school in self.desk.service.register.of_customer(key)],
            steps=self.steps(customer),
            history=self.desk.history(Subject("customer", key)),
        )

    def find(self, key: str) -> CustomerView | None:
        """Return the customer with this key."""
        service, now, language = self.desk.service, self.desk.now(), self.desk.language
        if key not in service.register.customers:
            return None
        ends = service.business.declared.contract_ends.get(key)
        return CustomerView(
            key=key,
            name=service.register.customer_name(key, language),
            is_open=service.business().has_contract(key, now),
            is_declared_open=service.business.declared.has_contract(key, now),
            decided=service.business.remembered().contract.get(key),
            # the end of the last day is the first moment of the next one
            ends="" if ends is None else said_day(finnish_day(ends - _A_MOMENT), language),
            users=service.customers.count(self._data(key)),
        )

    def steps(self, customer: CustomerView) -> list[Step]:
        """Return what may be decided about a customer now."""
        names = ["end-contract" if customer.is_open else "reopen-contract"]
        if customer.decided is not None:
            names.append("contract-as-declared")
        if not customer.is_open and customer.users:
            names.append(_ERASE)
        path = f"{PATH}/{customer.key}"
        subject, found = Subject("customer", customer.key), FOUND[customer.decided]
        return [Step(name, subject, f"{path}/{name}", path, customer.name, found) for name in names]

    def do(self, customer: CustomerView, step: str, staff: StaffSession, reason: str) -> str | None:
        """Decide about a customer."""
        service, now, subject = self.desk.service, self.desk.now(), Subject("customer", customer.key)
        if step == _ERASE:
            service.customers.erase(self._data(customer.key), Act(staff.staff, step, subject, reason), now)
            return done_at(f"{PATH}/{customer.key}")
        wanted = _DECIDES[step]
        is_on = None if wanted is customer.is_declared_open else wanted
        after = customer.is_declared_open if is_on is None else is_on
        act = Act(staff.staff, step, subject, reason, before={"open": customer.is_open}, after={"open": after})
        decision = BusinessDecision("contract", customer.key, found=customer.decided, is_on=is_on)
        if after:
            is_done = service.business.changes.decide(decision, act, now)
        else:
            is_done = service.customers.end_contract(self._data(customer.key), decision, act, now)
        return done_at(f"{PATH}/{customer.key}") if is_done else None

    def _data(self, key: str) -> Customer:
        codes = (school.code for school in self.desk.service.register.of_customer(key))
        return Customer(key, frozenset(codes))
