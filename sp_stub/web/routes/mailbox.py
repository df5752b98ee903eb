# SPDX-License-Identifier: Apache-2.0
"""What stands in the place of people's mail programs: no mail leaves the testbed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request

from sp_stub.accounts.names import MAX_NAME, name_key
from sp_stub.data.sent_mail import Mail, mail_to
from sp_stub.web.moments import said
from sp_stub.web.routes.site import Route, Site

PATH: Final = "/postilaatikko"


@dataclass(frozen=True)
class MailboxRoutes:
    """The mailbox of an address."""

    site: Site

    def routes(self) -> tuple[Route, ...]:
        """Return the addresses."""
        return (Route("GET", PATH, self.ask), Route("POST", PATH, self.show))

    def ask(self) -> Response:
        """Ask whose mailbox to open; an address is personal and never stands in one of ours."""
        return self.site.answers.page(request, "accounts/mailbox.html", typed="", messages=None)

    def show(self) -> Response:
        """Show what was sent to an address."""
        typed = request.form.get("address", "")[:MAX_NAME]
        with self.site.desk.database.begin(writes=False) as connection:
            found = mail_to(connection, name_key(typed))
        messages = [self._in_words(mail) for mail in found]
        return self.site.answers.page(request, "accounts/mailbox.html", typed=typed, messages=messages)

    def _in_words(self, mail: Mail) -> dict[str, object]:
        pages, language = self.site.answers.pages, mail.language
        name = self.site.settings.config.name.in_language(language)
        return {
            "kind": mail.kind,
            "language": language,
            "link": mail.link,
            "sent_at": mail.sent_at,
            "sent": said(mail.sent_at, language),
            "subject": pages.message(language, f"mail.{mail.kind}.subject"),
            "text": pages.message(language, f"mail.{mail.kind}.text", service=name),
            "link_text": pages.message(language, "mail.link"),
        }
