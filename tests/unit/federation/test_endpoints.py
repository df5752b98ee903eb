# SPDX-License-Identifier: Apache-2.0
"""Addresses and names that everything else derives from."""

from __future__ import annotations

import pytest

from federation.endpoints import Endpoints, Origins, flow_name, idp_id


def test_has_mpassids_own_paths() -> None:
    """The proxy's addresses differ from MPASSid's in the host alone (design 5)."""
    proxy = Endpoints(Origins.tls()).proxy

    assert proxy.idp_entity_id == "https://mpass.localhost/idp/shibboleth"
    assert proxy.sso_redirect_url == "https://mpass.localhost/idp/profile/SAML2/Redirect/SSO"
    assert proxy.sso_post_url == "https://mpass.localhost/idp/profile/SAML2/POST/SSO"
    assert proxy.sp_entity_id == "https://mpass.localhost/shibboleth"
    assert proxy.sp_metadata_url == "https://mpass.localhost/Shibboleth.sso/Metadata"
    assert proxy.acs_url == "https://mpass.localhost/Shibboleth.sso/SAML2/POST"
    assert proxy.flow_acs_url("ShibKuopio") == "https://mpass.localhost/ShibKuopio/Shibboleth.sso/SAML2/POST"


def test_has_a_port_for_each_part() -> None:
    """The local stack counts ports upwards from its base."""
    assert Origins.local(9000) == Origins(
        proxy="http://localhost:9000",
        idp="http://localhost:9001",
        publisher="http://localhost:9002",
        portal="http://localhost:9003",
    )
    assert not Origins.local().is_secure()


def test_leaves_out_the_port_of_https_only() -> None:
    """Another TLS port stands in every address."""
    assert Origins.tls(8443).publisher == "https://publisher.localhost:8443"
    assert Origins.tls().is_secure()


@pytest.mark.parametrize(
    ("kind", "provider", "expected"),
    [
        ("saml", "mansikkala", "ShibMansikkala"),
        ("saml", "kuusi-koski", "ShibKuusiKoski"),
        ("wilma", "kuopio", "WilmaKuopio"),
    ],
)
def test_names_a_flow(kind: str, provider: str, expected: str) -> None:
    """A flow is named by kind and provider, a plain SAML one as the older ones of MPASSid."""
    assert flow_name(kind, provider) == expected


def test_names_a_source_in_the_registry() -> None:
    """The id that goes into every uid depends on the declaration alone."""
    assert idp_id("saml", "mansikkala") == "saml_mansikkala"
