# SPDX-License-Identifier: Apache-2.0
"""The runner that plants faults: when a mutant counts as caught."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants.run import (
    Mutant,
    MutantError,
    TestRun,
    Verdict,
    apply_patch,
    judge,
    read_mutant,
    read_report,
    share_of,
    stale_patches,
    try_mutant,
    try_unpatched,
    unpatched_problems,
)

DIFF = """\
diff --git a/shop.py b/shop.py
--- a/shop.py
+++ b/shop.py
@@ -1,2 +1,2 @@
 def price(net):
-    return net + 24
+    return net
"""
PATCH = "# SPDX-License-Identifier: Apache-2.0\nThe tax is\nleft out.\nRed: test_shop.py::test_price\n\n" + DIFF
MUTANT = Mutant("m", "s", ("t.py::test_a", "t.py::test_b"), Path("m.patch"))


def written(tmp_path: Path, text: str) -> Path:
    """Write a patch file."""
    path = tmp_path / "no-tax.patch"
    path.write_text(text)
    return path


def test_reads_sentence_and_tests_from_a_patch(tmp_path: Path) -> None:
    """What stands above the diff is for people and for the runner."""
    patch = written(tmp_path, PATCH)

    assert read_mutant(patch) == Mutant("no-tax", "The tax is left out.", ("test_shop.py::test_price",), patch)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(PATCH.partition("diff")[0], "holds no diff", id="no diff"),
        pytest.param(PATCH.replace("Red:", "Green:"), "names no test", id="no test"),
        pytest.param("Red: test_shop.py::test_price\n" + DIFF, "does not say in a sentence", id="no sentence"),
        pytest.param("A sentence.\n" + DIFF + "Red: test_shop.py::test_price\n", "names no test", id="a test too late"),
    ],
)
def test_refuses_a_patch_without_its_header(tmp_path: Path, text: str, error: str) -> None:
    """A mutant that nobody can read, or that no test is named for, is not run."""
    with pytest.raises(MutantError, match=error):
        read_mutant(written(tmp_path, text))


@pytest.mark.parametrize(
    ("failures", "problem"),
    [
        pytest.param(
            {"t.py::test_a": "AssertionError: assert 1 == 2", "t.py::test_b": "assert False"}, "", id="both fail"
        ),
        pytest.param(
            {"t.py::test_a[x]": "", "t.py::test_a[y]": "Failed: DID NOT RAISE <class 'E'>", "t.py::test_b": "assert 0"},
            "",
            id="one row of a table fails",
        ),
        pytest.param(
            {"t.py::test_a": "assert 1 == 2", "t.py::test_b": ""}, "survived: t.py::test_b passed", id="one passes"
        ),
        pytest.param(
            {"t.py::test_a": "assert 1 == 2", "t.py::test_b": "KeyError: 'x'"},
            "not by an assertion: t.py::test_b: KeyError: 'x'",
            id="one crashes",
        ),
        pytest.param(
            {"t.py::test_a": "assert 1 == 2", "t.py::test_bb": "assert 1 == 2"},
            "survived: t.py::test_b passed",
            id="only a test of a longer name fails",
        ),
    ],
)
def test_a_mutant_is_caught_by_every_named_test(failures: dict[str, str], problem: str) -> None:
    """By an assertion each: a crash may have nothing to do with the fault."""
    assert judge(MUTANT, TestRun(failures)) == Verdict(MUTANT, problem)


def test_tests_that_could_not_run_catch_nothing() -> None:
    """An import error after the patch would look like a failure."""
    run = TestRun({}, "pytest ended with 2: ImportError")

    assert judge(MUTANT, run) == Verdict(MUTANT, "the tests did not run: pytest ended with 2: ImportError")


def test_named_tests_must_pass_before() -> None:
    """A test that is missing, skipped or red anyway proves nothing."""
    run = TestRun({"t.py::test_a": "AssertionError: assert 1 == 2"})

    assert unpatched_problems([MUTANT], run) == [
        "t.py::test_a: fails without a patch: AssertionError: assert 1 == 2",
        "t.py::test_b: there is no such test, or it was skipped",
    ]


def test_reads_pytest_s_report(tmp_path: Path) -> None:
    """Names come out as one types them; skipped tests are no results."""
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.unit.t" file="tests/unit/t.py" name="test_a" />'
        '<testcase classname="tests.unit.t.TestX" file="tests/unit/t.py" name="test_b[1]"><failure message="assert 0"/></testcase>'
        '<testcase classname="tests.unit.t" file="tests/unit/t.py" name="test_c"><skipped message="no"/></testcase>'
        '<testcase classname="tests.unit.t" file="tests/unit/t.py" name="test_d"><error message="no stack"/></testcase>'
        "</testsuite></testsuites>"
    )

    assert read_report(report, 1, "") == TestRun(
        {
            "tests/unit/t.py::test_a": "",
            "tests/unit/t.py::TestX::test_b[1]": "assert 0",
            "tests/unit/t.py::test_d": "error: no stack",
        }
    )


def test_a_run_that_ended_otherwise_is_no_result(tmp_path: Path) -> None:
    """Exit codes above 1 are pytest's own troubles."""
    run = read_report(tmp_path / "none.xml", 4, "ERROR: not found: t.py::test_x\n\n")

    assert run == TestRun({}, "pytest ended with 4: ERROR: not found: t.py::test_x")


def shop(tmp_path: Path, test: str) -> Path:
    """Write a tree of one module and one test."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "shop.py").write_text("def price(net):\n    return net + 24\n")
    (root / "test_shop.py").write_text(test)
    (root / "pytest.ini").write_text("[pytest]\n")
    (root / ".venv").mkdir()
    return root


@pytest.mark.parametrize(
    ("test", "problem"),
    [
        pytest.param("import shop\ndef test_price():\n    assert shop.price(100) == 124\n", "", id="caught"),
        pytest.param(
            "import shop\ndef test_price():\n    assert shop.price(100) >= 100\n",
            "survived: test_shop.py::test_price passed",
            id="survived",
        ),
    ],
)
def test_a_mutant_is_tried_in_a_copy(tmp_path: Path, test: str, problem: str) -> None:
    """From the patch file to the verdict, with a real pytest; the checkout is not touched."""
    root = shop(tmp_path, test)
    mutant = read_mutant(written(tmp_path, PATCH))

    assert try_unpatched([mutant], root) == []
    assert try_mutant(mutant, root) == Verdict(mutant, problem)
    assert (root / "shop.py").read_text() == "def price(net):\n    return net + 24\n"


def test_every_mutant_has_its_turn_with_some_commit() -> None:
    """One in three of seven: three commits try each once."""
    seven = [replace(MUTANT, name=str(number)) for number in range(7)]

    shares = [[mutant.name for mutant in share_of(seven, 3, commit)] for commit in ("9", "a", "ff2")]

    assert shares == [["0", "3", "6"], ["1", "4"], ["2", "5"]]


def test_a_patch_that_does_not_apply_is_told(tmp_path: Path) -> None:
    """The code moved on: the patch must be written anew."""
    root = shop(tmp_path, "")
    (root / "shop.py").write_text("def price(net):\n    return net * 1.24\n")

    assert "patch does not apply" in apply_patch(root, written(tmp_path, PATCH))


def test_a_patch_that_no_longer_fits_is_named_without_running_anything(tmp_path: Path) -> None:
    """The tree has moved on; what fits is not named."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "shop.py").write_text("def price(net):\n    return net + 24\n")
    fitting = Mutant("no-tax", "s", ("t",), written(tmp_path, PATCH))

    assert stale_patches([fitting], tree) == []
    (tree / "shop.py").write_text("def price(net):\n    return net * 1.24\n")
    (problem,) = stale_patches([fitting], tree)
    assert problem.startswith("no-tax: does not apply: ")
