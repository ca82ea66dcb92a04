"""FLUX at Replicate against the emulator, through the official client: pictures, lost answers, webhooks."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from inflio.common.errors import EngineRefused
from inflio.generation import keys, runner, services
from inflio.generation.catalog import call_costs
from inflio.generation.engines.replicate.pictures import FluxLora
from inflio.generation.models import Job, ProviderCall
from inflio.generation.tests.cloud import ledger, order, work
from inflio.generation.tests.emulators.replicate import VERSION
from inflio.generation.tests.emulators.running import outlast, replicate_running

pytestmark = pytest.mark.django_db
MODEL = {"version": VERSION, "trigger_word": "user_12345_trigger"}
SITE = "https://studio.example.com"


@pytest.fixture
def cloud(monkeypatch, settings):
    with replicate_running(monkeypatch, settings) as emulator:
        yield emulator


def ask(workspace, *, count: int = 4, **changes) -> Job:
    params = {"prompt": "at the beach", "aspect": "4:5", "seed": 7, "trained_model": MODEL} | changes
    return order(workspace, "flux_lora", count=count, params=params)


def run(job: Job, **how) -> Job:
    work(**how)
    job.refresh_from_db()
    return job


def deliver(client, cloud) -> list[int]:
    """Bring the webhooks that are due; returns the answers' codes."""
    return [
        client.post(urlsplit(url).path, body, content_type="application/json", headers=headers, secure=True).status_code
        for url, headers, body in cloud.take_outbox()
    ]


def test_four_pictures_are_one_prediction_with_the_settings_that_make_them_good(cloud, workspace):
    job = run(ask(workspace))
    assert (job.state, job.assets.count(), ledger(job)) == ("done", 4, [("reserve", -8), ("capture", 0)])
    sent = cloud.effects[0].input
    wanted = {"num_inference_steps": 28, "guidance_scale": 2.8, "lora_scale": 0.8, "go_fast": False, "num_outputs": 4}
    wanted |= {"model": "dev", "output_format": "webp", "seed": 7, "aspect_ratio": "4:5"}
    assert {name: sent[name] for name in wanted} == wanted
    assert sent["prompt"] == "photo of user_12345_trigger, at the beach"
    asset, call = job.assets.first(), job.calls.get()
    assert (asset.width, asset.height, asset.mime) == (64, 80, "image/webp")
    assert (asset.provenance["method"], asset.provenance["seed"]) == ("generative", 7)
    assert (call.state, call.request_id, float(call.usd)) == ("answered", cloud.effects[0].id, 0.0305)


def test_prompt_that_names_the_person_is_left_as_it_is(cloud, workspace):
    run(ask(workspace, count=1, prompt="user_12345_trigger on a boat"))
    assert cloud.effects[0].input["prompt"] == "user_12345_trigger on a boat"


def test_without_a_trained_model_nothing_is_spent_and_the_way_is_shown(cloud, workspace):
    with pytest.raises(EngineRefused, match="Train one on the persona's page"):
        order(workspace, "flux_lora", params={"prompt": "x"})
    assert not Job.objects.exists()


def test_waiting_shows_the_steps_and_frees_the_worker(cloud, workspace):
    cloud.polls_needed = 3
    job = ask(workspace, count=1)
    runner.run_next("default")
    job.refresh_from_db()
    assert (job.state, job.waiting, job.stage, job.findings) == (
        "running",
        True,
        "Step 333 of 1000",
        {"step": 333, "steps": 1000},
    )
    assert run(job).state == "done"
    assert len(cloud.effects) == 1


@pytest.mark.parametrize("fault", ["drop_after", "hang_after", "error_after", "garbled_after"])
def test_lost_answer_is_found_by_our_mark_and_never_sent_again(cloud, workspace, fault, monkeypatch):
    if fault == "hang_after":
        outlast(monkeypatch, cloud)
    cloud.order("submit", fault)
    job = run(ask(workspace))
    assert (job.state, len(cloud.effects), job.assets.count()) == ("done", 1, 4)
    assert ledger(job) == [("reserve", -8), ("capture", 0)]


@pytest.mark.parametrize("fault", ["drop", "hang", "error"])
def test_request_that_never_arrived_is_given_back_and_not_sent_again(cloud, workspace, fault):
    cloud.order("submit", fault)
    job = run(ask(workspace))
    assert (job.state, cloud.effects, ledger(job)[1]) == ("failed", [], ("refund", 8))
    assert "lists no such request" in job.error_message


@pytest.mark.parametrize(
    ("fault", "state", "usd"), [(None, "answered", 0.0305), ("failed", "failed", 0.0305)], ids=["made", "failed"]
)
def test_request_that_the_list_never_showed_is_paid_as_its_late_webhook_says(
    cloud, workspace, client, settings, fault, state, usd
):
    settings.SITE_URL = SITE
    cloud.order("submit", "drop_after")
    cloud.order("result", fault)
    job = ask(workspace, count=1)
    runner.run_next("default")
    cloud.order("list", *["empty"] * 40)
    call = job.calls.get()
    job.calls.update(intended_at=call.intended_at - timedelta(seconds=90))
    run(job)
    call.refresh_from_db()
    assert (job.state, call.state, call.charged, call.usd) == ("failed", "lost", True, None)
    assert deliver(client, cloud) == [204]
    call.refresh_from_db()
    assert (call.state, call.charged, float(call.usd), call.request_id) == (state, True, usd, cloud.effects[0].id)
    assert (len(cloud.effects), ledger(job)) == (1, [("reserve", -2), ("refund", 2)])


def test_lost_answer_is_told_from_another_prediction_with_the_same_words_and_seed(cloud, workspace):
    first = run(ask(workspace, count=1))
    cloud.order("submit", "drop")
    second = run(ask(workspace, count=1))
    assert (first.state, second.state, len(cloud.effects)) == ("done", "failed", 1)


def test_busy_provider_is_asked_again_since_nothing_was_done(cloud, workspace):
    cloud.order("submit", "busy", "busy")
    job = run(ask(workspace))
    assert (job.state, job.attempt, len(cloud.effects)) == ("done", 3, 1)
    assert [call.state for call in job.calls.order_by("pk")] == ["failed", "failed", "answered"]


def test_provider_that_stays_busy_costs_nothing(cloud, workspace):
    cloud.order("submit", *["busy"] * 3)
    job = run(ask(workspace))
    assert (job.state, ledger(job)[1], cloud.effects) == ("failed", ("refund", 8), [])
    assert job.error_message == "Replicate has too much to do at the moment."


@pytest.mark.parametrize("fault", ["busy", "drop", "hang", "error", "garbled"])
def test_failed_question_is_asked_again_later_without_the_client_s_own_repeats(cloud, workspace, fault):
    cloud.order("poll", fault, fault)
    job = run(ask(workspace, count=1))
    reads = [request for request in cloud.requests if "/v1/predictions/" in request.path]
    assert (job.state, job.attempt, len(reads)) == ("done", 1, 4)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("nsfw", "filter held the result back"), ("failed", "CUDA out of memory"), ("canceled", "stopped")],
)
def test_failure_at_the_provider_is_said_and_given_back(cloud, workspace, fault, words):
    cloud.order("result", fault)
    job = run(ask(workspace))
    assert (job.state, ledger(job)[1], len(cloud.effects)) == ("failed", ("refund", 8), 1)
    assert words in job.error_message
    call = job.calls.get()
    assert (call.state, call.charged, float(call.usd)) == ("failed", True, 0.0305)
    assert float(call_costs(workspace=workspace)[0]["usd"]) == 0.0305


def test_missing_picture_is_asked_for_once_more_and_then_given_back(cloud, workspace):
    cloud.order("result", "fewer", "canceled")
    job = run(ask(workspace))
    assert (job.state, job.assets.count(), job.cost) == ("done", 3, 6)
    assert [effect.input["num_outputs"] for effect in cloud.effects] == [4, 1]
    assert ledger(job) == [("reserve", -8), ("capture", 2)]


@pytest.mark.parametrize("fault", ["busy", "drop"])
def test_picture_that_does_not_come_is_fetched_again(cloud, workspace, fault):
    cloud.order("file", None, fault)
    job = run(ask(workspace))
    assert (job.state, job.assets.count(), len(cloud.effects)) == ("done", 4, 1)


def test_half_a_picture_is_never_stored(cloud, workspace):
    cloud.order("file", "truncated", "broken")
    job = run(ask(workspace, count=2))
    assert (job.state, job.assets.count()) == ("done", 2)
    assert {asset.width for asset in job.assets.all()} == {64}


def test_picture_from_an_address_that_is_not_https_is_not_fetched(cloud, workspace, monkeypatch):
    job = ask(workspace, count=1)
    runner.run_next("default")
    answer = {"output": ["http://169.254.169.254/latest/meta-data"]}
    job.calls.update(state=ProviderCall.State.ANSWERED, answer=answer)
    once = replace(FluxLora.capabilities["picture"], remakes=0)
    monkeypatch.setattr(FluxLora, "capabilities", {"picture": once})
    assert (run(job).state, job.error_message) == (
        "failed",
        "One picture cannot be used. The file lies at an address that is not fetched from.",
    )


def test_webhook_ends_the_wait_and_its_double_changes_nothing(cloud, workspace, client, settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["*"]
    cloud.order("webhook", "duplicate")
    cloud.polls_needed = 99
    job = ask(workspace, count=1)
    runner.run_next("default")
    assert deliver(client, cloud) == [204, 204]
    assert (run(job).state, job.assets.count(), len(cloud.effects)) == ("done", 1, 1)
    assert ledger(job) == [("reserve", -2), ("capture", 0)]


def test_webhook_finds_a_request_whose_answer_was_lost(cloud, workspace, client, settings):
    settings.SITE_URL = SITE
    cloud.order("submit", "drop_after")
    cloud.order("list", *["error"] * 5)
    job = ask(workspace, count=1)
    runner.run_next("default")
    assert deliver(client, cloud) == [204]
    assert run(job).state == "done"
    assert job.calls.get().request_id == cloud.effects[0].id


@pytest.mark.parametrize("trick", ["forged", "old", "other"])
def test_webhook_that_is_not_replicate_s_changes_nothing(cloud, workspace, client, settings, trick):
    settings.SITE_URL = SITE
    cloud.order("webhook", "forged" if trick == "forged" else "late")
    cloud.polls_needed = 99
    job = ask(workspace, count=1)
    runner.run_next("default")
    pk = cloud.effects[0].id
    url = f"{SITE}/hooks/replicate/{job.calls.get().token}"
    if trick == "old":
        cloud.outbox.append((url, cloud.signed(cloud.notice(pk), at=1_700_000_000), cloud.notice(pk)))
    if trick == "other":
        body = cloud.notice(pk).replace(pk.encode(), b"p99999")
        cloud.outbox.append((url, cloud.signed(body), body))
    before = job.calls.values().get()
    assert set(deliver(client, cloud)) == {403}
    assert job.calls.values().get() == before


def test_cancel_stops_the_prediction_at_replicate(cloud, workspace):
    cloud.polls_needed = 99
    job = ask(workspace)
    runner.run_next("default")
    services.cancel_job(job=job)
    assert (run(job).state, ledger(job)[1]) == ("cancelled", ("refund", 8))
    assert cloud.work[cloud.effects[0].id]["status"] == "canceled"


def test_refused_key_is_said_and_costs_nothing(cloud, workspace, settings):
    settings.PROVIDER_KEYS = {"replicate": "r8_wrong"}
    job = run(ask(workspace))
    assert (job.state, ledger(job)[1]) == ("failed", ("refund", 8))
    assert "does not accept the key" in job.error_message


def test_key_check_names_the_account(cloud, workspace):
    assert keys.check_key(workspace=workspace, provider="replicate") == (True, "The key works: account inflio.")
