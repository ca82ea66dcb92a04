"""Workers that die, hang or are killed by their own job: nothing is lost, and nothing counts twice."""

import random

import psutil
import pytest

pytestmark = pytest.mark.faults


def test_killed_busy_workers_lose_and_double_nothing(stage):
    stage.start_all()
    stage.order(*({"name": f"job-{number}", "seconds": 1} for number in range(20)))

    interrupted: set[str] = set()
    while len(interrupted) < 5:
        fresh = stage.wait_until(lambda: set(stage.at_work()) - interrupted, "a job that was not killed yet")
        job = random.choice(sorted(fresh))
        if (pid := stage.at_work().get(job)) is not None:
            worker = psutil.Process(pid)
            worker.kill()
            assert stage.wait_for_end([worker], 10) == []
            if stage.count("end")[job] == 0:
                interrupted.add(job)
    stage.wait_until_over()

    assert interrupted <= {job for job, starts in stage.count("start").items() if starts > 1}
    for name, (state, attempt) in stage.jobs().items():
        assert state == "done", name
        assert attempt <= 3, name
    stage.assert_exact()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
def test_silent_job_loses_its_lease_and_is_paid_once(make_stage):
    stage = make_stage(INFLIO_HEARTBEAT_STALL_SECONDS="1")
    stage.start_all()
    stage.order({"name": "silent", "silent": 9})

    stage.wait_until(lambda: stage.count("LostLease")["silent"], "the silent worker's LostLease")

    assert stage.count("start")["silent"] == 2
    assert stage.count("end")["silent"] == 1
    assert stage.jobs()["silent"] == ("done", 2)
    stage.assert_exact()


def test_mute_job_that_lost_its_lease_cannot_end_the_job_again(make_stage):
    stage = make_stage(INFLIO_HEARTBEAT_STALL_SECONDS="1")
    stage.start_all()
    stage.order({"name": "mute", "silent": 8, "mute": True})

    stage.wait_until(lambda: stage.count("end")["mute"] == 2, "the end of both runs")
    stage.wait_until(lambda: "the lease was lost" in stage.log(), "the refusal of the first run's result")

    assert stage.jobs()["mute"] == ("done", 2)
    stage.assert_exact()


def test_hung_job_of_a_lone_worker_is_freed_by_the_supervisor(make_stage):
    stage = make_stage(INFLIO_HEARTBEAT_STALL_SECONDS="1")
    stage.start_all("gpu")
    stage.order({"name": "hung", "kind": "trial_gpu", "silent": 3600})

    stage.wait_until_over()

    assert "Cluster gpu is wedged" in stage.log()
    assert stage.jobs()["hung"] == ("done", 2)
    stage.assert_exact()


def test_long_job_that_makes_progress_is_left_alone(stage):
    stage.start_all("gpu")
    stage.order({"name": "long", "kind": "trial_gpu", "seconds": 9})

    stage.wait_until_over()

    assert "wedged" not in stage.log()
    assert stage.jobs()["long"] == ("done", 1)
    stage.assert_exact()


def test_job_that_kills_its_worker_fails_after_three_attempts(stage):
    stage.start_all()
    stage.order({"name": "poison", "kill": True}, {"name": "healthy", "seconds": 0.2})

    stage.wait_until_over()

    assert stage.count("start")["poison"] == 3
    assert stage.jobs()["poison"][0] == "failed"
    assert stage.jobs()["healthy"] == ("done", 1)
    stage.assert_exact()
