# SPDX-License-Identifier: Apache-2.0
"""The schemas of SAML protocol messages and metadata, compiled once when this module is imported.

The XSDs are those that pysaml2 ships. They are found without importing it, every import among them is resolved to
its folder whatever address it names, and nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import Final

from lxml import etree

from federation.errors import MissingError
from proxy.saml.fault import Flaw, MessageFault
from proxy.saml.xml import Element

_DRIVER: Final = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:import namespace="{namespace}" schemaLocation="{file}"/>
  <xs:import namespace="http://www.w3.org/2009/xmlenc11#" schemaLocation="xenc-schema-11.xsd"/>
</xs:schema>
"""
"""xmlenc 1.1 is imported too: the mask generation function stands in an element of its own there."""


class Schema:
    """One compiled schema, to be used by any thread."""

    def __init__(self, namespace: str, file: str) -> None:
        """Compile `file`, the schema of `namespace`, from the folder that pysaml2 ships."""
        parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
        parser.resolvers.add(_LocalResolver(_folder()))
        driver = _DRIVER.format(namespace=namespace, file=file)
        self._compiled = etree.XMLSchema(etree.fromstring(driver, parser, base_url="file:///driver.xsd"))
        # lxml keeps the error log on the object: two threads would push and pop each other's.
        self._lock = threading.Lock()

    def check(self, root: Element) -> None:
        """Raise `MessageFault` (schema-invalid) unless the tree follows the schema."""
        with self._lock:
            if self._compiled.validate(root):
                return
            errors = [
                f"{error.type_name} in line {error.line}"
                for error in self._compiled.error_log  # type: ignore[attr-defined] # the stubs know no entries
            ]
        # Its words would quote the value, which may be a person's data: the place and the kind must do.
        raise MessageFault(Flaw.SCHEMA_INVALID, errors[0] if errors else "", "the schema of SAML 2.0")


class _LocalResolver(etree.Resolver):
    """Answers every address with the file of that name in one folder, and with nothing where there is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, context: object) -> object:  # type: ignore[override] # the stubs forgot the context
        """Return the local file for `system_url`, as lxml asks for it."""
        del public_id
        path = self._folder / system_url.rpartition("/")[2]
        return self.resolve_string(path.read_bytes() if path.is_file() else b"", context, base_url=path.as_uri())


def _folder() -> Path:
    spec = importlib.util.find_spec("saml2")
    if spec is None or not spec.submodule_search_locations:
        message = "the SAML schemas are missing: they come with pysaml2; run `make install`"
        raise MissingError(message)
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


PROTOCOL: Final = Schema("urn:oasis:names:tc:SAML:2.0:protocol", "saml-schema-protocol-2.0.xsd")
METADATA: Final = Schema("urn:oasis:names:tc:SAML:2.0:metadata", "saml-schema-metadata-2.0.xsd")
