# SPDX-License-Identifier: Apache-2.0
"""Parts that are somebody's own, as a declaration has them."""

from __future__ import annotations

import pytest

from federation.loader import loads
from federation.own_parts import OwnPart, Role, own_parts
from tests.builders.declarations import declaration, problems_of

SERVICE = "services.portal"


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param("../my-sp/metadata.xml", id="a file"),
        pytest.param("https://sp.example.org/metadata", id="an address"),
        pytest.param("http://localhost:8080/sp?format=xml", id="an address on this machine, with a query"),
    ],
)
def test_takes_a_service_by(metadata: str) -> None:
    """One line plugs a service in."""
    federation = loads(declaration("simulated: portal", f'metadata: "{metadata}"'), "federation.yaml")

    assert own_parts(federation) == (OwnPart(Role.SERVICE, "portal", metadata),)


def test_takes_an_identity_provider_with_a_certificate() -> None:
    """The certificate that signs its metadata stands beside it."""
    text = declaration(
        "    idp: {kind: saml}\n    allowed", "    idp: {kind: saml, metadata: idp.xml, metadata_certificate: idp.crt}\n    allowed"
    )  # fmt: skip

    assert own_parts(loads(text, "federation.yaml")) == (
        OwnPart(Role.IDENTITY_PROVIDER, "kuusikoski", "idp.xml", "idp.crt"),
    )


def test_has_no_own_part_unless_it_is_declared() -> None:
    """What is simulated is nobody's own."""
    assert own_parts(loads(declaration(), "federation.yaml")) == ()


def test_says_where_a_part_stands_and_shows_no_query() -> None:
    """A query may hold a secret."""
    service = OwnPart(Role.SERVICE, "mine", "https://sp.example.org/m?token=1")
    provider = OwnPart(Role.IDENTITY_PROVIDER, "kuopio", "what?.xml")

    assert (service.place, service.shown_address) == ("services.mine", "https://sp.example.org/m")
    assert (provider.place, provider.shown_address) == ("education_providers.kuopio.idp", "what?.xml")


@pytest.mark.parametrize(
    ("becomes", "problem"),
    [
        pytest.param("simulated: portal, metadata: sp.xml", "line 23  services.portal: is both simulated and somebody's own; remove `simulated` or `metadata`", id="both"),
        pytest.param("simulated: ~", "line 23  services.portal: says neither `simulated: publisher` or `portal`, nor `metadata: FILE-or-URL` of your own; add one", id="neither"),
        pytest.param('metadata: ""', 'line 23  services.portal.metadata: got "", expected some text', id="an empty name"),
        pytest.param("metadata: 7", 'line 23  services.portal.metadata: got the number 7, expected a string; quote it: "7"', id="a number"),
        pytest.param("metadata: ftp://sp.example.org/m", 'line 23  services.portal.metadata: got "ftp://sp.example.org/m", expected a file, or an http or https URL', id="another scheme"),
        pytest.param("metadata: https:///m", 'line 23  services.portal.metadata: got "https:///m", expected a file, or an http or https URL', id="no host"),
        pytest.param('metadata: "https://[::1/m"', "line 23  services.portal.metadata: is no address that can be read; expected a file, or an http or https URL", id="no address"),
        pytest.param("metadata: https://me:secret@sp.example.org/m", "line 23  services.portal.metadata: holds a user name or password, and is shown to people; give an address without", id="a password"),
        pytest.param("simulated: portal, redirects_to: []", "line 23  services.portal.redirects_to: is for a part of your own, by `metadata`; remove it", id="redirects of a simulated one"),
        pytest.param('metadata: sp.xml, redirects_to: ["https://app.example.org/"]', 'line 23  services.portal.redirects_to[0]: got "https://app.example.org/", expected an origin in lower case, such as https://app.example.org or http://localhost:8080', id="redirects to more than an origin"),
        pytest.param("simulated: portal, metadata_certificate: a.crt", "line 23  services.portal.metadata_certificate: is to verify `metadata` with, and there is none; remove it", id="a certificate for nothing"),
        pytest.param('metadata: sp.xml, metadata_certificate: "https://sp.example.org/a.crt"', "line 23  services.portal.metadata_certificate: is an address, expected a file: a key that comes the same way as what it signed proves nothing", id="a certificate from an address"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with(becomes: str, problem: str) -> None:
    """Each fault is one problem that says what to do."""
    assert problems_of(declaration("simulated: portal", becomes)) == [problem]
