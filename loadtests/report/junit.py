# SPDX-License-Identifier: Apache-2.0
"""`junit.xml` of a run: a test case for each budget, one for the right session, one for the run being valid."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from loadtests.budgets import Exceeded
from loadtests.report.document import Report
from loadtests.report.verdict import right_session

_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(report: Report) -> bytes:
    """Return the file; figures of a run that is not valid are skipped, not passed."""
    cases = [("valid", report.invalid_because)]
    for budget in report.budgets:
        problem = None if budget.held else str(Exceeded(budget.name, budget.found, budget.allowed))
        if budget.name == "wrong_session":
            cases.append(("right session", None if budget.held else right_session(report)))
        else:
            cases.append((f"budget {budget.name}", problem))
    suite = ET.Element("testsuite", name=f"load {report.scenario}", timestamp=f"{report.started:%Y-%m-%dT%H:%M:%S}")
    failures = skipped = 0
    for name, problem in cases:
        case = ET.SubElement(suite, "testcase", classname=f"load.{report.scenario}", name=name, time="0")
        if problem is not None:
            failures += 1
            ET.SubElement(case, "failure", message=_in_xml(problem))
        elif not report.valid:
            skipped += 1
            ET.SubElement(case, "skipped", message="the run is not valid, so this says nothing")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    suite.set("time", f"{report.seconds:.3f}")
    ET.indent(suite)
    text = ET.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
