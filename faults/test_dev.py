"""`manage.py dev` holds web, workers and ticker together: none outlives it, none stays dead under it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

import psutil
import pytest

from e2e.product import CHILDREN, ROOT, Product
from inflio.management.commands.dev import free_port

pytestmark = pytest.mark.faults


@pytest.fixture
def product(tmp_path, databases):
    """It starts with a database that is up to date."""
    (tmp_path / "var").mkdir()
    shutil.copy(databases("sqlite").template, tmp_path / "var" / "inflio.sqlite3")
    running = Product(tmp_path / "var", "--no-demo")
    yield running.wait_until_it_runs()
    running.process.kill()
    running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_dev_leaves_no_process_behind(product, number):
    family = product.family()

    product.process.send_signal(number)
    status = product.process.wait(timeout=60)

    _, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    if number != signal.SIGKILL:
        assert status == 0
        assert product.said().endswith("Inflio has ended.\n")


def test_dev_starts_again_what_dies_until_ctrl_c_ends_it(product):
    first = product.children()

    first["web"].kill()
    first["ticker"].kill()

    for name in ("web", "ticker"):
        product.wait_for_line(rf"^{name} ended unexpectedly \(status -9\); starting it again in 1 s\.$")
    product.wait_until(lambda: set(product.children()) == set(CHILDREN.values()))
    now = product.children()
    assert now["web"] != first["web"]
    assert (now["default"], now["gpu"]) == (first["default"], first["gpu"])
    with urllib.request.urlopen(f"{product.url}/health", timeout=60) as answer:
        assert answer.status == 200

    family = product.family()
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(timeout=60) == 0
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_the_sandbox_takes_another_port_when_its_own_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        assert free_port(taken) not in (0, taken)
    assert free_port(taken) == taken


def test_dev_on_a_taken_port_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        command = [sys.executable, "manage.py", "dev", "--port", str(port)]
        env = os.environ | {"INFLIO_VAR": str(tmp_path)}
        outcome = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert outcome.stderr.strip() == (
        f"Port {port} is in use: end the program that uses it, or choose another port with “make run PORT={port + 1}”."
    )
    assert not (tmp_path / "inflio.sqlite3").exists()
