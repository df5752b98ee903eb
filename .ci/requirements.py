# SPDX-License-Identifier: Apache-2.0
"""Keeps requirements.txt in step with pyproject.toml, and each image's requirements with both.

`write` compiles it: every dependency of the project, of its dev group and of its build, pinned and with hashes, and
no index address in it. An image gets, from the same pins, what its dependency group names and what that needs in its
turn. `check` needs no network: the file carries a digest of what it was compiled from, every pin must satisfy what
pyproject.toml asks for, and what the images get follows from the pins and from what is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
DIGEST = re.compile(r"^# compiled from pyproject\.toml: sha256 ([0-9a-f]{64})$", re.MULTILINE)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Written by `make requirements`; `make check` fails when it is out of step.
# compiled from pyproject.toml: sha256 {digest}
"""
IMAGES = ("proxy", "idp_simulators", "sp_stub", "testbed", "loadtests")
"""Folders with a Dockerfile; each has a dependency group of its name and gets a requirements.txt."""
IMAGE_HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# Written by `make requirements`, from the pins of the one at the root; `make check` fails when it is out of step.
"""
OPTIONS = (
    "--quiet",
    "--no-config",
    "--no-header",
    "--no-annotate",
    "--generate-hashes",
    "--allow-unsafe",  # setuptools builds the editable install, so it is pinned as well
    "--strip-extras",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
)


def inputs(project: Mapping[str, Any]) -> list[str]:
    """Return every requirement of pyproject.toml, sorted: build, run time, and the dev group with what it includes."""
    return sorted(
        {
            *project["build-system"]["requires"],
            *project["project"]["dependencies"],
            *_group(project["dependency-groups"], "dev"),
        }
    )


def digest(requirements: Sequence[str]) -> str:
    """Return the digest that ties requirements.txt to these inputs."""
    return hashlib.sha256("\n".join(requirements).encode("utf-8")).hexdigest()


def problems(requirements: Sequence[str], compiled: str) -> list[str]:
    """Return what is wrong with a compiled file, one line each."""
    found = []
    match = DIGEST.search(compiled)
    if match is None or match[1] != digest(requirements):
        found.append("requirements.txt was not compiled from this pyproject.toml; run `make requirements`")
    pins = {canonicalize_name(name): version for name, version in PIN.findall(compiled)}
    for requirement in map(Requirement, requirements):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            found.append(f"{requirement.name}: is not pinned in requirements.txt")
        elif not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement.name}: pinned to {version}, pyproject.toml asks for {requirement.specifier}")
    if "://" in compiled:
        found.append("requirements.txt names an address; where packages come from is the machine's own setting")
    return found


def write(requirements: Sequence[str], target: Path, *, upgrade: bool) -> None:
    """Compile `requirements` into `target`, keeping its pins unless `upgrade`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "requirements.in"
        output = Path(folder) / "requirements.txt"
        source.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        if target.exists() and not upgrade:
            output.write_bytes(target.read_bytes())
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, f"--output-file={output}", str(source)]
        subprocess.run(command, check=True, cwd=folder, env=os.environ)
        pinned = output.read_text(encoding="utf-8")
    body = "\n".join(line for line in pinned.splitlines() if not line.lstrip().startswith("#")).strip()
    target.write_text(HEADER.format(digest=digest(requirements)) + body + "\n", encoding="utf-8")


def image_requirements(names: Sequence[str], compiled: str) -> str:
    """Return the pins of `compiled` that `names` need, all the way down, as installed packages say."""
    blocks = dict(_blocks(compiled))
    seen: set[tuple[NormalizedName, frozenset[str]]] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        requirement = waiting.pop()
        wanted = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if wanted in seen:
            continue
        seen.add(wanted)
        for text in distribution(wanted[0]).requires or ():
            further = Requirement(text)
            if any(_holds(further, extra) for extra in ("", *requirement.extras)):
                waiting.append(further)
    return IMAGE_HEADER + "".join(blocks[name] for name in sorted({name for name, _ in seen}))


def _holds(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _blocks(compiled: str) -> Iterator[tuple[NormalizedName, str]]:
    """Give each pin with its hashes, by the name of the package."""
    pins = list(PIN.finditer(compiled))
    ends = [*(pin.start() for pin in pins[1:]), len(compiled)]
    for pin, end in zip(pins, ends, strict=True):
        yield canonicalize_name(pin[1]), compiled[pin.start() : end]


def _group(groups: Mapping[str, Any], name: str) -> Iterator[str]:
    for entry in groups[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _group(groups, entry["include-group"])


def main() -> int:
    """Run one of the verbs; 0 when the file is in step."""
    parser = argparse.ArgumentParser(description="Keep requirements.txt in step with pyproject.toml.")
    parser.add_argument("verb", choices=["check", "write"])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of keeping the pins")
    arguments = parser.parse_args()
    target = ROOT / "requirements.txt"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = inputs(project)
    if arguments.verb == "write":
        write(requirements, target, upgrade=arguments.upgrade)
    compiled = target.read_text(encoding="utf-8") if target.exists() else ""
    found = problems(requirements, compiled)
    for image in IMAGES if not found else ():
        expected = image_requirements(list(_group(project["dependency-groups"], image)), compiled)
        path = ROOT / image / "requirements.txt"
        if arguments.verb == "write":
            path.write_text(expected, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != expected:
            found.append(f"{image}/requirements.txt: out of step; run `make requirements`")
    print("\n".join(found) or "requirements.txt is in step with pyproject.toml")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
