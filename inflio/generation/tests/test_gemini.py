"""Gemini against the emulator, through the official client: pictures, edits, refusals, answers lost for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inflio.common.errors import EngineRefused
from inflio.generation import keys, runner
from inflio.generation.engines.gemini.api import GeminiApi, NotDone, Unclear
from inflio.generation.models import Job
from inflio.generation.tests.cloud import ledger, order, photo, work
from inflio.generation.tests.emulators.gemini import KEY
from inflio.generation.tests.emulators.running import gemini_running, outlast
from inflio.media import storage
from inflio.media.credentials import read_credentials

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloud(monkeypatch, settings):
    with gemini_running(monkeypatch, settings) as emulator:
        yield emulator


def run(job: Job) -> Job:
    work()
    job.refresh_from_db()
    return job


def test_picture_is_asked_for_once_and_stored_as_it_is(cloud, workspace):
    job = run(order(workspace, "gemini"))
    asset, call = job.assets.get(), job.calls.get()
    assert (job.state, ledger(job)) == ("done", [("reserve", -2), ("capture", 0)])
    assert (asset.width, asset.height, asset.mime) == (64, 80, "image/png")
    assert (call.state, call.endpoint, float(call.usd)) == ("answered", "gemini-2.5-flash-image", 0.039)
    assert "inlineData" not in str(call.answer)
    sent = cloud.effects[0].input
    assert sent["generationConfig"]["imageConfig"] == {"aspectRatio": "4:5"}
    assert sent["generationConfig"]["responseModalities"] == ["IMAGE"]
    assert sent["generationConfig"]["seed"] == 7
    assert asset.provenance["method"] == "generative"


def test_newer_model_has_its_own_id_and_price(cloud, workspace):
    job = run(order(workspace, "gemini_3_1"))
    assert (job.cost, job.calls.get().endpoint) == (3, "gemini-3.1-flash-image")
    assert cloud.requests[-1].path.endswith("/models/gemini-3.1-flash-image:generateContent")


def test_edit_sends_the_picture_first_and_names_it_as_the_parent(cloud, workspace):
    original, reference = photo(workspace, 1), photo(workspace, 2)
    job = run(order(workspace, "gemini", kind="edit", pictures=[original, reference]))
    parts = cloud.effects[0].input["contents"][0]["parts"]
    assert [next(iter(part)) for part in parts] == ["inlineData", "inlineData", "text"]
    made = job.assets.get()
    assert (made.provenance["method"], made.provenance["base"]) == ("generative_edit", original.sha256)
    report = read_credentials(storage.read(made.name), made.mime)
    assert [step.code for step in report.steps] == ["c2pa.opened", "c2pa.edited"]
    assert len(report.ingredients) == 1


@pytest.mark.parametrize("fault", ["blocked", "filtered", "words"])
def test_refusal_is_said_given_back_and_not_asked_again(cloud, workspace, fault):
    cloud.order("result", fault)
    job = run(order(workspace, "gemini"))
    assert (job.state, job.error_code, ledger(job)[1]) == ("failed", "provider_refused", ("refund", 2))
    assert (len(cloud.effects), job.attempt) == (1, 1)
    words = {"blocked": "prohibited content", "filtered": "image safety", "words": "answered in words"}
    assert words[fault] in job.error_message
    assert float(job.calls.get().usd) == 0


@pytest.mark.parametrize("fault", ["drop", "drop_after", "hang", "hang_after", "error", "error_after", "garbled_after"])
def test_lost_answer_stays_lost_and_is_never_sent_again(cloud, workspace, fault, monkeypatch):
    if fault == "hang_after":
        outlast(monkeypatch, cloud)
    cloud.order("submit", fault)
    job = run(order(workspace, "gemini"))
    call = job.calls.get()
    assert (job.state, job.attempt, ledger(job)[1]) == ("failed", 1, ("refund", 2))
    assert (call.state, call.charged) == ("failed", True)
    assert len(cloud.requests) == 1
    assert "We do not send a paid request twice" in job.error_message


@pytest.mark.parametrize("fault", ["busy", "drop", "hang", "error", "garbled_after"])
def test_client_repeats_no_request_by_itself(cloud, fault):
    cloud.order("submit", fault)
    with pytest.raises((NotDone, Unclear)):
        GeminiApi(KEY).draw(model="m", prompt="x", references=[], aspect=None, seed=None)
    assert len(cloud.requests) == 1


def test_limit_of_the_key_is_waited_for_since_nothing_was_done(cloud, workspace):
    cloud.order("submit", "busy")
    job = run(order(workspace, "gemini"))
    assert (job.state, job.attempt, len(cloud.effects)) == ("done", 2, 1)


def test_worker_that_dies_with_the_answer_in_its_hands_leaves_a_lost_call(cloud, workspace, monkeypatch):
    draw = GeminiApi.draw

    def die(self, **wish):
        draw(self, **wish)
        raise KeyboardInterrupt

    job = order(workspace, "gemini")
    with monkeypatch.context() as patch:
        patch.setattr(GeminiApi, "draw", die)
        with pytest.raises(KeyboardInterrupt):
            runner.run_next("default")
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    job = run(job)
    assert (job.state, len(cloud.effects), ledger(job)[1]) == ("failed", 1, ("refund", 2))
    assert "We do not send a paid request twice" in job.error_message
    assert job.calls.get().charged


def test_half_a_picture_is_made_again_once(cloud, workspace):
    cloud.order("result", "half")
    job = run(order(workspace, "gemini"))
    assert (job.state, job.remakes, len(cloud.effects)) == ("done", 1, 2)


def test_words_are_needed_and_a_format_it_makes(cloud, workspace):
    with pytest.raises(EngineRefused, match="needs words"):
        order(workspace, "gemini", params={"prompt": " "})
    with pytest.raises(EngineRefused, match="cannot make the format 7:1"):
        order(workspace, "gemini", params={"prompt": "x", "aspect": "7:1"})


def test_key_check_is_free_and_tells_a_bad_key(cloud, workspace, settings):
    assert keys.check_key(workspace=workspace, provider="gemini") == (True, "Google accepts the key.")
    settings.PROVIDER_KEYS = {"gemini": "AIza-wrong"}
    assert keys.check_key(workspace=workspace, provider="gemini") == (False, "Google does not accept this key.")
    assert cloud.effects == []
