# SPDX-License-Identifier: Apache-2.0
"""The schemas: compiled from files at hand, once, for every thread."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lxml import etree

from proxy.saml.fault import MessageFault
from proxy.saml.schema import METADATA, PROTOCOL

LOGOUT = (
    '<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{}" Version="2.0"'
    ' IssueInstant="2026-08-10T08:00:00Z"><samlp:Status><samlp:StatusCode Value="urn:x"/></samlp:Status>'
    "</samlp:LogoutResponse>"
)


def test_are_found_without_pysaml2_being_imported():
    """Reading messages costs neither pysaml2's second of import nor any of its code."""
    program = (
        "import sys; import proxy.saml.response, proxy.saml.authn_request, proxy.saml.issue_response;"
        "print(sorted({'saml2', 'satosa', 'xmlschema'} & set(sys.modules)))"
    )

    outcome = subprocess.run(  # noqa: S603 - our own program, written above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert outcome.stdout.strip() == "[]"


def test_say_where_a_document_departs_from_them():
    """The place and the kind of a fault are named, and the next document is checked afresh."""
    wrong = etree.fromstring(LOGOUT.format("1 is no ID"))
    right = etree.fromstring(LOGOUT.format("_right"))

    with pytest.raises(MessageFault, match=r"SCHEMAV_CVC_DATATYPE_VALID_1_2_1 in line 1"):
        PROTOCOL.check(wrong)
    PROTOCOL.check(right)


def test_are_one_for_messages_and_one_for_metadata():
    """A message is no metadata."""
    with pytest.raises(MessageFault, match="schema-invalid"):
        METADATA.check(etree.fromstring(LOGOUT.format("_right")))
