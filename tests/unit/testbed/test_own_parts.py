# SPDX-License-Identifier: Apache-2.0
"""What the verbs make of parts that are somebody's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.builders.saml_metadata import SERVICE, service_metadata

Run = Callable[..., Result]

NO_FILE = (
    "services.mine (sp.xml): there is no such file; it is looked for from the declaration's folder. "
    "It is left out until this is put right; everything else is as declared\n"
)
NOT_AS_DECLARED = "not as declared: services.mine; see above\n"
HTTPS = (
    "services.mine (sp.xml): is on https while the testbed is on http: a browser may not send cookies back and forth, "
    "and a login then ends in a page about a lost session; run the testbed with --tls\n"
)
COPY = "state/documents/services/mine.596f7e133f21f1cf.xml"


@pytest.fixture
def declaration(small_federation: Path) -> Path:
    """Plug a service of one's own into the small declaration, by the file sp.xml beside it."""
    text = small_federation.read_text("utf-8")
    mine = "services:\n  mine: {metadata: sp.xml, receives: [uid, role]}\n"
    small_federation.write_text(text.replace("services:\n", mine), "utf-8")
    return small_federation


@pytest.fixture
def metadata(declaration: Path) -> Path:
    """Write the service's metadata."""
    path = declaration.parent / "sp.xml"
    path.write_text(service_metadata(), "utf-8")
    return path


def options(declaration: Path) -> list[str]:
    return ["--federation", str(declaration), "--state", str(declaration.parent / "state")]


@pytest.mark.usefixtures("metadata")
def test_applies_a_part_of_ones_own(run: Run, declaration: Path):
    """Its metadata is trusted as it is, it has no key of ours, and a copy is kept."""
    applied = run("apply", *options(declaration))
    planned = run("plan", *options(declaration))

    state = declaration.parent / "state"
    assert (applied.exit_code, applied.stderr) == (0, HTTPS)
    assert (planned.exit_code, planned.stdout) == (0, f"{state}: nothing to do\n")
    assert (state / "proxy/metadata/services/mine.xml").read_text("utf-8") == service_metadata()
    assert (declaration.parent / COPY).read_text("utf-8") == service_metadata()
    assert not (state / "keys/sp-mine.key.pem").exists()


@pytest.mark.parametrize("verb", ["validate", "plan", "apply"])
def test_ends_with_1_and_says_why_a_part_is_left_out(run: Run, declaration: Path, verb: str):
    """Each verb that reads the documents names the part and the reason."""
    result = run(verb, *options(declaration))

    assert (result.exit_code, result.stderr) == (1, NO_FILE + NOT_AS_DECLARED)


def test_writes_everything_else(run: Run, declaration: Path):
    """The rest of the federation is untouched by a part that is left out."""
    run("apply", *options(declaration))

    proxy = declaration.parent / "state/proxy"
    assert [path.name for path in (proxy / "metadata/services").iterdir()] == ["publisher.xml"]
    assert [each["service"] for each in json.loads((proxy / "config.json").read_text())["services"]] == ["publisher"]


def test_goes_on_with_the_copy_when_the_document_breaks(run: Run, declaration: Path, metadata: Path):
    """A bad edit of the file costs nothing but a fault that is named."""
    run("apply", *options(declaration))
    metadata.write_text("<html>", "utf-8")

    result = run("apply", *options(declaration))

    assert (result.exit_code, result.stdout) == (1, f"{declaration.parent / 'state'}: nothing to do\n")
    assert "mine (sp.xml): metadata: not-xml: found error 77 in line 1, expected well-formed XML" in result.stderr
    assert "The last good copy stays in use\n" in result.stderr


def test_shows_what_new_metadata_would_change(run: Run, declaration: Path, metadata: Path):
    """`plan` is a diff of the proxy's folder, and names the copy without its text."""
    run("apply", *options(declaration))
    metadata.write_text(service_metadata(("/acs/second", "/acs/third")), "utf-8")

    result = run("plan", *options(declaration))

    lines = result.stdout.splitlines()
    assert lines[0] == "change documents/services/mine.596f7e133f21f1cf.xml"
    assert lines[1] == "--- a/proxy/metadata/services/mine.xml"
    assert [line.strip("+- ")[:60] for line in lines if line[:2] in {"+ ", "- "}] == [
        '<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAM',
        '<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAM',
    ]


@pytest.mark.usefixtures("metadata")
def test_forgets_a_part_that_is_declared_no_more(run: Run, declaration: Path):
    """Without its line, neither its metadata nor the copy of it stays."""
    run("apply", *options(declaration))
    text = declaration.read_text("utf-8")
    declaration.write_text(text.replace("  mine: {metadata: sp.xml, receives: [uid, role]}\n", ""), "utf-8")

    result = run("apply", *options(declaration))

    assert result.stdout == f"{declaration.parent / 'state'}: 1 files changed, 2 files removed\n"
    assert not (declaration.parent / COPY).exists()


def test_tells_a_script_what_a_person_is_told(run: Run, declaration: Path, metadata: Path):
    """`--json` holds the notices, and nothing else is printed on stdout."""
    metadata.write_text(service_metadata((SERVICE, "http://localhost:8000/idp/shibboleth")), "utf-8")

    result = run("validate", *options(declaration), "--json")

    assert (result.exit_code, result.stderr) == (1, NOT_AS_DECLARED)
    assert json.loads(result.stdout)["notices"] == [
        {
            "part": "services.mine",
            "notice": (
                "metadata of http://localhost:8000/idp/shibboleth: found the entity ID of the proxy, expected one that "
                "no other party has; give each party its own. It is left out until this is put right; everything else "
                "is as declared"
            ),
            "is_fault": True,
        }
    ]


@pytest.mark.parametrize("verb", ["login", "bench"])
def test_says_that_an_own_service_is_signed_in_to_with_a_browser(run: Run, declaration: Path, verb: str):
    """There is no page there that a flow of ours could know."""
    result = run(verb, "demo_u0001", "--service", "mine", *options(declaration))

    assert (result.exit_code, result.stderr) == (
        2,
        (
            'service "mine": is your own, which is signed in to with a browser at its own login page; '
            "this signs in at the simulated ones (publisher)\n"
        ),
    )


def test_says_that_an_own_identity_provider_is_signed_in_to_with_a_browser(run: Run, small_federation: Path):
    """Only the simulated login page is known."""
    text = small_federation.read_text("utf-8").replace("{kind: saml}", "{kind: saml, metadata: idp.xml}")
    small_federation.write_text(text, "utf-8")

    result = run("login", "demo_u0001", *options(small_federation))

    assert (result.exit_code, result.stderr) == (
        2,
        (
            'person "mansikkala/demo_u0001": mansikkala has an identity provider of its own, which is signed in to with a '
            "browser; this signs in people of the simulated ones\n"
        ),
    )
