# SPDX-License-Identifier: Apache-2.0
"""python3-saml's schema, compiled once."""

from __future__ import annotations

import onelogin.saml2.response
import pytest
from lxml import etree

from sp_stub.saml.toolkit import PROTOCOL_SCHEMA, XmlWithCompiledSchema
from tests.builders.sp_response import FakeResponse


def test_is_what_python3_saml_asks():
    """The response class finds our XML functions under its own name for them."""
    assert onelogin.saml2.response.OneLogin_Saml2_XML is XmlWithCompiledSchema


def test_says_what_python3_saml_expects_to_hear():
    """The document when it follows the schema, a word when it doesn't."""
    good, bad = etree.fromstring(FakeResponse().xml()), etree.fromstring("<a/>")

    assert XmlWithCompiledSchema.validate_xml(good, PROTOCOL_SCHEMA) is good
    assert XmlWithCompiledSchema.validate_xml(bad, PROTOCOL_SCHEMA) == "invalid_xml"


def test_validates_nothing_by_a_schema_it_does_not_hold():
    """Another schema would pass unseen, so it is refused."""
    with pytest.raises(LookupError):
        XmlWithCompiledSchema.validate_xml(etree.fromstring("<a/>"), "saml-schema-metadata-2.0.xsd")
