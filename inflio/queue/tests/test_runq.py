"""The supervisor's judgement: when silence means that a cluster is wedged."""

import os

import pytest

from inflio.queue.runq import Pulse, longer_start


class Watched:
    """A pulse file and a clock in the test's hands; the cluster is stale after 10 s."""

    def __init__(self, path, start: float = 0) -> None:
        self.path = path
        self.path.touch()
        self.now = 0.0
        self.canaries = 0
        self.broker_is_up = True
        self.pulse = Pulse(str(path), 10, self.send_canary, lambda: self.now, start)

    def send_canary(self) -> bool:
        self.canaries += self.broker_is_up
        return self.broker_is_up

    def show_life(self) -> None:
        mark = self.path.stat().st_mtime_ns + 1_000_000
        os.utime(self.path, ns=(mark, mark))

    def look_for(self, seconds: float) -> bool:
        """Look four times a second; True if the cluster was found wedged."""
        end = self.now + seconds
        while self.now < end:
            self.now += 0.25
            if self.pulse.is_wedged():
                return True
        return False


@pytest.fixture
def watched(tmp_path):
    return Watched(tmp_path / "pulse")


def test_silence_after_canaries_is_a_wedge(watched):
    assert not watched.look_for(9.5)
    assert watched.look_for(1)
    assert watched.now == 10


def test_no_canary_is_sent_while_there_is_life(watched):
    for _ in range(10):
        assert not watched.look_for(4)
        watched.show_life()

    assert watched.canaries == 0


def test_eaten_canary_is_life(watched):
    assert not watched.look_for(9)
    assert watched.canaries > 2
    watched.show_life()

    assert not watched.look_for(9.5)
    assert watched.look_for(1)


def test_silence_without_a_broker_is_no_wedge(watched):
    watched.broker_is_up = False

    assert not watched.look_for(60)


def test_broker_that_comes_back_gives_the_cluster_time_to_answer(watched):
    watched.broker_is_up = False
    watched.look_for(60)
    watched.broker_is_up = True

    assert not watched.look_for(4)
    assert watched.look_for(2)


def test_cluster_has_begun_with_its_first_sign_of_life(watched):
    assert watched.look_for(11)
    assert not watched.pulse.has_begun
    watched.show_life()
    watched.look_for(1)

    assert watched.pulse.has_begun


def test_start_that_shows_no_life_gets_more_time_the_next_time_up_to_a_limit():
    waits = [30]
    for _ in range(5):
        waits.append(longer_start(waits[-1]))

    assert waits == [30, 60, 120, 240, 480, 480]


def test_start_gets_its_own_time_and_afterwards_silence_counts_as_ever(tmp_path):
    starting = Watched(tmp_path / "pulse", start=30)

    assert not starting.look_for(29.5)
    starting.show_life()
    assert not starting.look_for(9.5)
    assert starting.look_for(1)

    silent = Watched(tmp_path / "other", start=30)
    assert not silent.look_for(29.5)
    assert silent.look_for(1)
