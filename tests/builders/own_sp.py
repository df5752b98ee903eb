# SPDX-License-Identifier: Apache-2.0
"""A team's own service in an image: the example of `.ci/images/own-sp` with a key and metadata made for a public address."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from certs.keys import make_key_pair
from testbed.stacks.compose.project import ROOT
from tests.builders.docker_command import docker
from tests.builders.mellon import Mellon, metadata

EXAMPLE: Final = ROOT / ".ci" / "images" / "own-sp"


def build(folder: Path, origin: str) -> Mellon:
    """Build the image of a service whose public address is `origin`; its own files lie in `folder` afterwards."""
    service, pair = Mellon(folder, origin), make_key_pair("sp-mellon", datetime.now(UTC))
    for name in ("Dockerfile", "httpd.conf"):
        shutil.copy(EXAMPLE / name, folder)
    (folder / "sp.key").write_bytes(pair.private_key_pem)
    (folder / "sp.crt").write_bytes(pair.certificate_pem)
    service.metadata_file.write_text(metadata(service, pair, ("signing", "encryption")), "utf-8")
    base = ["--build-arg", f"BASE_IMAGE={os.environ['BASE_IMAGE']}"] if os.environ.get("BASE_IMAGE") else []
    docker("build", "--quiet", *base, "--tag", image(service), str(folder))
    return service


def image(service: Mellon) -> str:
    """Return the name of the service's image: one for each port, so that two runs of the tests do not share it."""
    return f"own-sp-test.invalid/mellon:{urlsplit(service.origin).port}"


def forget(service: Mellon) -> None:
    """Leave no image, which holds the service's key."""
    docker("image", "rm", "--force", image(service))
