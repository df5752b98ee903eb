# SPDX-License-Identifier: Apache-2.0
"""What each container is given: what it needs, and no key or password of another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.tls_folder import TlsFolder
from federation.endpoints import PARTS, Origins
from federation.model import Federation
from testbed.stacks.compose.balancer import Beyond, OwnSp
from testbed.stacks.compose.database import PARTS_WITH_DATABASE, password_secret
from testbed.stacks.compose.part_folders import GivenFile, Rendered, folders
from testbed.state_folder import StateFolder
from tests.builders.stacks import shipped_federation

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
ORIGINS = Origins.tls(8443)


@pytest.fixture(scope="module")
def federation() -> Federation:
    """Return what federation.yaml declares, two municipalities of it: keys take time."""
    shipped = shipped_federation()
    few = {key: shipped.education_providers[key] for key in ("mansikkala", "kuusikoski")}
    return shipped.model_copy(update={"education_providers": few})


@pytest.fixture(scope="module")
def rendered(federation: Federation, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Apply the declaration, and return all that containers are given a share of."""
    state: Path = tmp_path_factory.mktemp("state")
    folder, tls = StateFolder(state), TlsFolder(state)
    applied = folder.apply(federation, ORIGINS, NOW)
    passwords = folder.ensure_secrets([password_secret(part) for part in PARTS_WITH_DATABASE], NOW)
    return Rendered(
        federation=federation,
        origins=ORIGINS,
        files=applied.files,
        keys=applied.keys.with_secrets(passwords),
        ca_certificate=tls.ca_certificate.read_bytes(),
        tls_chains={ORIGINS.host_name(part): tls.chain(ORIGINS.host_name(part)).read_bytes() for part in PARTS},
    )


@pytest.fixture
def given(rendered: Rendered) -> dict[str, dict[str, GivenFile]]:
    """Return every container's share."""
    return folders(rendered)


def test_gives_each_private_key_to_one_container(given: dict[str, dict[str, GivenFile]]):
    """Who breaks into one container signs as that part, and as nobody else."""
    holders = {
        f"{name}/{path}"
        for name, files in given.items()
        for path, file in files.items()
        if b"PRIVATE KEY" in file.content
    }

    assert holders == {
        "proxy/keys/proxy-idp.key.pem",
        "proxy/keys/proxy-sp.key.pem",
        "idp/keys/idp-mansikkala.key.pem",
        "idp/keys/idp-kuusikoski.key.pem",
        "publisher/keys/sp-publisher.key.pem",
        "portal/keys/sp-portal.key.pem",
        "balancer/certificates/mpass.localhost.pem",
        "balancer/certificates/idp.localhost.pem",
        "balancer/certificates/publisher.localhost.pem",
        "balancer/certificates/portal.localhost.pem",
    }


def test_gives_each_secret_to_whom_it_belongs(given: dict[str, dict[str, GivenFile]]):
    """Only the run's token is shared: by those who have something that it opens."""
    secrets = {name: {path for path in files if path.startswith("secrets/")} for name, files in given.items()}

    assert secrets == {
        "proxy": {"secrets/proxy-state", "secrets/pgpass"},
        "idp": {"secrets/idp-session", "secrets/run-token"},
        "publisher": {"secrets/publisher-session", "secrets/run-token", "secrets/pgpass"},
        "portal": {"secrets/portal-session", "secrets/run-token", "secrets/pgpass"},
        "balancer": set(),
        "database": set(),
    }


def test_gives_nobody_the_key_of_the_ca(given: dict[str, dict[str, GivenFile]], rendered: Rendered):
    """The CA's certificate is for everybody who asks others; with its key anybody could be the balancer."""
    assert {given[part]["tls/ca.crt"].content for part in PARTS} == {rendered.ca_certificate}
    assert not any("ca.pem" in path for files in given.values() for path in files)


def test_gives_the_database_no_password(given: dict[str, dict[str, GivenFile]], rendered: Rendered):
    """The server, whose files others may read, is given verifiers alone."""
    passwords = [rendered.keys.secrets[password_secret(part)].hex() for part in PARTS_WITH_DATABASE]

    assert set(given["database"]) == {"roles.sql"}
    assert not any(password.encode() in given["database"]["roles.sql"].content for password in passwords)


def test_keeps_what_is_given_private(given: dict[str, dict[str, GivenFile]]):
    """All but the database's script is readable by its owner only."""
    assert {
        f"{name}/{path}" for name, files in given.items() for path, file in files.items() if file.mode != 0o600
    } == {"database/roles.sql"}


def test_says_which_files_are_secret(given: dict[str, dict[str, GivenFile]], rendered: Rendered):
    """What is not must hold no key and no password: a swarm shows it to whoever may ask."""
    secrets = [b"PRIVATE KEY", b"SCRAM-SHA-256", *(secret.hex().encode() for secret in rendered.keys.secrets.values())]

    public = {
        f"{name}/{path}": file for name, files in given.items() for path, file in files.items() if not file.is_secret
    }
    assert not {path for path, file in public.items() if any(secret in file.content for secret in secrets)}
    assert {"proxy/proxy/config.json", "idp/keys/idp-mansikkala.crt.pem", "balancer/haproxy.cfg"} <= set(public)


def test_gives_a_service_of_ones_own_what_anybody_may_know(rendered: Rendered):
    """The proxy's metadata and the test CA's certificate, readable by whoever runs there; no key of anybody."""
    given = folders(replace(rendered, beyond=Beyond(OwnSp("own-sp.localhost", 8080))))

    assert {path: (file.mode, file.is_secret) for path, file in given["own-sp"].items()} == {
        "idp-metadata.xml": (0o644, False),
        "ca.crt": (0o644, False),
    }
    assert given["own-sp"]["idp-metadata.xml"].content == rendered.files["proxy/metadata/own-idp.xml"]
    assert "own-sp" not in folders(rendered)


def test_gives_a_load_run_what_opens_doors_to_scripts_and_no_key(rendered: Rendered):
    """The run's token, which is a secret, and whom to believe; nothing where no load run is asked for."""
    given = folders(replace(rendered, beyond=Beyond(has_load=True)))

    assert {path: (file.mode, file.is_secret) for path, file in given["load"].items()} == {
        "run-token": (0o600, True),
        "ca.crt": (0o644, False),
    }
    assert given["load"]["run-token"].content == rendered.keys.secrets["run-token"].hex().encode("ascii")
    assert "load" not in folders(rendered)


def test_gives_the_same_bytes_for_the_same_input(rendered: Rendered):
    """Nothing is made by chance on the way."""
    assert folders(rendered) == folders(rendered)
