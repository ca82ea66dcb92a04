"""What only a database with locks on single rows can show: two that want the same rows at once."""

import os
import subprocess
import sys

import pytest

from faults.backends import ROOT

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_at_once_neither_double_nor_wait_in_a_circle(backend, tmp_path):
    command = [sys.executable, "-m", "pytest", "-m", "postgresql", "-p", "no:cacheprovider"]
    env = os.environ | backend.open(tmp_path) | {"INFLIO_VAR": str(tmp_path)}
    try:
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    finally:
        backend.close()
    assert run.returncode == 0, run.stdout[-5000:]
    assert " skipped" not in run.stdout
