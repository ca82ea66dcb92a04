"""Trials of faults: the storm on each set of servers that this machine has, and 200 calls of each cloud provider."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.pictures import ROOT
from benchmarks.table import Row

TRIALS = (
    "faults/test_storm.py",
    "inflio/generation/tests/test_trials.py",
    "inflio/generation/tests/test_trials_more.py",
)
CALLS = "200"


def measure() -> list[Row]:
    """Run the trials and report what they recorded."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            *TRIALS,
            f"--junitxml={report}",
            "--override-ini=junit_family=xunit1",
        ]
        env = os.environ | {"INFLIO_TRIAL_CALLS": CALLS}
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
        return [as_row(case) for case in ElementTree.parse(report).iter("testcase")]


def as_row(case: ElementTree.Element) -> Row:
    """One trial's result in its own words."""
    what, _, servers = case.get("name").partition("[")
    recorded = case.find("properties/property[@name='result']")
    if recorded is not None:
        result = recorded.get("value")
    else:
        result = "not run: no such server here" if case.find("skipped") is not None else "FAILED"
    if servers:
        return Row(f"Storm of faults, {servers.rstrip(']')}", result, "", "lost 0, doubled 0, ledger exact")
    title = what.removeprefix("test_").replace("_", " ").capitalize()
    return Row(title, result, "", "none doubled, none stuck")
