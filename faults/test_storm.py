"""All faults together: the web dies half-way, workers, clusters and the ticker are killed, the broker is emptied."""

import random
import time

import pytest

from faults.stage import Stage, kill

pytestmark = pytest.mark.faults
JOBS = 90


@pytest.mark.parametrize("backend", ["sqlite", "postgresql+redis"], indirect=True)
def test_storm_of_faults_loses_and_doubles_nothing(make_stage, record_property):
    stage = make_stage(INFLIO_MAX_ATTEMPTS="20")
    kinds = ["trial", "trial", "trial_gpu"]
    jobs = [{"name": f"job-{n}", "seconds": random.uniform(0.1, 0.5), "kind": kinds[n % 3]} for n in range(JOBS)]
    stage.order(*jobs, die="half_way")
    ticker = stage.start("ticker", "--interval", "0.5")
    for cluster in ("default", "gpu"):
        stage.start("runq", "--name", cluster)
    stage.wait_until(lambda: stage.count("end"), "the first jobs")

    for fault in (kill_worker, kill_worker, empty_broker, kill_any, kill_cluster, kill_worker, empty_broker, kill_any):
        time.sleep(0.6)
        fault(stage)
    ticker.kill()
    for _ in range(2):
        stage.start("ticker", "--interval", "0.5")
    kill_any(stage)
    stage.wait_until_over()

    states = stage.jobs()
    lost = sum(state != "done" for state, _ in states.values()) + JOBS - len(states)
    paid = stage.backend.rows("SELECT count(*) FROM billing_creditentry WHERE kind = 'capture'")[0][0]
    made = stage.backend.rows("SELECT count(*) FROM media_asset")[0][0]
    doubled = max(paid, made, JOBS) - JOBS
    stage.assert_exact()
    assert stage.count("start").total() > stage.count("end").total()  # the faults did strike
    assert (lost, doubled) == (0, 0)
    record_property("result", f"faults: {JOBS} jobs, lost {lost}, doubled {doubled}, ledger exact")


def kill_worker(stage: Stage) -> None:
    """Kill a worker in the middle of a job, if there is one."""
    busy = set(stage.at_work().values())
    kill(*[process for process in stage.processes() if process.pid in busy][:1])


def kill_any(stage: Stage) -> None:
    """Kill an idle or busy worker, a pusher, a monitor or a sentinel."""
    living = stage.wait_until(lambda: [one for family in stage.families() for one in family[1:]], "a living cluster")
    kill(random.choice(living))


def kill_cluster(stage: Stage) -> None:
    """Kill a whole cluster at once; only its supervisor is left."""
    kill(*random.choice(stage.wait_until(stage.families, "a living cluster")))


def empty_broker(stage: Stage) -> None:
    """Lose every message."""
    stage.backend.empty_broker()
