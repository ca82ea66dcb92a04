"""Children that cannot be orphaned, shown with real processes."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from inflio.queue.process import has_exited, kill_group, start_in_own_session

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
FAMILY = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); import time; time.sleep(60)"


def wait_until(condition, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(condition())


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_child_leads_its_own_session():
    process = start_in_own_session(SLEEP)
    try:
        assert os.getsid(process.pid) == process.pid != os.getsid(0)
    finally:
        kill_group(process)


def test_kill_group_ends_grandchildren_too():
    process = start_in_own_session([sys.executable, "-c", FAMILY, *SLEEP])
    leader = psutil.Process(process.pid)
    assert wait_until(leader.children)
    (grandchild,) = leader.children()

    assert kill_group(process) == -signal.SIGKILL

    assert wait_until(lambda: is_gone(grandchild))


def test_kill_group_reaches_what_a_dead_leader_left():
    leave = "import subprocess, sys; print(subprocess.Popen(sys.argv[1:]).pid)"
    process = start_in_own_session([sys.executable, "-c", leave, *SLEEP], stdout=subprocess.PIPE, text=True)
    left = psutil.Process(int(process.stdout.readline()))
    process.stdout.close()
    assert wait_until(lambda: has_exited(process))

    assert kill_group(process) == 0

    assert wait_until(lambda: is_gone(left))


def test_has_exited_leaves_the_child_to_be_reaped():
    process = start_in_own_session(SLEEP)
    assert not has_exited(process)
    process.kill()

    assert wait_until(lambda: has_exited(process))

    assert process.wait() == -signal.SIGKILL
    assert has_exited(process)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_child_dies_with_a_killed_parent():
    code = (
        "import sys, time; from inflio.queue.process import start_in_own_session as start;"
        "print(start(sys.argv[1:]).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, *SLEEP], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()
    assert not is_gone(child)

    parent.kill()
    parent.wait()

    assert wait_until(lambda: is_gone(child))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
@pytest.mark.parametrize("tied", [True, False])
def test_forks_die_with_their_parent_when_told(tied):
    code = (
        "import os, time; from inflio.queue.process import forks_die_with_parent; forks_die_with_parent();"
        "pid = os.fork(); pid and print(pid, flush=True); time.sleep(60)"
    )
    env = os.environ | {"INFLIO_FORKS_DIE": "1" if tied else ""}
    parent = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True)
    fork = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()

    parent.kill()
    parent.wait()

    assert wait_until(lambda: is_gone(fork), 10 if tied else 0.5) == tied
    fork.kill()


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_stop_signal_ends_a_wait_and_a_second_one_hurries(number):
    code = (
        "from inflio.queue.process import StopSignal; stop = StopSignal(); print('ready', flush=True);"
        "print(stop.wait(60), stop.hurry, flush=True)\n"
        "while not stop.hurry: pass\n"
        "print('hurry', flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"

    process.send_signal(getattr(signal, number))
    assert process.stdout.readline() == "True False\n"
    process.send_signal(signal.SIGTERM)

    assert process.stdout.readline() == "hurry\n"
    process.stdout.close()
    assert process.wait(10) == 0
