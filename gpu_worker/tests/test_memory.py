"""Memory that pictures needed goes back to the system, in a process of its own so that nothing else disturbs."""

import subprocess
import sys

import pytest

CHURN = """
import sys
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from gpu_worker.memory import bound_heap, give_back

def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20

if sys.argv[1] == "bounded":
    bound_heap()

def work(_):
    small = []
    for megabytes in (20, 12, 9, 15) * 3:  # as pictures come and go, with something small kept after each
        large = np.ones(megabytes << 20, np.uint8)
        small.append(np.ones(100_000, np.uint8))
        del large
    return small

before = used()
with ThreadPoolExecutor(2) as pool:
    kept = list(pool.map(work, range(4)))
    if sys.argv[1] == "bounded":
        give_back()
    print(used() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_large_blocks_are_given_back():
    left = float(subprocess.run([sys.executable, "-c", CHURN, "bounded"], capture_output=True, check=True).stdout)
    assert left < 15  # MB; 5 are kept on purpose


def test_it_may_be_asked_for_twice():
    script = "from gpu_worker.memory import bound_heap, give_back\nbound_heap()\nbound_heap()\ngive_back()"
    subprocess.run([sys.executable, "-c", script], check=True)
