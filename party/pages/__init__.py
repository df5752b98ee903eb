# SPDX-License-Identifier: Apache-2.0
"""Pages that look alike and say the same things in three languages: what the parts import, from one place."""

from __future__ import annotations

from party.pages.catalogue_check import catalogue_problems
from party.pages.catalogues import MessageError
from party.pages.error_page import Action, Contact, ContinueForm, ErrorPage
from party.pages.look import Look
from party.pages.rendering import Pages
from party.pages.security_headers import headers
from party.pages.static_files import StaticFile, StaticFiles

__all__ = [
    "Action",
    "Contact",
    "ContinueForm",
    "ErrorPage",
    "Look",
    "MessageError",
    "Pages",
    "StaticFile",
    "StaticFiles",
    "catalogue_problems",
    "headers",
]
