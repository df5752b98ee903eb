# SPDX-License-Identifier: Apache-2.0
"""Writes the reference tables of docs/ from the tables of the code, and the picture of its rooms, so that none differs.

`write` writes them, `check` says which one is not what the code says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from picture import architecture  # beside this script

from federation.attributes import ATTRIBUTES, NAME_FORMAT_URI
from federation.data_faults import DATA_FAULTS
from federation.drop_rules import DROP_RULES
from federation.home_names import KIND_NAMES
from federation.model import Rules
from federation.reasons import REASONS
from idp_simulators.faults import FAULTS
from idp_simulators.faults.data_fault import DataServiceFault
from idp_simulators.faults.fault import SAML_KINDS
from idp_simulators.faults.named import AnyFault
from idp_simulators.faults.network import NETWORK_FAULTS
from idp_simulators.faults.opinsys_fault import OpinsysFault
from idp_simulators.faults.sharing import SHARED
from idp_simulators.faults.wilma_fault import WilmaFault

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTE = "<!-- SPDX-License-Identifier: Apache-2.0; written from the code by `make tables` -->"


def attributes() -> str:
    """Return the data model, and the names by which a home organisation sends it."""
    rows = [
        (
            f"`{attribute.name}`",
            f"`{attribute.saml_name}`",
            f"`{attribute.friendly_name}`",
            f"`{attribute.oidc_claim}`",
            "several" if attribute.is_multivalued else "one",
            attribute.source,
        )
        for attribute in ATTRIBUTES
    ]
    fields = next(iter(KIND_NAMES.values()))
    home = [(f"`{field}`", *(f"`{names[field]}`" for names in KIND_NAMES.values())) for field in fields]
    return page(
        "Attributes",
        f"The data model 1.4 as a service receives it; the NameFormat of each is `{NAME_FORMAT_URI}`.\n"
        "The name in the first column is what `receives` in the declaration and the JSON outputs use.",
        table(("Name", "SAML name", "FriendlyName", "OIDC claim", "Values", "Source"), rows),
        "## From the home organisation\n\nA registry field of a person, and the name it arrives by at each kind of"
        " identity provider.\n`attribute_names` of an integration overrides them one by one.",
        table(("Field", *(f"`{kind}`" for kind in KIND_NAMES)), home),
    )


def reasons() -> str:
    """Return every reason a login can be refused for, and every rule that drops a value."""
    refusals = [
        (
            f"`{reason.id}`",
            reason.at,
            reason.sentence,
            reason.clause,
            " / ".join(reason.status) if reason.status else "–",
            str(reason.page or "–"),
        )
        for reason in REASONS.values()
    ]
    missing = [(f"`{fault.id}`", fault.sentence, fault.clause) for fault in DATA_FAULTS.values()]
    dropped = [(f"`{rule.id}`", rule.sentence, rule.clause) for rule in DROP_RULES.values()]
    return page(
        "Reasons",
        "Each check that can refuse a login has its own id.\n"
        "The id stands on the error page, in the log, in the transcript and in `testbed login --json`.\n"
        "The SAML status is what the service is told once it is verified; before that it is told nothing.",
        table(("Reason", "At", "What it means", "Clause", "SAML status", "Page"), refusals),
        "## Values that are held back\n\nThe login goes on without them; `testbed attributes PERSON` names the rule.",
        table(("Rule", "What it means", "Clause"), dropped),
        "## Data services that fail\n\nThe login goes on with no data and ends for want of a learner id;"
        " the event `home-data-missing` of the proxy says why.",
        table(("Cause", "What it means", "Clause"), missing),
    )


def faults() -> str:
    """Return the named faults of the simulated identity providers."""
    saml = [fault for fault in FAULTS.values() if fault.kinds == SAML_KINDS]
    wilma = [fault for fault in FAULTS.values() if isinstance(fault, WilmaFault)]
    opinsys = [fault for fault in FAULTS.values() if isinstance(fault, OpinsysFault)]
    data = [
        (
            *_fault_row(fault)[:3],
            f"`{fault.recorded}`",
            ", ".join(f"`{kind}`" for kind in sorted(fault.kinds)),
            "needs" if fault.needs_sockets else "–",
        )
        for fault in FAULTS.values()
        if isinstance(fault, DataServiceFault)
    ]
    head = ("Fault", "What is wrong", "Its twin", "Clause", "Refused with")
    network = [(f"`{fault.id}`", fault.sentence) for fault in NETWORK_FAULTS.values()]
    shared = [(f"`{each.because}`", ", ".join(f"`{fault}`" for fault in each.faults), each.why) for each in SHARED]
    return page(
        "Faults",
        "What a simulated identity provider can be told to do wrong for one answer:"
        " `testbed login demo_u0001 --fault wrong-audience`.\n"
        "Each has a twin, the same change with a value inside the bounds (`--fault wrong-audience:twin`),"
        " and that must end in a session.\n"
        "In the testbed that runs, `testbed fault set wrong-audience` switches one on for the next answer, for one"
        " person or provider, for a number of answers or until `testbed fault clear`; `testbed fault list` shows what"
        " waits.\n"
        "By hand it is done at `/control` of the identity providers, with the token that `testbed status` names.\n"
        "Each exists for every kind of identity provider that answers by SAML, and leads to the same reason at each.\n"
        "A fault exists for some kinds of identity provider, and is refused for a provider of another.\n"
        "`sign-in-not-fresh` is a fault only where the service asks for a fresh sign-in.",
        "## Of a SAML message\n\nAt the kinds `saml`, `entra`, `adfs` and `google`.",
        table(head, map(_fault_row, saml)),
        "## Of Wilma's redirect\n\nAt kind `wilma`; the person is put back at the picker, which names the reason.",
        table(head, map(_fault_row, wilma)),
        "## Of Opinsys's token\n\nAt kind `opinsys`; the person is put back at the picker, which names the reason,"
        " but for `opinsys-replayed`.",
        table(head, map(_fault_row, opinsys)),
        "## Of a data service's answer\n\nAt the kinds `wilma` and `opinsys`; the login goes on without data and ends with"
        " `learner-id-missing`, and the proxy's event `home-data-missing` names the cause (home-protocols 4).\n"
        "Those that need sockets work in the testbed that runs.",
        table(("Fault", "What is wrong", "Its twin", "Recorded as", "Kinds", "Sockets"), data),
        "## Reasons that several faults have\n\nEvery other reason above is one fault's alone.",
        table(("Reason", "Faults", "Why"), shared),
        "## Faults of the network\n\n"
        "They strike at an identity provider's login address and its metadata, in the testbed that runs:"
        " `testbed fault set slow --provider mansikkala`.\n"
        "The browser carries SAML's messages, so the person meets them and the proxy does not: there is no reason id,"
        " and no twin.\n"
        "A refused connection is not among them, because all identity providers share one port:"
        " `testbed status` and a stopped part show that.",
        table(("Fault", "What happens"), network),
    )


def _fault_row(fault: AnyFault) -> tuple[str, ...]:
    return f"`{fault.id}`", fault.sentence, fault.twin_sentence, fault.clause, f"`{fault.because}`"


def switches() -> str:
    """Return the federation's switches."""
    rows = [(f"`{name}`", field.description or "") for name, field in Rules.model_fields.items()]
    return page(
        "Switches",
        "Under `rules` in the declaration; each is off by default, because the documented behaviour is the default.",
        table(("Switch", "What it does"), rows),
    )


PAGES: dict[str, Callable[[], str]] = {
    "attributes.md": attributes,
    "reasons.md": reasons,
    "faults.md": faults,
    "switches.md": switches,
    "architecture.svg": architecture,
}


def page(title: str, *parts: str) -> str:
    """Return a Markdown page."""
    return "\n\n".join([NOTE, f"# {title}", *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar in a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> int:
    """Write the pages, or say which are not up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["write", "check"])
    action = parser.parse_args().action
    stale = []
    for name, written in ((name, make()) for name, make in PAGES.items()):
        path = DOCS / name
        if action == "write":
            path.write_text(written, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != written:
            stale.append(name)
    if stale:
        print(f"docs/: not what the code says: {', '.join(stale)}; run `make tables`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
