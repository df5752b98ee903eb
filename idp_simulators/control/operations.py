# SPDX-License-Identifier: Apache-2.0
"""What can be done with the faults of the simulators: switch one on, switch all off, say what there is and what waits.

An order is a dictionary as JSON gives it, because both ways in are text; everything that is wrong with one is told at
once, and nothing is switched on then:

    {"fault": id, "twin": bool, "person": "provider/person" | null, "provider": key | null,
     "times": 1 to 1000 | "until-cleared"}; only "fault" must be there, "times" is 1 then
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from idp_simulators.exchanges import Exchange, Exchanges
from idp_simulators.faults import FAULTS
from idp_simulators.faults.armed import ArmedFault, ArmedFaults
from idp_simulators.faults.named import AnyFault, kind_problem
from idp_simulators.faults.network import NETWORK_FAULTS
from idp_simulators.settings import Settings

MAX_TIMES: Final = 1000
UNTIL_CLEARED: Final = "until-cleared"

_FIELDS: Final = frozenset({"fault", "twin", "person", "provider", "times"})

Order: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class OrderProblem:
    """What is wrong with an order: the field, a name for it that pages say in their language, and it in English."""

    field: str
    name: str
    text: str


@dataclass(frozen=True)
class Operations:
    """The faults and the exchanges of one app."""

    settings: Settings
    faults: ArmedFaults
    exchanges: Exchanges

    def switch_on(self, order: object, *, has_sockets: bool) -> ArmedFault | tuple[OrderProblem, ...]:
        """Switch a fault on and return how it waits, or return what is wrong with the order.

        Raises `TooManyArmedError` when no more can wait.
        """
        read = read_order(order, self.settings, has_sockets=has_sockets)
        if isinstance(read, ArmedFault):
            self.faults.arm(read)
        return read

    def switch_off(self) -> int:
        """Switch every fault off and return how many there were."""
        return self.faults.clear()

    def waiting(self) -> tuple[ArmedFault, ...]:
        """Return the faults that wait, with how often they still count."""
        return self.faults.waiting()

    def exchanged(self) -> list[Exchange]:
        """Return the last exchanges, oldest first."""
        return self.exchanges.last()


def read_order(order: object, settings: Settings, *, has_sockets: bool) -> ArmedFault | tuple[OrderProblem, ...]:
    """Return the fault that is asked for, or everything that is wrong with the order."""
    if not isinstance(order, dict):
        return (OrderProblem("", "no-object", "the body is not a JSON object"),)
    problems = (
        *_form_problems(order),
        *_fault_problems(order, settings, has_sockets=has_sockets),
        *_whose_problems(order, settings),
    )
    if problems:
        return problems
    provider, user_name = _whose(order)
    times = order.get("times", 1)
    return ArmedFault(
        fault=FAULTS.get(order["fault"]) or NETWORK_FAULTS[order["fault"]],
        is_twin=order.get("twin", False),
        provider=provider,
        user_name=user_name,
        times=None if times == UNTIL_CLEARED else times,
    )


def _whose(order: Order) -> tuple[str | None, str | None]:
    """Return provider and user name: of the person where there is one."""
    if not isinstance(order.get("person"), str):
        return order.get("provider"), None
    provider, _, user_name = order["person"].partition("/")
    return provider, user_name


def _form_problems(order: Order) -> Iterator[OrderProblem]:
    for field in sorted(order.keys() - _FIELDS):
        text = f"unknown field {_shown(field)}; expected {', '.join(sorted(_FIELDS))}"
        yield OrderProblem(field, "unknown-field", text)
    if not isinstance(order.get("twin", False), bool):
        yield OrderProblem("twin", "not-a-choice", f"twin: found {_shown(order['twin'])}; expected true or false")
    times = order.get("times", 1)
    if times != UNTIL_CLEARED and (type(times) is not int or not 1 <= times <= MAX_TIMES):
        text = f"times: found {_shown(times)}; expected 1 to {MAX_TIMES}, or {UNTIL_CLEARED!r}"
        yield OrderProblem("times", "no-number", text)


def _fault_problems(order: Order, settings: Settings, *, has_sockets: bool) -> Iterator[OrderProblem]:
    name = order.get("fault")
    fault = FAULTS.get(name) if isinstance(name, str) else None
    if fault is not None:
        if fault.needs_another_provider and len(settings.providers) == 1:
            text = f"fault: {fault.id} needs a second education provider in the declaration"
            yield OrderProblem("fault", "needs-another-provider", text)
        if fault.needs_sockets and not has_sockets:
            text = f"fault: {fault.id} needs sockets, which the running testbed has: testbed up"
            yield OrderProblem("fault", "needs-sockets", text)
        yield from _kind_problems(fault, order, settings)
        return
    if not isinstance(name, str) or name not in NETWORK_FAULTS:
        text = f"fault: found {_shown(name)}; expected one of {', '.join((*FAULTS, *NETWORK_FAULTS))}"
        yield OrderProblem("fault", "unknown-fault", text)
        return
    if not has_sockets:
        text = f"fault: {name} needs sockets, which the running testbed has: testbed up"
        yield OrderProblem("fault", "needs-sockets", text)
    if order.get("person") is not None:
        text = f"person: {name} comes before anybody signs in; expected a provider or nothing"
        yield OrderProblem("person", "before-anybody", text)
    if order.get("twin", False) is True:
        yield OrderProblem("twin", "no-twin", f"twin: {name} is a fault of the network and has none")


def _kind_problems(fault: AnyFault, order: Order, settings: Settings) -> Iterator[OrderProblem]:
    key, _ = _whose(order)
    kinds = {home.key: home.municipality.idp.kind for home in settings.providers.values()}
    meant = kinds if key is None else {each: kind for each, kind in kinds.items() if each == key}
    problem = kind_problem(fault, meant)
    if problem is not None:
        yield OrderProblem("fault", "of-another-kind", f"fault: {problem}")


def _whose_problems(order: Order, settings: Settings) -> Iterator[OrderProblem]:
    provider, person = order.get("provider"), order.get("person")
    if provider is not None and (not isinstance(provider, str) or provider not in settings.providers):
        text = f"provider: found {_shown(provider)}; expected an education provider of the declaration"
        yield OrderProblem("provider", "unknown-provider", text)
    if person is None:
        return
    key, user_name = _whose(order) if isinstance(person, str) else (None, None)
    home = None if key is None else settings.providers.get(key)
    if home is None or home.people.person(user_name or "") is None:
        text = f"person: found {_shown(person)}; expected provider/person of the declaration"
        yield OrderProblem("person", "unknown-person", text)
    elif provider not in {None, key}:
        text = f"person: {person} is not of provider {_shown(provider)}"
        yield OrderProblem("person", "of-another-provider", text)


def _shown(value: object) -> str:
    return repr(value)[:100]
