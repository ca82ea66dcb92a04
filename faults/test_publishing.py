"""Publishing under fire: answers that tell nothing, workers that die around the call, and all of it together."""

import pytest

from faults.backends import missing
from faults.publish_stage import PLATFORMS, POINTS, PUBLISHES, PublishStage
from faults.test_storm import empty_broker, kill_cluster

pytestmark = pytest.mark.faults
AMBIGUOUS = ("hang_after", "error_after", "reset_before", "garbage")
EACH = len(AMBIGUOUS) + 4  # posts of each platform: even when both deaths around the call strike the same one too


@pytest.fixture
def make_publish_stage(tmp_path, backend):
    """Make the test's stage, with INFLIO_* variables changed; at the end nothing of it may be alive."""
    stages: list[PublishStage] = []

    def make(**changes: str) -> PublishStage:
        stages.append(PublishStage(tmp_path, backend, **changes))
        return stages[-1]

    yield make
    for stage in stages:
        assert stage.close() == []


def test_ambiguous_answers_and_dying_workers_make_exactly_one_post(make_publish_stage, record_property):
    """Containers, sessions, and a platform that lets nobody look: each ambiguous answer strikes each of them once, and
    workers die before the call that publishes, after it, when its answer is written down, and while they prepare and
    look.
    """
    stage = make_publish_stage()
    for platform in PLATFORMS:
        for kind in AMBIGUOUS:
            stage.fault(PUBLISHES[platform], kind, times=1)
    for point in POINTS:
        stage.kill_at(point)
    stage.publish(EACH * len(PLATFORMS))
    stage.start_all()
    stage.wait_until_settled(90)

    assert stage.tally() == (0, 0, 0)
    assert stage.played() == len(AMBIGUOUS) * len(PLATFORMS)
    assert stage.kills_left() == 0
    ended = stage.platform_states()
    for platform in ("instagram", "tiktok", "youtube"):
        assert ended[platform] == {"published": EACH}, ended
    assert set(ended["linkedin"]) == {"published", "attention"}
    record_property("result", f"publishing: {stage.played()} ambiguous answers, 5 deaths, lost 0, doubled 0")


def test_worker_that_dies_over_a_film_leaves_one_marked_copy_and_one_post(make_publish_stage, record_property):
    """Workers die in the middle of a film and when its copy is kept; a third film has to wait for its turn."""
    stage = make_publish_stage()
    for point in ("filming", "filmed"):
        stage.kill_at(point)
    stage.publish(4, "tiktok", "youtube", marked=False)
    stage.start_all()
    stage.wait_until_settled()

    assert stage.kills_left() == 0
    assert stage.tally() == (0, 0, 0)
    assert stage.platform_states() == {"tiktok": {"published": 2}, "youtube": {"published": 2}}
    copies = stage.backend.rows("SELECT name, provenance FROM media_asset WHERE source = 'derived'")
    assert len(copies) == 1
    kept = {path.name for path in (stage.folder / "var").rglob("*.mp4") if "sandbox" not in path.parts}
    assert len(kept) == 2, "the film itself and its marked copy; nothing half made is left"
    record_property("result", "films: 2 workers killed, 1 marked copy, 4 posts, lost 0, doubled 0")


# A server of our own can be restarted in the middle; where none can be started, the one that others use serves too.
PRIVATE = "private-postgresql+redis"
STORM = PRIVATE if not missing(PRIVATE) else "postgresql+redis"


@pytest.mark.parametrize("backend", [STORM], indirect=True)
def test_storm_over_publications_loses_and_doubles_nothing(make_publish_stage, record_property):
    stage = make_publish_stage()
    for kind in ("reset_before", "error_after", "reset_after"):
        stage.fault("*", kind, rate=0.04)
    stage.kill_at("after_call")
    stage.kill_at("before_call")
    stage.publish(18, "instagram", "youtube", "linkedin", channels=3)
    ticker = stage.start("ticker", "--interval", "0.5")
    stage.start("runq")
    stage.wait_until(stage.public, "the first post")
    empty_broker(stage)
    if STORM == PRIVATE:
        stage.backend.restart()
    ticker.kill()
    stage.start_all()  # another ticker, and a second cluster beside the first
    kill_cluster(stage)
    stage.wait_until(lambda: stage.open_publications() < 6, "most posts", 180)
    stage.behave()
    stage.wait_until_settled(90)

    assert stage.tally() == (0, 0, 0)
    assert stage.kills_left() == 0
    record_property("result", f"publishing storm: {stage.ordered} posts, lost 0, doubled 0, open 0")
