# SPDX-License-Identifier: Apache-2.0
"""The rendered files, and reading them back."""

import json

import pytest
from lxml import etree

from certs.keys import Keys, idp_entity
from federation.errors import InputError
from federation.model import Names
from idp_simulators.render import metadata, render
from idp_simulators.settings import Settings
from proxy.saml.metadata import read_identity_provider
from proxy.saml.schema import METADATA
from tests.builders.homes import ENDPOINTS, NAMESPACES, RUN_TOKEN, federation, key_pair, proxy_metadata

PAIRS = {idp_entity(key): key_pair(idp_entity(key)) for key in ("mansikkala", "kuusikoski")}
SECRETS = {"idp-session": b"s" * 32, "run-token": RUN_TOKEN}


def files() -> dict[str, bytes]:
    rendered = render(federation(), ENDPOINTS, proxy_metadata())
    return {path.removeprefix("idp/"): content for path, content in rendered.items()}


def test_describes_every_provider_by_the_schema():
    """Each EntityDescriptor follows the schema of SAML metadata."""
    documents = metadata(federation(), ENDPOINTS, PAIRS)

    for document in documents.values():
        METADATA.check(etree.fromstring(document))
    assert set(documents) == {"mansikkala", "kuusikoski"}


def test_describes_what_the_proxy_needs():
    """Entity ID, the place for requests, the key and the names are what the provider has."""
    provider = read_identity_provider(metadata(federation(), ENDPOINTS, PAIRS)["mansikkala"])
    root = etree.fromstring(metadata(federation(), ENDPOINTS, PAIRS)["mansikkala"])

    assert provider.entity_id == "https://idp.localhost/mansikkala/metadata"
    assert [
        (service.get("Binding", "").rpartition(":")[2], service.get("Location"))
        for service in root.iterfind(".//md:SingleSignOnService", NAMESPACES)
    ] == [
        ("HTTP-Redirect", "https://idp.localhost/mansikkala/sso"),
        ("HTTP-POST", "https://idp.localhost/mansikkala/sso"),
    ]
    assert root.find(".//md:IDPSSODescriptor", NAMESPACES).get("WantAuthnRequestsSigned") == "true"
    assert [name.text for name in root.iterfind(".//mdui:DisplayName", NAMESPACES)] == [
        "Mansikkalan testi kunta",
        "Jordgubbsby testkommun",
        "Mansikkala test municipality",
    ]


def test_escapes_a_name_in_metadata():
    """A municipality's name never becomes markup."""
    declared = federation()
    provider = declared.education_providers["mansikkala"].model_copy(update={"name": Names(fi="A & B <kunta>")})
    declared = declared.model_copy(update={"education_providers": {"mansikkala": provider}})

    root = etree.fromstring(metadata(declared, ENDPOINTS, PAIRS)["mansikkala"])

    assert root.find(".//mdui:DisplayName", NAMESPACES).text == "A & B <kunta>"


def test_renders_the_same_bytes_twice():
    """The same input gives the same files."""
    first, second = (
        (render(federation(), ENDPOINTS, b"x"), metadata(federation(), ENDPOINTS, PAIRS)) for _ in range(2)
    )

    assert first == second


def test_renders_only_what_the_simulators_need():
    """No school, service, gate or key goes into the configuration."""
    document = json.loads(files()["config.json"])

    assert set(files()) == {"config.json", "metadata/proxy.xml"}
    assert set(document) == {"origin", "providers"}
    assert set(document["providers"]["mansikkala"]) == {"name", "colour", "idp", "people"}
    assert document["providers"]["mansikkala"]["people"]["demo_u0041"] == {
        "given_name": "Testi41",
        "surname": "Opettaja41",
        "school_codes": ["30076", "30078"],
        "roles": ["Opettaja"],
    }


def test_reads_back_the_people_that_were_declared():
    """Nothing of a person is lost on the way through the file."""
    settings = Settings.read(files(), Keys(PAIRS, SECRETS))

    assert {key: provider.municipality.people for key, provider in settings.providers.items()} == {
        key: provider.people for key, provider in federation().education_providers.items()
    }


@pytest.mark.parametrize(
    ("changes", "keys", "words"),
    [
        pytest.param({"config.json": None}, Keys(PAIRS, SECRETS), "config.json: there is no such file", id="no file"),
        pytest.param({"config.json": b"{"}, Keys(PAIRS, SECRETS), "config.json: ", id="half a file"),
        pytest.param(
            {"config.json": b'{"origin":"x","providers":{},"extra":1}'},
            Keys(PAIRS, SECRETS),
            "config.json: extra: ",
            id="an unknown key",
        ),
        pytest.param({"metadata/proxy.xml": b"x"}, Keys(PAIRS, SECRETS), "metadata/proxy.xml: ", id="no metadata"),
        pytest.param({}, Keys({}, SECRETS), "idp-kuusikoski: the key or secret is missing", id="no key"),
        pytest.param({}, Keys(PAIRS, {}), "idp-session: the key or secret is missing", id="no secret"),
    ],
)
def test_says_what_is_wrong_with(changes: dict[str, bytes | None], keys: Keys, words: str):
    """What cannot be used is an input error that names it."""
    given = {path: content for path, content in {**files(), **changes}.items() if content is not None}

    with pytest.raises(InputError) as raised:
        Settings.read(given, keys)
    assert str(raised.value).startswith(words)


def test_keeps_secrets_out_of_its_representation():
    """Settings that are printed show neither token nor secret."""
    assert RUN_TOKEN.decode() not in repr(Settings.read(files(), Keys(PAIRS, SECRETS)))
