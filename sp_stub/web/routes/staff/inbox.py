# SPDX-License-Identifier: Apache-2.0
"""The messages of the contact form, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, request

from sp_stub.data.audit_trail import Act, Subject
from sp_stub.data.inbox import Answer, Outcome, ReceivedMessage
from sp_stub.data.staff_sessions import StaffSession
from sp_stub.web.moments import said
from sp_stub.web.routes.school_matters import PATH as MATTERS_PATH
from sp_stub.web.routes.site import Route
from sp_stub.web.routes.staff.desk import FRONT, PAGE, Desk, number_in
from sp_stub.web.routes.staff.steps import Step, StepRoutes, done_at

PATH: Final = f"{FRONT}/viestit"
_OUTCOMES: Final[dict[str, Outcome]] = {
    "message-handled": "handled",
    "message-belongs-to-school": "belongs-to-school",
}


@dataclass(frozen=True)
class MessageView:
    """A message as a page shows it; `outcome` is `waiting` until somebody dealt with it."""

    number: int
    received_at: datetime
    time: str
    reply_to: str
    error_number: int | None
    text: str
    user: int | None
    outcome: str


@dataclass(frozen=True)
class InboxRoutes:
    """The list, and each message."""

    desk: Desk

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        steps = StepRoutes(self.desk, f"{PATH}/<key>", "messages", self.find, self.steps, self.do)
        return (
            Route("GET", PATH, self.desk.staff_only(self.messages)),
            Route("GET", f"{PATH}/<key>", self.desk.staff_only(self.message)),
            *steps.routes(),
        )

    def messages(self, staff: StaffSession) -> Response:
        """Show the messages, those that wait first."""
        page = self.desk.service.inbox.page(number_in(request.args.get(PAGE)) or 1)
        return self.desk.page(
            staff,
            "messages.html",
            "messages",
            messages=[self._view(message) for message in page.messages],
            number=page.number,
            last=page.last_number,
            waiting=page.waiting,
        )

    def message(self, staff: StaffSession, key: str) -> Response:
        """Show one message."""
        message = self.find(key)
        if message is None:
            return self.desk.not_found()
        return self.desk.page(
            staff,
            "message.html",
            "messages",
            message=self._view(message),
            steps=self.steps(message),
            history=self.desk.history(Subject("message", str(message.number))),
        )

    def find(self, key: str) -> ReceivedMessage | None:
        """Return the message with this number."""
        number = number_in(key)
        return None if number is None else self.desk.service.inbox.find(number)

    def steps(self, message: ReceivedMessage) -> list[Step]:
        """Return what may be done about a message now; who sent it signed in may be looked at while it waits."""
        if message.outcome is not None:
            return []
        names = [*_OUTCOMES]
        if message.user is not None and self._can_be_looked_at(message.user):
            names.append("view")
        path = f"{PATH}/{message.number}"
        subject = Subject("message", str(message.number))
        return [Step(name, subject, f"{path}/{name}", path, message.reply_to, "waiting") for name in names]

    def do(self, message: ReceivedMessage, step: str, staff: StaffSession, reason: str) -> str | None:
        """Do it."""
        service, now = self.desk.service, self.desk.now()
        if step == "view":
            if message.user is None:
                return None
            service.views.start(staff, message.user, message.number, reason, now)
            return "/materials"
        act = Act(
            staff.staff,
            step,
            Subject("message", str(message.number)),
            reason,
            before={"outcome": None},
            after={"outcome": _OUTCOMES[step]},
        )
        answer = None
        if _OUTCOMES[step] == "belongs-to-school":
            answer = Answer(
                "belongs-to-school", self.desk.language, f"{self.desk.site.settings.config.origin}{MATTERS_PATH}"
            )
        if not service.inbox.handle(message.number, _OUTCOMES[step], act, now, answer):
            return None
        return done_at(f"{PATH}/{message.number}")

    def _can_be_looked_at(self, user: int) -> bool:
        found = self.desk.service.users.find(user)
        return found is not None and found.state == "active"

    def _view(self, message: ReceivedMessage) -> MessageView:
        return MessageView(
            message.number,
            message.received_at,
            said(message.received_at, self.desk.language),
            message.reply_to,
            message.error_number,
            message.text,
            message.user,
            message.outcome or "waiting",
        )
