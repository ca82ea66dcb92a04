"""The trials of Replicate and Gemini: every kind of fault for a tenth of their calls."""

from collections import Counter

import pytest
from django.test import Client

from inflio.billing import services as billing
from inflio.billing.models import CreditEntry
from inflio.generation.models import Job, ProviderCall
from inflio.generation.tests.cloud import order, photo, provide, trial_calls, work
from inflio.generation.tests.emulators import gemini, replicate
from inflio.generation.tests.emulators.base import POLL_FAULTS, SUBMIT_FAULTS
from inflio.generation.tests.emulators.running import gemini_running, replicate_running

pytestmark = pytest.mark.django_db
CALLS, RATE, TOGETHER = trial_calls(), 0.1, 10
SITE = "https://studio.example.com"
MODEL = {"version": replicate.VERSION, "trigger_word": "user_12345_trigger"}


@pytest.fixture
def flux(monkeypatch, settings):
    """Replicate with faults of every kind."""
    with replicate_running(monkeypatch, settings) as emulator:
        settings.ALLOWED_HOSTS, emulator.polls_needed = ["*"], 1
        faults = {"submit": SUBMIT_FAULTS, "poll": POLL_FAULTS, "list": POLL_FAULTS, "result": replicate.RESULT_FAULTS}
        emulator.rates |= {kind: dict.fromkeys(names, RATE) for kind, names in faults.items()}
        emulator.rates["webhook"] = dict.fromkeys(replicate.WEBHOOK_FAULTS, RATE)
        emulator.rates["file"] = dict.fromkeys(replicate.FILE_FAULTS, RATE / 2)
        yield emulator


@pytest.fixture
def google(monkeypatch, settings):
    """Gemini with faults of every kind."""
    with gemini_running(monkeypatch, settings) as emulator:
        emulator.rates = {
            "submit": dict.fromkeys(SUBMIT_FAULTS, RATE),
            "result": dict.fromkeys(gemini.RESULT_FAULTS, RATE / 2),
        }
        yield emulator


def prove(emulator, workspace, before: int) -> str:
    """Nothing is doubled, lost or stuck and every credit is where it belongs; returns what happened, in words."""
    jobs = list(Job.objects.prefetch_related("assets"))
    states = Counter(job.state for job in jobs)
    assert set(states) <= {"done", "failed"}  # none stuck
    assert emulator.doubled() == []
    assert not ProviderCall.objects.filter(state__in=ProviderCall.OPEN).exists()
    price = {job.pk: job.cost // max(job.assets.count(), 1) for job in jobs}
    spent = sum(price[job.pk] * job.assets.count() for job in jobs if job.state == "done")
    assert spent == sum(job.cost for job in jobs if job.state == "done")
    assert billing.ledger_faults() == []
    workspace.credits.refresh_from_db()
    assert workspace.credits.available == before - spent
    kinds = Counter(CreditEntry.objects.exclude(reference="").values_list("kind", flat=True))
    assert kinds["reserve"] == CALLS == kinds["capture"] + kinds["refund"]
    missed = {(kind, name) for kind, names in emulator.rates.items() for name in names} - set(emulator.faults)
    assert CALLS < 200 or missed == set()  # a short trial cannot meet every kind
    assert states["done"] > CALLS / 8
    return f"{CALLS} jobs, {len(emulator.effects)} paid, {emulator.faults.total()} faults: {dict(states)}, none doubled"


def test_predictions_with_every_kind_of_fault(flux, workspace, settings, record_property):
    """Half of them are told of by webhooks, the other half can only be asked for."""
    before, client, answers = provide(workspace), Client(), Counter()

    def deliver() -> None:
        for url, headers, body in flux.take_outbox():
            path = url.removeprefix(SITE)
            answer = client.post(path, body, content_type="application/json", headers=headers, secure=True)
            answers[answer.status_code] += 1

    for n in range(CALLS):
        params = {"prompt": f"call {n}", "seed": n, "aspect": "4:5", "trained_model": MODEL}
        settings.SITE_URL = SITE if n // TOGETHER % 2 else "http://127.0.0.1:8000"
        order(workspace, "flux_lora", params=params, count=1 + n % 6 // 5)
        if n % TOGETHER == TOGETHER - 1:
            work(turns=TOGETHER * 60, between=deliver)
    flux.outbox, flux.late = flux.late, []
    deliver()  # what comes late finds everything over
    known = set(ProviderCall.objects.exclude(request_id="").values_list("request_id", flat=True))
    assert known == {effect.id for effect in flux.effects}  # each paid call was found, whatever its answer came to
    result = prove(flux, workspace, before)
    assert set(answers) == {204, 403}
    record_property("result", result)


def test_requests_to_gemini_with_every_kind_of_fault(google, workspace, record_property):
    before, picture = provide(workspace), photo(workspace)
    for n in range(CALLS):
        order(workspace, "gemini", params={"prompt": f"call {n}", "aspect": "4:5", "seed": n}, pictures=[picture])
        if n % TOGETHER == TOGETHER - 1:
            work(turns=TOGETHER * 20)
    in_doubt = ProviderCall.objects.filter(state="failed", charged=True).count()
    answered = ProviderCall.objects.filter(state="answered").count()
    assert answered <= len(google.effects) <= answered + in_doubt  # whatever was paid has its row
    record_property("result", prove(google, workspace, before))
