"""Wake-ups may be lost or doubled: the rows are the truth, and the ticker finds them."""

import time

import pytest

from inflio.queue.ticker import BACKLOG

pytestmark = pytest.mark.faults


def jobs(count: int, **params) -> list[dict]:
    return [{"name": f"job-{number}", **params} for number in range(count)]


def test_web_that_dies_after_its_commit_loses_no_job(stage):
    stage.order(*jobs(30, seconds=0.1), die="before_wake")
    assert stage.open_jobs() == 30
    assert stage.backend.rows("SELECT count(*) FROM django_q_ormq") == [(0,)]

    stage.start_all()
    stage.wait_until_over()

    assert {state for state, _ in stage.jobs().values()} == {"done"}
    stage.assert_exact()


def test_several_tickers_wake_each_row_once_per_redispatch(make_stage):
    redispatch, rows = 2.0, BACKLOG // 2
    stage = make_stage(INFLIO_REDISPATCH_SECONDS=str(redispatch))
    stage.order(*jobs(rows), die="before_wake")
    tickers = [stage.start("ticker", "--interval", "0.02") for _ in range(3)]

    samples: list[tuple[float, int]] = []  # no cluster runs, so each message sent still lies there

    def second_round_is_sent() -> bool:
        sent = stage.backend.rows("SELECT count(*) FROM django_q_ormq")[0][0]
        samples.append((time.monotonic(), sent))
        return sent >= 2 * rows

    stage.wait_until(second_round_is_sent, "the second round of wake-ups")
    for start, before in samples:
        window = [sent for moment, sent in samples if start <= moment < start + redispatch / 2]
        assert max(window) - before <= rows

    for ticker in tickers[1:]:
        ticker.kill()
    stage.start("runq")
    stage.wait_until_over()
    assert {state for state, _ in stage.jobs().values()} == {"done"}
    stage.assert_exact()


@pytest.mark.parametrize("backend", ["sqlite", "sqlite+redis"], indirect=True)
def test_emptied_broker_is_filled_again_by_the_ticker(stage):
    stage.start_all()
    stage.order(*jobs(30, seconds=0.4))
    stage.wait_until(stage.at_work, "a job at work")

    for _ in range(6):
        stage.backend.empty_broker()
        time.sleep(0.4)
    assert stage.open_jobs() > 0
    stage.wait_until_over()

    assert {state for state, _ in stage.jobs().values()} == {"done"}
    stage.assert_exact()
