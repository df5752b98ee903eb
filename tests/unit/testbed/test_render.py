# SPDX-License-Identifier: Apache-2.0
"""`render parts` makes a name for a service of one's own; `render stack` writes a folder that `docker stack deploy` takes, and nothing over what is not its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509

Run = Callable[..., Result]


@pytest.fixture
def options(small_federation: Path) -> list[str]:
    """Return the options that name the declaration and the state folder."""
    return ["--federation", str(small_federation), "--state", str(small_federation.parent / "state")]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_writes_the_stack_with_its_secrets_private(run: Run, options: list[str], tmp_path: Path):
    """It says how it is deployed, and where it will be reached from."""
    result = run("render", "stack", tmp_path / "swarm", *options)

    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1] == (
        f"{tmp_path}/swarm/stack.yaml: docker stack deploy --compose-file {tmp_path}/swarm/stack.yaml mpass-testbed"
    )
    assert result.stderr == "port 8443 will be published on every address of the machine that runs the balancer\n"
    modes = {
        path.parent.name: path.stat().st_mode & 0o777 for path in (tmp_path / "swarm").rglob("*") if path.is_file()
    }
    assert modes == {"swarm": 0o644, "configs": 0o644, "secrets": 0o600}


def test_keeps_what_it_rendered_before(run: Run, options: list[str], tmp_path: Path):
    """Keys and passwords are made once: rendering anew rolls nothing."""
    run("render", "stack", tmp_path / "swarm", *options)
    before = files(tmp_path / "swarm")

    run("render", "stack", tmp_path / "swarm", *options)

    assert files(tmp_path / "swarm") == before


def test_takes_away_what_it_no_longer_names(run: Run, options: list[str], small_federation: Path, tmp_path: Path):
    """And leaves what somebody else has put there."""
    swarm = tmp_path / "swarm"
    run("render", "stack", swarm, *options)
    before = files(swarm)
    (swarm / "notes.txt").write_bytes(b"ours")
    small_federation.write_text(small_federation.read_text("utf-8").replace("testi kunta", "kaupunki"), "utf-8")

    run("render", "stack", swarm, *options)

    after = files(swarm)
    text = after["stack.yaml"].decode()
    assert {path for path in after if path not in text} - {"stack.yaml"} == {"notes.txt"}
    assert set(before) - set(after)
    assert {path for path in before if path.startswith("secrets/")} == {p for p in after if p.startswith("secrets/")}


def test_leaves_a_testbed_on_this_machine_alone(run: Run, options: list[str], small_federation: Path, tmp_path: Path):
    """The stack has keys of its own, in a folder of its own."""
    run("apply", *options)
    state = small_federation.parent / "state"
    before = files(state)

    run("render", "stack", tmp_path / "swarm", *options)

    after = files(state)
    assert {path: content for path, content in after.items() if not path.startswith("swarm/")} == before
    assert after["swarm/secrets/proxy-state"] != before["secrets/proxy-state"]


def test_rotates_the_key_of_the_proxy(run: Run, options: list[str], tmp_path: Path):
    """The services are given the new key before the proxy is: each step is a deployment of its own."""
    target = tmp_path / "swarm"

    def given(*more: str) -> dict[str, set[str]]:
        result = run("render", "stack", target, *more, *options)
        assert result.exit_code == 0, result.stderr
        return {
            service: {path for path in files(target) if path.partition("/")[2].startswith(f"{service}-")}
            for service in ("proxy", "publisher")
        }

    before, published, used = given(), given("--rotate", "publish"), given("--rotate", "use")

    def secrets(paths: set[str]) -> set[str]:
        return {path for path in paths if path.startswith("secrets/")}

    assert published["publisher"] != before["publisher"]
    assert secrets(published["proxy"]) == secrets(before["proxy"]) != secrets(used["proxy"])


def test_writes_into_no_folder_of_others(run: Run, options: list[str], tmp_path: Path):
    """Nothing is made, no key either."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_bytes(b"dear")
    before = files(tmp_path)

    result = run("render", "stack", tmp_path / "home", *options)

    assert (result.exit_code, result.stderr) == (
        2,
        f"{tmp_path}/home: holds something else; expected a new or empty folder, or one that `render stack` wrote\n",
    )
    assert files(tmp_path) == before


def test_refuses_an_image_before_anything_is_made(run: Run, options: list[str], tmp_path: Path):
    """Which one, and what was expected."""
    before = files(tmp_path)

    result = run("render", "stack", tmp_path / "swarm", "--image", "database=postgres:latest", *options)

    assert (result.exit_code, "--image database: 'postgres:latest' may be another image tomorrow" in result.stderr) == (
        2,
        True,
    )
    assert files(tmp_path) == before


def test_finds_no_stack_that_was_not_rendered(run: Run, options: list[str]):
    """`login --stack swarm` says what renders one."""
    result = run("login", "mansikkala/demo_u0001", "--stack", "swarm", *options)

    assert (result.exit_code, "no stack was rendered from" in result.stderr) == (3, True)


def test_makes_a_name_for_a_service_of_ones_own(run: Run, options: list[str], tmp_path: Path):
    """The balancer is given a certificate for it, by the CA that vouches for the others."""
    target = tmp_path / "parts"
    target.mkdir()

    result = run("render", "parts", target, "--own-sp-port", "3000", "--base-domain", "testbed.example.org", *options)

    assert result.exit_code == 0, result.stderr
    given = files(target)
    assert "own-sp:3000" in given["balancer/haproxy.cfg"].decode()
    [own, proxy] = [
        x509.load_pem_x509_certificates(given[f"balancer/certificates/{label}.testbed.example.org.pem"])
        for label in ("own-sp", "mpass")
    ]
    assert own[1] == proxy[1] == x509.load_pem_x509_certificate(given["own-sp/ca.crt"])
