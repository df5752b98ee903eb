# SPDX-License-Identifier: Apache-2.0
"""The audit trail to be read, filtered and copied; nothing here or anywhere changes it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request

from party.pages import headers
from sp_stub.data.audit_trail import Act, AuditEntry, AuditFilter, Subject
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.data.staff_tables import SUBJECT_LENGTH
from sp_stub.web.moments import said
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, PAGE, Desk, number_in

PATH: Final = f"{FRONT}/tapahtumat"
ACTIONS: Final = (
    "activate",
    "deactivate",
    "school-as-declared",
    "end-contract",
    "reopen-contract",
    "contract-as-declared",
    "erase-customer",
    "create-account",
    "grant",
    "revoke-grant",
    "block",
    "unblock",
    "end-sessions",
    "close-account",
    "reopen-account",
    "join",
    "view-started",
    "view-ended",
    "message-handled",
    "message-belongs-to-school",
    "pupil-edited",
    "teacher-edited",
    "signed-in",
    "signed-out",
    "audit-copied",
)
"""Everything that stands in the trail, as the filter offers it."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it."""


@dataclass(frozen=True)
class EntryView:
    """An entry as the page shows it; `change` is what it changed, in one line."""

    number: int
    at: datetime
    time: str
    staff: str
    action: str
    kind: str
    subject: str
    change: str
    reason: str


@dataclass(frozen=True)
class AuditRoutes:
    """The page, and the copies."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (
            Route("GET", PATH, self.desk.staff_only(self.page)),
            Route("GET", f"{PATH}.json", self.desk.staff_only(self.as_json)),
            Route("GET", f"{PATH}.csv", self.desk.staff_only(self.as_csv)),
        )

    def page(self, staff: StaffSession) -> Response:
        """Show a page of the entries that are asked for."""
        wanted = self._wanted()
        page = self.desk.service.trail.page(wanted, number_in(request.args.get(PAGE)) or 1)
        query = _query(wanted)
        return self.desk.page(
            staff,
            "audit.html",
            "audit",
            entries=[self._view(entry) for entry in page.entries],
            number=page.number,
            last=page.last_number,
            total=page.total,
            wanted=wanted,
            actions=ACTIONS,
            staff_keys=sorted(self.desk.service.sign_in.staff),
            pages_at=f"{PATH}?{query}{'&' if query else ''}{PAGE}=",
            query=f"?{query}" if query else "",
        )

    def as_json(self, staff: StaffSession) -> Response:
        """Hand out the entries as JSON."""
        document = [_document(entry) for entry in self._copy(staff)]
        return _attachment(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "application/json", "json")

    def as_csv(self, staff: StaffSession) -> Response:
        """Hand out the entries as CSV, which a spreadsheet opens without taking anything for a formula."""
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=_document_fields())
        writer.writeheader()
        for entry in self._copy(staff):
            cells = {
                name: value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
                for name, value in _document(entry).items()
            }
            writer.writerow({name: _cell(value) for name, value in cells.items()})
        return _attachment(text.getvalue(), "text/csv", "csv")

    def _wanted(self) -> AuditFilter:
        values = {
            name: request.args.get(name, "").strip()[:SUBJECT_LENGTH] for name in ("staff", "action", "kind", "subject")
        }
        return AuditFilter(**values)

    def _copy(self, staff: StaffSession) -> tuple[AuditEntry, ...]:
        entries = self.desk.service.trail.copy(self._wanted())
        act = Act(staff.staff, "audit-copied", Subject("audit", "trail"), after={"entries": len(entries)})
        self.desk.service.trail.record(act, self.desk.now())
        return entries

    def _view(self, entry: AuditEntry) -> EntryView:
        act = entry.act
        return EntryView(
            entry.number,
            entry.at,
            said(entry.at, self.desk.language),
            act.staff,
            act.action,
            act.subject.kind,
            act.subject.id,
            _change(act.before, act.after),
            act.reason,
        )


def _query(wanted: AuditFilter) -> str:
    fields = {"staff": wanted.staff, "action": wanted.action, "kind": wanted.kind, "subject": wanted.subject}
    return urlencode({name: value for name, value in fields.items() if value})


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what changed as one line for whoever solves a case: `activated: false → true`."""
    pieces = [f"{name}: {_said(before.get(name))} → {_said(after.get(name))}" for name in sorted({*before, *after})]
    return ", ".join(pieces)


def _said(value: object) -> str:
    return "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _document(entry: AuditEntry) -> dict[str, Any]:
    act = entry.act
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "staff": act.staff,
        "action": act.action,
        "subject_kind": act.subject.kind,
        "subject": act.subject.id,
        "before": dict(act.before),
        "after": dict(act.after),
        "reason": act.reason,
    }


def _document_fields() -> tuple[str, ...]:
    return ("number", "at", "staff", "action", "subject_kind", "subject", "before", "after", "reason")


def _cell(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _attachment(text: str, content_type: str, ending: str) -> Response:
    response = Response(text, content_type=f"{content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="tapahtumat.{ending}"'
    response.headers.extend(headers())
    return response
