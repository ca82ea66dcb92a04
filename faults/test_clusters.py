"""Clusters that wedge or lose their head: the supervisor starts them anew and no orphan goes on working."""

import os
import signal
import time

import pytest

from faults.stage import kill

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("backend", ["sqlite", "sqlite+redis"], indirect=True)
def test_cluster_wedged_by_a_killed_idle_worker_is_cured(stage):
    stage.start_all("gpu")
    stage.order({"name": "before", "kind": "trial_gpu"})
    stage.wait_until_over()
    ((_, _, worker),) = [run for run in stage.runs() if run[0] == "end"]

    time.sleep(1)  # until it waits at the pipe again, whose lock it holds then: its successor waits for ever
    os.kill(worker, signal.SIGKILL)
    stage.order({"name": "after", "kind": "trial_gpu"})
    stage.wait_until_over()

    assert "Cluster gpu is wedged" in stage.log()
    assert stage.jobs()["after"][0] == "done"
    stage.assert_exact()


@pytest.mark.parametrize("victim", ["main", "sentinel", "supervisor"])
def test_no_process_outlives_its_killed_head(stage, victim):
    stage.start("ticker", "--interval", "0.5")
    supervisor = stage.start("runq")
    stage.order(*({"name": f"job-{number}", "seconds": 4} for number in range(2)))
    stage.wait_until(stage.at_work, "a job at work")
    (family,) = stage.families()
    assert len(family) == 6  # main, sentinel, two workers, pusher, monitor

    {"main": family[0], "sentinel": family[1], "supervisor": supervisor}[victim].kill()

    assert stage.wait_for_end(family, 10) == []
    if victim == "supervisor":
        stage.start("runq")
    stage.wait_until_over()
    assert {state for state, _ in stage.jobs().values()} == {"done"}
    stage.assert_exact()


def test_killed_tree_takes_up_its_work_after_a_restart(stage):
    stage.start("ticker", "--interval", "0.5")
    supervisor = stage.start("runq")
    stage.order(*({"name": f"job-{number}", "seconds": 1} for number in range(10)))
    stage.wait_until(stage.at_work, "a job at work")

    (family,) = stage.families()
    supervisor.kill()
    kill(*family)
    assert stage.open_jobs() > 0
    stage.start("runq")
    stage.wait_until_over()

    for name, (state, attempt) in stage.jobs().items():
        assert state == "done", name
        assert attempt <= 3, name
    stage.assert_exact()


def test_stop_lets_running_jobs_finish(stage):
    stage.start("ticker")
    supervisor = stage.start("runq")
    stage.order({"name": "last", "seconds": 4})
    stage.wait_until(stage.at_work, "a job at work")

    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(60) == 0
    assert stage.families() == []
    assert stage.jobs()["last"] == ("done", 1)
    stage.assert_exact()
