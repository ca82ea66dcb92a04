"""The storm of faults, once for each set of servers that this machine has: what was lost, doubled or wrongly paid."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.pictures import ROOT
from benchmarks.table import Row

TRIAL = "faults/test_storm.py"


def measure() -> list[Row]:
    """Run the trial and report what it recorded."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", TRIAL, f"--junitxml={report}", "--override-ini=junit_family=xunit1"]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        return [as_row(case) for case in ElementTree.parse(report).iter("testcase")]


def as_row(case: ElementTree.Element) -> Row:
    """One trial's result in its own words."""
    servers = case.get("name").partition("[")[2].rstrip("]")
    recorded = case.find("properties/property[@name='result']")
    if recorded is not None:
        result = recorded.get("value")
    else:
        result = "not run: no such server here" if case.find("skipped") is not None else "FAILED"
    return Row(f"Storm of faults, {servers}", result, "", "lost 0, doubled 0, ledger exact")
