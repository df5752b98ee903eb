# SPDX-License-Identifier: Apache-2.0
"""SimpleSAMLphp as a municipality's own identity provider: a product that others have written, on a free loopback port.

It is Debian's `simplesamlphp`, served by PHP's own web server as a child process with a configuration of its own; nothing of
the system's is read or touched. People sign in with `exampleauth:UserPass`. What it knows of the proxy is the proxy's
served metadata. It reads its configuration at every request, so that keys roll over while it runs.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from certs.keys import KeyPair, make_key_pair
from tests.builders import loopback_process

PHP: Final = Path("/usr/bin/php")
DOCUMENTS: Final = Path("/usr/share/simplesamlphp/www")
MISSING: Final = "SimpleSAMLphp is missing: apt-get install --no-install-recommends php-cgi mini-httpd php-cli php-xml simplesamlphp"  # fmt: skip

Person = Mapping[str, str | list[str]]
"""A person's attributes, by the names that they are sent under."""

_ENTRY: Final = "<?php $%s = json_decode(file_get_contents(__DIR__ . '/%s.json'), true);\n"
_PROXY: Final = """\
<?php
$own = json_decode(file_get_contents(__DIR__ . '/saml20-sp-remote.json'), true);
foreach (\\SimpleSAML\\Metadata\\SAMLParser::parseDescriptorsFile(__DIR__ . '/proxy.xml') as $id => $read) {
    $metadata[$id] = array_merge($read->getMetadata20SP(), $own);
}
"""


@dataclass(frozen=True)
class SimpleSaml:
    """A running identity provider, and the folder of its own files."""

    folder: Path
    origin: str

    @property
    def metadata_url(self) -> str:
        """Where its metadata is; its entity ID too."""
        return f"{self.origin}/saml2/idp/metadata.php"

    def unasked_url(self, proxy_entity_id: str) -> str:
        """Return where somebody signs in whom the proxy has not sent (saml-profiles-2.0-os 4.1.5)."""
        return f"{self.origin}/saml2/idp/SSOService.php?spentityid={proxy_entity_id}"

    def sign_by(self, pair: KeyPair, announced: KeyPair | None = None) -> None:
        """Have it sign by this key from now on; metadata has its certificate, and `announced`'s beside it."""
        hosted: dict[str, object] = {"host": "__DEFAULT__", "auth": "people", **_key_files(self.folder, pair, "")}
        if announced is not None:
            hosted |= _key_files(self.folder, announced, "new_")
        _write_json(self.folder / "metadata/saml20-idp-hosted.json", {self.metadata_url: hosted})
        loopback_process.hand_over(self.folder)

    def log(self) -> str:
        """Return what PHP and SimpleSAMLphp said."""
        logs = (self.folder / name for name in (loopback_process.LOG, "simplesamlphp.log"))
        return "".join(log.read_text("utf-8", "replace") for log in logs if log.exists())


def is_installed() -> bool:
    """Tell whether the packages are there."""
    return PHP.exists() and DOCUMENTS.exists()


def key_pair() -> KeyPair:
    """Return a new key to sign with."""
    return make_key_pair("idp-simplesaml", datetime.now(UTC))


@contextmanager
def running(
    port: int, proxy_metadata: bytes, people: Mapping[str, Person], options: Mapping[str, bool]
) -> Iterator[SimpleSaml]:
    """Run it with people by `user:password`; `options` are what it makes of answers to the proxy, as in its manual."""
    idp = SimpleSaml(Path(tempfile.mkdtemp(prefix="simplesaml-")), f"http://localhost:{port}")
    try:
        _write(idp, proxy_metadata, people, options)
        idp.sign_by(key_pair())
        command = [PHP, "-d", "display_errors=0", "-d", f"session.save_path={idp.folder}/work"]
        command += ["-S", f"127.0.0.1:{port}", "-t", DOCUMENTS]
        environment = {"SIMPLESAMLPHP_CONFIG_DIR": str(idp.folder)}
        with loopback_process.running(command, idp.folder, idp.metadata_url, environment):
            yield idp
    finally:
        shutil.rmtree(idp.folder)


def _write(idp: SimpleSaml, proxy_metadata: bytes, people: Mapping[str, Person], options: Mapping[str, bool]) -> None:
    for name in ("cert", "metadata", "work"):
        (idp.folder / name).mkdir()
    _write_json(idp.folder / "config.json", _configuration(idp))
    _write_json(idp.folder / "authsources.json", {"people": {"0": "exampleauth:UserPass", **people}})
    _write_json(idp.folder / "metadata/saml20-sp-remote.json", dict(options))
    (idp.folder / "metadata/proxy.xml").write_bytes(proxy_metadata)
    entries = {
        "config.php": _ENTRY % ("config", "config"),
        "authsources.php": _ENTRY % ("config", "authsources"),
        "metadata/saml20-idp-hosted.php": _ENTRY % ("metadata", "saml20-idp-hosted"),
        "metadata/saml20-sp-remote.php": _PROXY,
    }
    for name, text in entries.items():
        (idp.folder / name).write_text(text, "utf-8")


def _configuration(idp: SimpleSaml) -> dict[str, object]:
    return {
        "baseurlpath": f"{idp.origin}/",
        "certdir": f"{idp.folder}/cert/",
        "loggingdir": f"{idp.folder}/",
        "datadir": f"{idp.folder}/",
        "tempdir": f"{idp.folder}/work",
        "metadatadir": f"{idp.folder}/metadata/",
        "logging.handler": "file",
        "secretsalt": "of a test",
        "auth.adminpassword": "nobody signs in with it",
        "technicalcontact_email": "tuki@example.org",
        "timezone": "UTC",
        "enable.saml20-idp": True,
        "module.enable": {"exampleauth": True, "core": True, "saml": True},
        "store.type": "phpsession",
        "session.cookie.secure": False,
    }


def _key_files(folder: Path, pair: KeyPair, prefix: str) -> dict[str, str]:
    """Write the pair's files, and return the configuration that names them."""
    (folder / f"cert/{prefix}idp.key").write_bytes(pair.private_key_pem)
    (folder / f"cert/{prefix}idp.crt").write_bytes(pair.certificate_pem)
    return {f"{prefix}privatekey": f"{prefix}idp.key", f"{prefix}certificate": f"{prefix}idp.crt"}


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document), "utf-8")
