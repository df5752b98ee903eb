# SPDX-License-Identifier: Apache-2.0
"""Plants one fault at a time and checks that the tests it names catch it.

A mutant is a patch in this folder: above the diff a sentence that says what is broken, and a `Red:` line for each test
that must turn red. The rules:
- the named tests pass without the patch;
- the patch applies, without fuzz;
- with it every named test fails, by an assertion: a test that merely crashes or cannot be collected proves nothing.

Each mutant gets a copy of a copy of the tree, so the checkout stays as it is; the first copy's bytecode comes along,
because compiling all of it anew takes longer than most tests. Ends with 1 when a rule is broken.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NOT_COPIED = (".git", ".venv", ".testbed", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis", "build", "*.png")
TIMEOUT = 600
AT_ONCE = 2

_RED = re.compile(r"^Red: (\S.*)$", re.MULTILINE)
_DIFF = re.compile(r"^diff --git ", re.MULTILINE)
_BY_ASSERTION = re.compile(r"AssertionError|assert |Failed: DID NOT RAISE|Failed: DID NOT WARN")


class MutantError(Exception):
    """A patch that cannot be used; the text says why."""


@dataclass(frozen=True)
class Mutant:
    """A planted fault: the patch's name, what it breaks, and the tests that must notice."""

    name: str
    sentence: str
    tests: tuple[str, ...]
    patch: Path


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant; `problem` is empty where it was caught."""

    mutant: Mutant
    problem: str = ""


@dataclass(frozen=True)
class TestRun:
    """What pytest reported: failure messages by test (empty for one that passed), and what came before any test."""

    __test__ = False

    failures: dict[str, str]
    error: str = ""

    def of(self, test: str) -> list[str]:
        """Return the messages of a test, of all its rows where it is named without one."""
        return [message for name, message in self.failures.items() if name == test or name.startswith(f"{test}[")]


def read_mutant(patch: Path) -> Mutant:
    """Return the mutant of a patch file; raises `MutantError` where its header lacks something."""
    text = patch.read_text(encoding="utf-8")
    diff = _DIFF.search(text)
    if diff is None:
        message = f"{patch.name}: holds no diff in git's form"
        raise MutantError(message)
    header = text[: diff.start()]
    tests = tuple(_RED.findall(header))
    if not tests:
        message = f"{patch.name}: names no test; write one as `Red: tests/unit/…::test_…`"
        raise MutantError(message)
    lines = [line.strip() for line in header.splitlines()]
    words = [line for line in lines if line and not line.startswith(("#", "Red:"))]
    if not words:
        message = f"{patch.name}: does not say in a sentence what is broken"
        raise MutantError(message)
    return Mutant(patch.stem, " ".join(words), tests, patch)


def judge(mutant: Mutant, run: TestRun) -> Verdict:
    """Return the verdict on a mutant from what its tests did with the patch applied."""
    if run.error:
        return Verdict(mutant, f"the tests did not run: {run.error}")
    for test in mutant.tests:
        failures = [message for message in run.of(test) if message]
        if not failures:
            return Verdict(mutant, f"survived: {test} passed")
        if not any(_BY_ASSERTION.match(message) for message in failures):
            return Verdict(mutant, f"not by an assertion: {test}: {failures[0]}")
    return Verdict(mutant)


def unpatched_problems(mutants: Sequence[Mutant], run: TestRun) -> list[str]:
    """Return what is wrong with the named tests before anything is broken."""
    if run.error:
        return [f"without a patch the tests did not run: {run.error}"]
    problems = []
    for test in sorted({test for mutant in mutants for test in mutant.tests}):
        results = run.of(test)
        if not results:
            problems.append(f"{test}: there is no such test, or it was skipped")
        problems += [f"{test}: fails without a patch: {message}" for message in results if message]
    return problems


def read_report(report: Path, exit_code: int, output: str) -> TestRun:
    """Return the outcome of each test of a JUnit file that pytest wrote; skipped tests are left out."""
    last_line = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    if exit_code not in {0, 1} or not report.exists():
        return TestRun({}, f"pytest ended with {exit_code}: {last_line}")
    failures = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- pytest has just written it
        if case.find("skipped") is not None:
            continue
        bad = case.find("failure")
        error = case.find("error")
        if error is not None:
            failures[_node_id(case)] = f"error: {error.get('message', '')}"
        else:
            failures[_node_id(case)] = "" if bad is None else (bad.get("message") or "failed")
    return TestRun(failures)


def _node_id(case: ET.Element) -> str:
    """Return the test's id as one types it; the reports are written with `file` (junit_family xunit1)."""
    path = case.get("file", "")
    module = path.removesuffix(".py").replace("/", ".")
    inside = case.get("classname", "").removeprefix(module).strip(".")
    return "::".join(part for part in (path, inside.replace(".", "::"), case.get("name", "")) if part)


def copy_tree(root: Path, target: Path) -> None:
    """Copy the checkout without what is generated."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)


def apply_patch(tree: Path, patch: Path, *options: str) -> str:
    """Apply the patch; return why it does not apply, empty where it does. With `--check` nothing is changed."""
    command = ["git", "apply", "--whitespace=nowarn", *options, str(patch)]
    # outside any repository: git must not look for the one the copy may lie in
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    result = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return result.stderr.strip() if result.returncode else ""


def run_tests(tree: Path, tests: Sequence[str]) -> TestRun:
    """Run these tests in a copy of the tree, against the copy's own packages."""
    report = tree / "mutant-report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # none is needed here, and loading them takes longer than most tests
    }
    try:
        result = subprocess.run(
            [*command, f"--junitxml={report}", *tests],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return TestRun({}, f"no end after {TIMEOUT} s")
    return read_report(report, result.returncode, result.stdout + result.stderr)


def try_mutant(mutant: Mutant, base: Path) -> Verdict:
    """Plant one fault in a copy of `base`, its bytecode included, and return whether its tests caught it."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(base, tree, symlinks=True)
        reason = apply_patch(tree, mutant.patch)
        if reason:
            return Verdict(mutant, f"does not apply: {reason}")
        return judge(mutant, run_tests(tree, mutant.tests))


def try_unpatched(mutants: Sequence[Mutant], base: Path) -> list[str]:
    """Run all named tests in the unpatched tree and return what is wrong with them; the bytecode stays there."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    return unpatched_problems(mutants, run_tests(base, tests))


def stale_patches(mutants: Sequence[Mutant], root: Path = ROOT) -> list[str]:
    """Return which patches do not fit the tree any more, and why."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder) / "tree"
        copy_tree(root, tree)
        found = {mutant.name: apply_patch(tree, mutant.patch, "--check") for mutant in mutants}
    return [f"{name}: does not apply: {reason}" for name, reason in found.items() if reason]


def newest_commit() -> str:
    """Return the checkout's commit as hexadecimal digits; zero where it is no repository."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.stdout.strip() if result.returncode == 0 else "0"


def share_of(mutants: Sequence[Mutant], share: int, commit: str) -> Sequence[Mutant]:
    """Return one in `share` of the mutants: which ones follows from the commit, so that in time all have their turn."""
    return mutants[int(commit, 16) % share :: share]


def try_all(mutants: Sequence[Mutant]) -> int:
    """Try each mutant, print one line for each, and return 1 where one was not caught or a test fails without it."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        base = Path(folder) / "base"
        copy_tree(ROOT, base)
        problems = try_unpatched(mutants, base)
        if problems:
            print("\n".join(problems))
            return 1
        width = max(len(mutant.name) for mutant in mutants)
        verdicts = []
        for verdict in pool.map(partial(try_mutant, base=base), mutants):
            print(f"{verdict.mutant.name:{width}}  {verdict.problem or 'caught'}", flush=True)
            verdicts.append(verdict)
    caught = sum(not verdict.problem for verdict in verdicts)
    print(f"{caught} of {len(verdicts)} mutants caught")
    return 0 if caught == len(verdicts) else 1


def main() -> int:
    """Try every mutant, or those named, and print one line for each; 1 where one was not caught."""
    parser = argparse.ArgumentParser(description="Plant known faults and check that tests catch them.")
    parser.add_argument("names", nargs="*", help="patch names without .patch; all of them where none is given")
    parser.add_argument(
        "--share", type=int, default=1, metavar="N", help="one in N, other ones with each commit; the rest only applies"
    )
    parser.add_argument("--apply-only", action="store_true", help="run no test: only say whether each still applies")
    arguments = parser.parse_args()
    if arguments.share < 1:
        parser.error(f"--share: found {arguments.share}, expected 1 or more")
    names = set(arguments.names)
    try:
        mutants = [read_mutant(patch) for patch in sorted(HERE.glob("*.patch"))]
    except MutantError as error:
        print(error)
        return 1
    chosen = [mutant for mutant in mutants if not names or mutant.name in names]
    unknown = names - {mutant.name for mutant in mutants}
    if unknown or not chosen:
        print(f"no such mutant: {', '.join(sorted(unknown))}" if unknown else "there is no mutant")
        return 1
    stale = stale_patches(chosen)
    print("\n".join(stale) if stale else f"{len(chosen)} mutants apply", flush=True)
    if stale or arguments.apply_only:
        return 1 if stale else 0
    return try_all(share_of(chosen, arguments.share, newest_commit()))


if __name__ == "__main__":
    sys.exit(main())
