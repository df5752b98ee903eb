# SPDX-License-Identifier: Apache-2.0
"""Every reason that a service can give stands in the table of reasons."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

from federation.reasons import REASONS
from sp_stub.saml.toolkit_faults import check_of


def refused_checks() -> set[str]:
    """Return every id that the sources hand to `refuse`, and to the helpers that call it."""
    speakers = {"refuse", "_equal", "_check_each", "Refusal", "_refused"}
    found: set[str] = set()
    for path in Path(str(files("sp_stub"))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in speakers:
                texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and text.count("-") and " " not in text}
    return {text for text in found if "/" not in text and text.islower() and not text.startswith("urn:")}


def test_gives_only_reasons_of_the_table():
    """A check that the table does not hold would be a fault when somebody meets it."""
    assert "wrong-audience" in refused_checks()
    assert sorted(refused_checks() - REASONS.keys()) == []


def test_knows_every_validation_error_of_python3_saml():
    """Each code has its check, but for what belongs to logout and to settings that are off."""
    names = {
        name: code
        for name, code in vars(OneLogin_Saml2_ValidationError).items()
        if isinstance(code, int) and not name.startswith("_")
    }
    unknown = []
    for name, code in names.items():
        try:
            assert check_of(OneLogin_Saml2_ValidationError("", code)) in REASONS
        except LookupError:
            unknown.append(name)

    assert sorted(unknown) == [
        "ASSERTION_EXPIRED",
        "ASSERTION_TOO_EARLY",
        "AUTHN_CONTEXT_MISMATCH",
        "DUPLICATED_ATTRIBUTE_NAME_FOUND",
        "NO_ATTRIBUTESTATEMENT",
        "NO_ENCRYPTED_ASSERTION",
        "NO_ENCRYPTED_NAMEID",
        "RESPONSE_EXPIRED",
        "SESSION_EXPIRED",
    ]


def test_takes_a_missing_key_for_what_cannot_be_decrypted():
    """python3-saml's other errors are about keys."""
    assert check_of(OneLogin_Saml2_Error("")) == "assertion-not-decryptable"
