# SPDX-License-Identifier: Apache-2.0
"""Which keys and secrets a federation needs, and which part may hold which."""

from __future__ import annotations

import pytest

from certs.keys import KeyPair, Keys
from federation.endpoints import PARTS, Origins, PartName
from federation.model import EducationProvider, Federation, IdentityProvider, IdpKind
from testbed.assembly import entities, part_keys, rendered_files, secret_names
from tests.builders.homes import federation, key_pair


def two_that_speak_no_saml() -> Federation:
    """Return Mansikkala with a Wilma and Kuusikoski with an Opinsys."""
    providers = federation().education_providers
    return federation(
        education_providers={
            "mansikkala": of_kind(providers["mansikkala"], IdpKind.WILMA),
            "kuusikoski": of_kind(providers["kuusikoski"], IdpKind.OPINSYS),
        }
    )


def of_kind(provider: EducationProvider, kind: IdpKind) -> EducationProvider:
    """Return the provider with an identity provider of another kind."""
    return provider.model_copy(update={"idp": IdentityProvider(kind=kind)})


def all_keys(declared: Federation) -> Keys:
    """Return whatever the federation needs, of no value as a key."""
    pairs = {entity: KeyPair(entity, b"", b"") for entity in entities(declared)}
    return Keys(pairs, {name: name.encode() for name in secret_names(declared)})


def test_makes_a_secret_for_each_that_speaks_no_saml() -> None:
    """SAML needs none; a Wilma needs no key pair either, an Opinsys signs its tokens."""
    declared = two_that_speak_no_saml()

    assert [name for name in secret_names(federation()) if name.startswith("home-")] == []
    assert secret_names(declared)[-2:] == ("home-mansikkala", "home-kuusikoski")
    assert [entity for entity in entities(declared) if entity.startswith("idp-")] == ["idp-kuusikoski"]


@pytest.mark.parametrize(
    ("part", "held"),
    [
        ("proxy", ["home-kuusikoski", "home-mansikkala", "proxy-state"]),
        ("idp", ["home-kuusikoski", "home-mansikkala", "idp-session", "run-token"]),
        ("publisher", ["publisher-session", "run-token"]),
        ("portal", ["portal-session", "run-token"]),
    ],
)
def test_hands_a_shared_secret_to_its_two_holders_only(part: PartName, held: list[str]) -> None:
    """The proxy and the simulators hold it, the services never do."""
    declared = two_that_speak_no_saml()

    assert sorted(part_keys(declared, all_keys(declared), part).secrets) == held


def test_makes_no_metadata_of_those_that_speak_no_saml() -> None:
    """There is none to trust, and the proxy's own offers no address for their responses."""
    declared = two_that_speak_no_saml()
    certificates = {entity: key_pair(entity) for entity in entities(declared)}

    files = rendered_files(declared, Origins.tls(), certificates)

    assert [path for path in files if path.startswith("proxy/metadata/sources/")] == []
    assert b"/Shibboleth.sso/SAML2/POST" in files["proxy/metadata/own-sp.xml"]
    assert b"Wilma" not in files["proxy/metadata/own-sp.xml"]
    assert all(path.partition("/")[0] in PARTS for path in files)
