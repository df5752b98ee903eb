# SPDX-License-Identifier: Apache-2.0
"""Apache with mod_auth_mellon as a service: an ordinary SAML client that others have written, on a free loopback port.

It is Debian's `libapache2-mod-auth-mellon` and the `apache2-bin` it brings, run as a child process with a configuration
of its own; nothing of the system's Apache is touched. /private` asks for a login and answers with what mellon exports of the
assertion, one base64 header for each attribute.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from certs.keys import KeyPair, make_key_pair
from tests.builders import loopback_process

MODULES: Final = Path("/usr/lib/apache2/modules")
HTTPD: Final = Path("/usr/sbin/apache2")
MISSING: Final = "Apache with mod_auth_mellon is missing: apt-get install libapache2-mod-auth-mellon"
SEPARATOR: Final = "|"
"""Stands between the values of an attribute; mellon's own, `;`, stands inside of MPASSid's values."""

EXPORTED: Final[Mapping[str, str]] = {
    "uid": "urn:mpass.id:uid",
    "given_name": "urn:oid:2.5.4.42",
    "surname": "urn:oid:2.5.4.4",
    "learner_id": "urn:oid:1.3.6.1.4.1.16161.1.1.27",
    "school_info": "urn:mpass.id:schoolInfo",
    "role": "urn:mpass.id:role",
    "class_level": "urn:mpass.id:classLevel",
}
"""What is shown of an assertion: our name for it, and the attribute's."""

_NEEDED: Final = ("mpm_prefork", "authn_core", "authz_core", "authz_user", "auth_mellon", "headers", "dir")
_ENCODED: Final = "expr=%{{base64:%{{reqenv:{name}}}}}"

_CONFIGURATION: Final = """\
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/httpd.pid"
DefaultRuntimeDir "{folder}"
ErrorLog "{folder}/error.log"
LogLevel warn
StartServers 1
MinSpareServers 1
MaxSpareServers 2
{modules}
DocumentRoot "{folder}/pages"
DirectoryIndex index.html
MellonLockFile "{folder}/mellon.lock"
<Location />
    MellonEnable "info"
    MellonEndpointPath /mellon
    MellonSPentityId {origin}/metadata
    MellonSPPrivateKeyFile "{folder}/sp.key"
    MellonSPCertFile "{folder}/sp.crt"
    MellonSPMetadataFile "{folder}/sp.xml"
    MellonIdPMetadataFile "{folder}/idp.xml"
    MellonSignatureMethod rsa-sha256
    # What Python's cookie jar calls localhost; a browser knows it by its own name.
    MellonCookieDomain localhost.local
    MellonMergeEnvVars On "{separator}"
{names}
</Location>
<Location /private>
    AuthType Mellon
    MellonEnable "auth"
    Require valid-user
    Header set X-Name-Id "expr=%{{base64:%{{reqenv:MELLON_NAME_ID}}}}"
{headers}
</Location>
"""

_METADATA: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
    entityID="{origin}/metadata">
  <SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
{keys}
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>
    <AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="{origin}/mellon/postResponse"/>
  </SPSSODescriptor>
</EntityDescriptor>
"""
_KEY: Final = """\
    <KeyDescriptor{use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
</ds:KeyInfo></KeyDescriptor>"""


@dataclass(frozen=True)
class Mellon:
    """A running service, and the folder of its own files."""

    folder: Path
    origin: str

    @property
    def private_url(self) -> str:
        """The page that asks for a login."""
        return f"{self.origin}/private/"

    @property
    def metadata_file(self) -> Path:
        """The service's own metadata."""
        return self.folder / "sp.xml"

    @property
    def acs_url(self) -> str:
        """Where it takes responses."""
        return f"{self.origin}/mellon/postResponse"

    def log(self) -> str:
        """Return what httpd and mellon said."""
        logs = (self.folder / name for name in (loopback_process.LOG, "error.log"))
        return "".join(log.read_text("utf-8", "replace") for log in logs if log.exists())


def exported(response: httpx.Response) -> dict[str, list[str]]:
    """Return the attributes that mellon hands to the application, those without a value left out."""
    held = {name: _decoded(response, f"X-Attribute-{name.replace('_', '-')}") for name in EXPORTED}
    return {name: text.split(SEPARATOR) for name, text in held.items() if text}


def name_id(response: httpx.Response) -> str:
    """Return the value of the NameID."""
    return _decoded(response, "X-Name-Id")


def is_installed() -> bool:
    """Tell whether the packages are there."""
    return HTTPD.exists() and (MODULES / "mod_auth_mellon.so").exists()


@contextmanager
def running(port: int, idp_metadata: bytes, key_uses: tuple[str | None, ...]) -> Iterator[Mellon]:
    """Run the service; its metadata has its certificate once for each of `key_uses`, without a use for `None`."""
    mellon = Mellon(Path(tempfile.mkdtemp(prefix="mellon-")), f"http://localhost:{port}")
    try:
        _write(mellon, port, idp_metadata, key_uses)
        command = [HTTPD, "-X", "-f", mellon.folder / "httpd.conf"]
        with loopback_process.running(command, mellon.folder, mellon.origin):
            yield mellon
    finally:
        shutil.rmtree(mellon.folder)


def _write(mellon: Mellon, port: int, idp_metadata: bytes, key_uses: tuple[str | None, ...]) -> None:
    pair = make_key_pair("sp-mellon", datetime.now(UTC))
    files = {
        "sp.key": pair.private_key_pem,
        "sp.crt": pair.certificate_pem,
        "sp.xml": metadata(mellon, pair, key_uses).encode(),
        "idp.xml": idp_metadata,
        "pages/private/index.html": b"signed in\n",
        "httpd.conf": _configuration(mellon, port).encode(),
    }
    for name, content in files.items():
        path = mellon.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def metadata(mellon: Mellon, pair: KeyPair, key_uses: tuple[str | None, ...]) -> str:
    """Return the service's metadata, with its certificate once for each of `key_uses`."""
    uses = (f' use="{use}"' if use else "" for use in key_uses)
    keys = "\n".join(_KEY.format(use=use, certificate=pair.certificate_base64) for use in uses)
    return _METADATA.format(origin=mellon.origin, keys=keys)


def _configuration(mellon: Mellon, port: int) -> str:
    shown = [(f"ATTRIBUTE_{name}", name, attribute) for name, attribute in EXPORTED.items()]
    return _CONFIGURATION.format(
        folder=mellon.folder,
        port=port,
        origin=mellon.origin,
        separator=SEPARATOR,
        modules="\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in _NEEDED),
        names="\n".join(f'    MellonSetEnvNoPrefix "{variable}" "{attribute}"' for variable, _, attribute in shown),
        headers="\n".join(
            f'    Header set X-Attribute-{name.replace("_", "-")} "{_ENCODED.format(name=variable)}"'
            for variable, name, _ in shown
        ),
    )


def _decoded(response: httpx.Response, name: str) -> str:
    return base64.b64decode(response.headers.get(name, "")).decode()
