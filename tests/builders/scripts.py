# SPDX-License-Identifier: Apache-2.0
"""The scripts under `.ci/`, as modules: the folder's name cannot be imported."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

CI = Path(__file__).resolve().parents[2] / ".ci"


def ci_script(name: str) -> ModuleType:
    """Return `.ci/<name>.py` as a module."""
    module_name = f"ci_{name}"
    if module_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(module_name, CI / f"{name}.py")
        if spec is None or spec.loader is None:
            message = f"no script {name}"
            raise LookupError(message)
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
    return sys.modules[module_name]
