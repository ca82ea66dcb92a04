"""The clock guard: a jump holds everything back, a slow answer or a slow drift does not."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.queue.clock import SETTLE_SECONDS, ClockGuard, steady_seconds


class Clocks:
    """A wall clock that can be set and a steady one; reading the wall takes `latency` seconds."""

    def __init__(self) -> None:
        self.steady_now = 1000.0
        self.wall_now = datetime(2026, 3, 29, 1, 59, tzinfo=UTC)
        self.latency = 0.0

    def steady(self) -> float:
        return self.steady_now

    def wall(self) -> datetime:
        self.pass_time(self.latency)
        return self.wall_now

    def pass_time(self, seconds: float) -> None:
        self.steady_now += seconds
        self.wall_now += timedelta(seconds=seconds)

    def set_wall(self, seconds: float) -> None:
        self.wall_now += timedelta(seconds=seconds)


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def guard(clocks):
    guard = ClockGuard(clocks.wall, clocks.steady)
    assert guard.is_steady()
    return guard


@pytest.mark.parametrize("jump", [7200, -7200, 6, -6])
def test_jump_holds_back_for_a_minute(clocks, guard, jump):
    clocks.pass_time(1)
    clocks.set_wall(jump)
    assert not guard.is_steady()

    clocks.pass_time(SETTLE_SECONDS - 1)
    assert not guard.is_steady()

    clocks.pass_time(2)
    assert guard.is_steady()


def test_second_jump_starts_the_minute_anew(clocks, guard):
    clocks.set_wall(7200)
    guard.is_steady()
    clocks.pass_time(SETTLE_SECONDS - 1)
    clocks.set_wall(-7200)
    guard.is_steady()
    clocks.pass_time(2)

    assert not guard.is_steady()


@pytest.mark.parametrize("correction", [4, -4])
def test_small_correction_is_no_jump(clocks, guard, correction):
    clocks.set_wall(correction)

    assert guard.is_steady()


def test_long_pause_between_looks_is_no_jump(clocks, guard):
    clocks.pass_time(3600)

    assert guard.is_steady()


def test_slow_answer_of_the_database_is_no_jump(clocks, guard):
    clocks.latency = 30

    assert guard.is_steady()
    assert guard.is_steady()


def test_steady_clock_goes_forward():
    assert steady_seconds() <= steady_seconds()
