"""fal's engines against the emulator, through the official client: answers, refusals, lost answers, streams."""

import pytest

from inflio.common.errors import EngineRefused
from inflio.generation import runner, services
from inflio.generation.engines.fal import pictures
from inflio.generation.models import Job, ProviderCall
from inflio.generation.previews import read_preview
from inflio.generation.tests.cloud import ledger, order, photo, stored, work
from inflio.generation.tests.emulators.running import outlast
from inflio.media import storage
from inflio.media.credentials import read_credentials

pytestmark = pytest.mark.django_db
NANO, GPT = "fal_nano_banana_pro", "fal_gpt_image_1_5"


def run(job: Job, **how) -> Job:
    work(**how)
    job.refresh_from_db()
    return job


def states(job: Job) -> list[tuple[str, str, bool]]:
    return list(job.calls.order_by("pk").values_list("slot", "state", "charged"))


def test_picture_is_submitted_once_asked_for_and_stored_as_it_is(fal, workspace):
    job = run(order(workspace, NANO))
    asset = job.assets.get()
    call = job.calls.get()
    assert (job.state, job.attempt, ledger(job)) == ("done", 1, [("reserve", -5), ("capture", 0)])
    assert (asset.width, asset.height, asset.mime) == (64, 80, "image/png")
    assert (call.state, call.request_id, float(call.usd_expected)) == ("answered", fal.effects[0].id, 0.15)
    sent = fal.effects[0].input
    assert (sent["aspect_ratio"], sent["resolution"], sent["num_images"], sent["seed"]) == ("4:5", "1K", 1, 7)
    assert sent["image_urls"][0].startswith("data:image/jpeg;base64,")
    facts = asset.provenance
    assert (facts["method"], facts["endpoint"], facts["seed"]) == ("generative", "fal-ai/nano-banana-pro/edit", 7)
    assert facts["request_id"] == call.request_id


def test_waiting_gives_the_worker_free_and_keeps_the_start_and_the_attempts(fal, workspace):
    job = order(workspace, NANO)
    runner.run_next("default")
    job.refresh_from_db()
    began = job.started_at
    assert (job.state, job.waiting, job.attempt, job.lease_token) == ("running", True, 0, "")
    assert job.stage == "In fal's line"
    work(turns=1)
    job.refresh_from_db()
    assert (job.stage, job.attempt) == ("Number 3 in fal's line", 0)
    assert run(job).started_at == began
    assert len(fal.effects) == 1


def test_edit_changes_the_first_picture_whatever_the_order_of_the_rows(fal, workspace):
    reference, original = photo(workspace, 1), photo(workspace, 2)
    job = run(order(workspace, NANO, kind="edit", pictures=[original, reference]))
    facts = job.assets.get().provenance
    assert (facts["method"], facts["base"]) == ("generative_edit", original.sha256)
    assert len(fal.effects[0].input["image_urls"]) == 2


def test_edit_is_said_to_be_one_and_names_what_it_was_made_from(fal, workspace):
    original, reference = photo(workspace, 2), photo(workspace, 1)
    job = run(order(workspace, NANO, kind="edit", pictures=[original, reference]))
    made = job.assets.get()
    report = read_credentials(storage.read(made.name), made.mime)
    assert report.source_type == made.provenance["digital_source_type"] == "compositeWithTrainedAlgorithmicMedia"
    assert [step.code for step in report.steps] == ["c2pa.opened", "c2pa.edited"]
    assert len(report.ingredients) == 1


def test_four_pictures_are_one_request_and_a_filtered_one_is_asked_for_again(fal, workspace):
    fal.order("result", "filtered")
    job = run(order(workspace, NANO, count=4))
    assert (job.state, job.assets.count(), job.remakes, job.cost) == ("done", 4, 1, 20)
    assert [effect.input["num_images"] for effect in fal.effects] == [4, 1]
    assert states(job) == [("picture:0", "answered", True), ("picture:1", "answered", True)]


def test_what_stays_missing_is_given_back_and_said(fal, workspace):
    fal.order("result", "filtered", "filtered")
    job = run(order(workspace, NANO, count=4))
    assert (job.state, job.assets.count(), job.cost) == ("done", 3, 15)
    assert job.findings["missing"] == {"count": 1, "why": ["fal's filter held back 1 of the pictures."]}
    assert ledger(job) == [("reserve", -20), ("capture", 5)]


def test_refused_content_fails_with_fal_s_words(fal, workspace):
    fal.order("result", "refused")
    job = run(order(workspace, NANO))
    assert (job.state, job.error_message) == ("failed", "fal says: The content could not be processed")
    assert (states(job), ledger(job)[1]) == ([("picture:0", "failed", False)], ("refund", 5))


@pytest.mark.parametrize("fault", ["drop", "hang", "error", "drop_after", "hang_after", "error_after", "garbled_after"])
def test_lost_answer_is_never_sent_again(fal, workspace, fault, monkeypatch):
    if fault == "hang_after":
        outlast(monkeypatch, fal)
    fal.order("submit", fault)
    job = run(order(workspace, NANO))
    posts = [request for request in fal.requests if request.method == "POST"]
    assert (job.state, job.attempt, len(posts)) == ("failed", 1, 1)
    assert "We do not send a paid request twice" in job.error_message
    assert (states(job), ledger(job)[1]) == ([("picture:0", "lost", True)], ("refund", 5))


def test_busy_fal_is_asked_again_since_nothing_was_done(fal, workspace):
    fal.order("submit", "busy")
    job = run(order(workspace, NANO))
    assert (job.state, len(fal.effects)) == ("done", 1)
    assert states(job) == [("picture:0", "failed", False), ("picture:0~2", "answered", True)]


def test_unreachable_fal_costs_nothing(fal, workspace, monkeypatch):
    fal.__exit__()
    job = run(order(workspace, NANO))
    assert (job.state, job.attempt, job.error_message) == ("failed", 3, "fal cannot be reached.")
    assert {charged for _, _, charged in states(job)} == {False}


@pytest.mark.parametrize("fault", ["busy", "drop", "hang", "error", "garbled"])
def test_question_that_fails_is_asked_again_and_counts_no_attempt(fal, workspace, fault):
    fal.order("poll", fault, None, fault)
    job = run(order(workspace, NANO))
    assert (job.state, job.attempt, len(fal.effects)) == ("done", 1, 1)


def test_picture_that_does_not_come_is_fetched_again_without_paying(fal, workspace):
    fal.order("file", "error", "drop")
    job = run(order(workspace, NANO))
    assert (job.state, len(fal.effects), job.assets.count()) == ("done", 1, 1)


def test_file_that_is_no_picture_counts_as_missing(fal, workspace):
    fal.order("file", *["garbled"] * 2)
    job = run(order(workspace, NANO))
    assert (job.state, ledger(job)[1]) == ("failed", ("refund", 5))


def test_answer_without_pictures_fails(fal, workspace):
    fal.order("result", "wrong")
    job = run(order(workspace, NANO))
    assert (job.state, ledger(job)[1]) == ("failed", ("refund", 5))


def test_wrong_key_fails_with_what_to_do(fal, workspace, settings):
    settings.PROVIDER_KEYS = {"fal": "not:the-key"}
    job = run(order(workspace, NANO))
    assert (job.state, job.error_message) == ("failed", "fal does not accept the key. Check it under Engines.")
    assert fal.effects == []


def test_output_is_measured_like_any_other(fal, workspace, settings):
    person = (settings.BASE_DIR / "demo/photos/01_front.jpg").read_bytes()
    fal.shows = person
    job = run(order(workspace, NANO, pictures=[stored(workspace, person)], threshold=0.85))
    assert job.state == "done"
    assert job.assets.get().identity_score > 0.95


def test_output_of_nobody_is_made_again_once_at_our_cost_and_then_refunded(fal, workspace, settings):
    person = (settings.BASE_DIR / "demo/photos/01_front.jpg").read_bytes()
    job = run(order(workspace, NANO, pictures=[stored(workspace, person)], threshold=0.85))
    assert (job.state, job.error_code, ledger(job)[1]) == ("failed", "identity_too_low", ("refund", 5))
    assert [effect.input["seed"] for effect in fal.effects] == [7, 1016]
    assert states(job) == [("picture:0", "answered", True), ("picture:1", "answered", True)]


def test_deadline_gives_up_and_cancels_at_fal(fal, workspace):
    job = order(workspace, NANO)
    fal.polls_needed = 1000
    runner.run_next("default")
    ProviderCall.objects.update(intended_at="2026-01-01T00:00Z")
    run(job)
    assert (job.state, job.error_code) == ("failed", "deadline")
    assert "did not finish within 10 minutes" in job.error_message
    assert fal.cancelled == [fal.effects[0].id]
    assert (states(job)[0][1], ledger(job)[1]) == ("lost", ("refund", 5))


def test_cancel_while_it_waits_cancels_at_fal(fal, workspace):
    job = order(workspace, NANO)
    fal.polls_needed = 1000
    runner.run_next("default")
    services.cancel_job(job=job)
    assert job.state == "running"
    run(job)
    assert (job.state, job.error_message) == ("cancelled", "Cancelled while it ran.")
    assert fal.cancelled == [fal.effects[0].id]
    assert ledger(job)[1] == ("refund", 5)


def test_refusal_names_the_formats_it_makes(workspace, fal):
    with pytest.raises(EngineRefused, match="cannot make the format 4:5. It makes 2:3, 1:1, 3:2"):
        services.create_job(
            workspace=workspace,
            kind="picture",
            engine=GPT,
            title="x",
            subject="",
            params={"prompt": "x", "aspect": "4:5"},
            pictures=[photo(workspace)],
        )


def test_too_many_outputs_are_refused(workspace, fal):
    with pytest.raises(EngineRefused, match="makes 1 to 4 at a time, not 5"):
        order(workspace, NANO, count=5)


def test_stream_shows_the_picture_while_it_forms(fal, workspace, monkeypatch):
    shown = []
    write = runner.write_preview
    monkeypatch.setattr(runner, "write_preview", lambda job, data: shown.append(data) or write(job, data))
    job = run(order(workspace, GPT))
    assert (job.state, job.findings["preview"], len(shown)) == ("done", 3, 3)
    assert all(data.startswith(b"\xff\xd8") for data in shown)
    call = job.calls.get()
    assert (call.state, call.request_id, call.details) == ("answered", fal.effects[0].id, {"stream": True})
    assert fal.effects[0].input["image_size"] == "1024x1024"


def test_preview_goes_when_the_job_is_over(fal, workspace, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = run(order(workspace, GPT))
    assert read_preview(job) is None


def test_endpoint_without_a_stream_goes_through_the_queue(fal, workspace):
    fal.order("stream", "missing")
    job = run(order(workspace, GPT))
    assert (job.state, len(fal.effects), states(job)) == ("done", 1, [("picture:0", "answered", True)])


def test_broken_stream_is_asked_for_and_never_sent_again(fal, workspace):
    fal.order("stream", "broken")
    job = run(order(workspace, GPT))
    assert (job.state, len(fal.effects), job.assets.count()) == ("done", 1, 1)  # the queue had it


@pytest.mark.parametrize("fault", ["endless", "plain"])
def test_stream_without_an_end_is_in_doubt_and_refunded(fal, workspace, fault):
    fal.order("stream", fault)
    job = order(workspace, GPT)
    runner.run_next("default")
    ProviderCall.objects.update(intended_at="2026-01-01T00:00Z")
    run(job)
    assert (job.state, len(fal.effects), ledger(job)[1]) == ("failed", 1, ("refund", 6))
    assert job.calls.get().charged


def test_several_pictures_are_not_streamed(fal, workspace):
    job = run(order(workspace, GPT, count=2))
    assert (job.state, job.assets.count()) == ("done", 2)
    assert not any(request.path.endswith("/stream") for request in fal.requests)


def test_fetch_takes_https_only():
    with pytest.raises(pictures.Gone, match="not https"):
        pictures.fetch("http://127.0.0.1:1/metadata")
    with pytest.raises(pictures.Gone, match="not https"):
        pictures.fetch("file:///etc/passwd")
