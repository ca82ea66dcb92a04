"""fal's webhooks: verified, idempotent in any order, and the way back to a call whose answer was lost."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from inflio.generation import runner, services
from inflio.generation.engines.base import BadSignature
from inflio.generation.engines.fal.provider import verify
from inflio.generation.models import Job, ProviderCall
from inflio.generation.tests.cloud import ledger, order, work
from inflio.generation.tests.emulators.running import outlast

pytestmark = pytest.mark.django_db
NANO = "fal_nano_banana_pro"


@pytest.fixture(autouse=True)
def public(settings):
    """An installation that providers can reach."""
    settings.SITE_URL = "https://studio.example.com"
    settings.ALLOWED_HOSTS = ["*"]


def post(url: str, headers: dict, body: bytes) -> int:
    path = url.removeprefix("https://studio.example.com")
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def deliver(emulator) -> list[int]:
    return [post(*message) for message in emulator.take_outbox()]


def started(emulator, workspace) -> tuple[Job, ProviderCall]:
    job = order(workspace, NANO)
    runner.run_next("default")
    return job, job.calls.get()


def test_webhook_brings_the_answer_and_makes_the_job_due(fal, workspace):
    job, call = started(fal, workspace)
    job.refresh_from_db()
    assert job.available_at > call.intended_at
    assert deliver(fal) == [204]
    call.refresh_from_db()
    assert (call.state, call.noticed_at is not None) == ("answered", True)
    runner.run_next("default")  # due at once, not after the pause
    job.refresh_from_db()
    assert (job.state, job.assets.count()) == ("done", 1)
    assert not any(request.path.endswith("/status") for request in fal.requests)


def test_doubled_and_late_webhooks_change_nothing(fal, workspace):
    job, call = started(fal, workspace)
    (message,) = fal.take_outbox()
    assert [post(*message), post(*message)] == [204, 204]
    work()
    assert post(*message) == 204
    job.refresh_from_db()
    assert (job.state, job.assets.count(), ledger(job)[1:]) == ("done", 1, [("capture", 0)])
    assert ProviderCall.objects.get().state == "answered"


@pytest.mark.parametrize("fault", ["drop_after", "hang_after", "error_after", "garbled_after"])
def test_webhook_finds_the_call_whose_answer_was_lost(fal, workspace, fault, monkeypatch):
    if fault == "hang_after":
        outlast(monkeypatch, fal)
    fal.order("submit", fault)
    job, call = started(fal, workspace)
    job.refresh_from_db()
    assert (call.state, call.request_id, job.state) == ("intended", "", "running")
    assert job.stage == "The connection broke; waiting for fal to tell what became of it"
    deliver(fal)
    work()
    job.refresh_from_db()
    assert (job.state, job.calls.get().request_id, len(fal.effects)) == ("done", fal.effects[0].id, 1)


def test_call_nobody_tells_of_is_given_up_and_its_late_webhook_is_still_written_down(fal, workspace):
    fal.order("submit", "drop_after")
    job, call = started(fal, workspace)
    ProviderCall.objects.update(intended_at="2026-01-01T00:00Z")
    work()
    job.refresh_from_db()
    call.refresh_from_db()
    assert (job.state, call.state, ledger(job)[1]) == ("failed", "lost", ("refund", 5))
    assert deliver(fal) == [204]
    call.refresh_from_db()
    job.refresh_from_db()
    assert (call.state, call.request_id, job.state) == ("answered", fal.effects[0].id, "failed")
    assert ledger(job) == [("reserve", -5), ("refund", 5)]


def test_call_that_was_stopped_too_late_is_written_down_as_paid(fal, workspace):
    job, call = started(fal, workspace)
    services.cancel_job(job=job)
    work()
    call.refresh_from_db()
    assert (call.state, call.charged) == ("failed", False)
    assert deliver(fal) == [204]
    call.refresh_from_db()
    job.refresh_from_db()
    assert (call.state, call.charged, job.state) == ("answered", True, "cancelled")
    assert (len(fal.effects), ledger(job)) == (1, [("reserve", -5), ("refund", 5)])


def test_webhook_of_a_refusal_fails_the_job(fal, workspace):
    fal.order("result", "refused")
    job, _ = started(fal, workspace)
    deliver(fal)
    work()
    job.refresh_from_db()
    assert (job.state, job.error_message) == ("failed", "fal says: The content could not be processed")


def test_forged_webhooks_are_refused_and_change_nothing(fal, workspace):
    fal.order("webhook", "forged")
    job, call = started(fal, workspace)
    assert deliver(fal) == [403, 403]
    call.refresh_from_db()
    assert (call.state, call.noticed_at) == ("sent", None)


def test_webhook_about_another_request_is_refused(fal, workspace):
    _, call = started(fal, workspace)
    url = f"/hooks/fal/{call.token}"
    body = json.dumps({"request_id": "another", "status": "OK", "payload": {"images": []}}).encode()
    assert post(url, fal.signed("another", body), body) == 403
    body = fal.notice(call.request_id)
    assert post(url, fal.signed("another", body), body) == 403
    call.refresh_from_db()
    assert call.state == "sent"


def test_webhook_that_is_too_old_is_refused(fal, workspace):
    _, call = started(fal, workspace)
    body = fal.notice(call.request_id)
    assert post(f"/hooks/fal/{call.token}", fal.signed(call.request_id, body, at=1_000_000), body) == 403


def test_webhook_address_nobody_was_given_is_not_found(fal, workspace, db):
    _, call = started(fal, workspace)
    body = fal.notice(call.request_id)
    headers = fal.signed(call.request_id, body)
    assert [post(f"/hooks/{tail}", headers, body) for tail in ("fal/guessed", f"replicate/{call.token}")] == [404, 404]
    assert Client().get(reverse("webhook", args=["fal", call.token])).status_code == 405


def test_webhook_that_is_too_large_is_refused(fal, workspace):
    _, call = started(fal, workspace)
    assert post(f"/hooks/fal/{call.token}", {}, b" " * 1_000_001) == 413


@pytest.mark.parametrize("length", ["²", "-1", "9" * 4400], ids=["power", "minus", "long"])
def test_webhook_of_no_length_is_refused(fal, workspace, length):
    _, call = started(fal, workspace)
    assert Client().post(f"/hooks/fal/{call.token}", CONTENT_LENGTH=length).status_code == 413


def test_webhook_comes_again_while_fal_s_keys_cannot_be_had(fal, workspace, monkeypatch):
    _, call = started(fal, workspace)
    monkeypatch.setenv("INFLIO_FAL_JWKS_URL", f"{fal.url}/nowhere/requests/x")
    assert deliver(fal) == [503]


def test_no_webhook_is_asked_for_where_none_can_come(fal, workspace, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    started(fal, workspace)
    assert all(not request.query for request in fal.requests if request.method == "POST")


@pytest.mark.parametrize(
    "change",
    [
        {"x-fal-webhook-signature": "zz"},
        {"x-fal-webhook-signature": "ab" * 64},
        {"x-fal-webhook-timestamp": "now"},
        {"x-fal-webhook-user-id": "another"},
        {"x-fal-webhook-request-id": None},
    ],
)
def test_verify_refuses_whatever_was_not_signed(fal, change):
    headers = {name.lower(): value for name, value in fal.signed("r", b"{}").items()}
    verify(headers, b"{}")
    changed = {name: value for name, value in (headers | change).items() if value is not None}
    with pytest.raises(BadSignature):
        verify(changed, b"{}")
