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


def test_has_the_addresses_of_home_organisations_that_speak_no_saml() -> None:
    """Both ends of the two protocols (home-protocols 2 and 3)."""
    endpoints = Endpoints(Origins.tls())
    wilma, opinsys = (endpoints.identity_provider("kuopio", kind) for kind in ("wilma", "opinsys"))

    assert (wilma.entity_id, opinsys.entity_id) == ("https://idp.localhost/kuopio", "https://idp.localhost/kuopio")
    assert wilma.wilma.login_url == "https://idp.localhost/kuopio/mpass/login"
    assert wilma.wilma.data_url == "https://idp.localhost/kuopio/external/mpass"
    assert opinsys.opinsys.sso_url == "https://idp.localhost/kuopio/v3/sso"
    assert opinsys.opinsys.user_url("a/b") == "https://idp.localhost/kuopio/v3/users/a%2Fb"
    assert opinsys.opinsys.client_id == "uid=mpass,ou=System Accounts,dc=edu,dc=kuopio,dc=fi"
    assert endpoints.proxy.wilma_return_url("login-1") == "https://mpass.localhost/login/login-1/wilma"
    assert endpoints.proxy.opinsys_return_url("login-1") == "https://mpass.localhost/login/login-1/opinsys"


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


def test_has_a_host_name_and_a_port_for_each_part_over_tls() -> None:
    """The local stack on https: what a browser keeps apart are the names, what the parts listen on are the ports."""
    origins = Origins.local_tls(9443)

    assert origins == Origins(
        proxy="https://mpass.localhost:9443",
        idp="https://idp.localhost:9444",
        publisher="https://publisher.localhost:9445",
        portal="https://portal.localhost:9446",
    )
    assert (origins.host_name("idp"), origins.port("idp")) == ("idp.localhost", 9444)
    assert (Origins.tls().port("portal"), Origins.local().host_name("portal")) == (443, "localhost")


def test_takes_another_domain_behind_a_balancer() -> None:
    """A team's test server has names of its own."""
    assert Origins.tls(443, "testbed.example.org").proxy == "https://mpass.testbed.example.org"
