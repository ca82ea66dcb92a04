"""The trial of paid calls: every kind of fault for a tenth of them; nothing is paid twice, lost or stuck."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from inflio.billing import services as billing
from inflio.billing.models import CreditEntry
from inflio.generation.models import Job, ProviderCall
from inflio.generation.tests.cloud import order, photo, provide, trial_calls, work
from inflio.generation.tests.emulators.base import POLL_FAULTS, SUBMIT_FAULTS
from inflio.generation.tests.emulators.fal import RESULT_FAULTS, WEBHOOK_FAULTS

pytestmark = pytest.mark.django_db
CALLS, RATE, TOGETHER = trial_calls(), 0.1, 10
SITE = "https://studio.example.com"


@pytest.fixture
def hooked(fal, settings):
    """The emulator with faults of every kind, and webhooks that come."""
    settings.SITE_URL, settings.ALLOWED_HOSTS = SITE, ["*"]
    faults = {"submit": SUBMIT_FAULTS, "poll": POLL_FAULTS, "result": RESULT_FAULTS, "webhook": WEBHOOK_FAULTS}
    fal.rates = {kind: dict.fromkeys(names, RATE) for kind, names in faults.items()}
    fal.rates["file"] = dict.fromkeys(("error", "drop"), RATE)
    return fal


def test_calls_with_every_kind_of_fault(hooked, workspace, record_property):
    before = provide(workspace)
    picture = photo(workspace)
    client = Client()
    answers = Counter()

    def deliver() -> None:
        in_doubt = ProviderCall.objects.filter(state="intended")
        in_doubt.update(intended_at=F("intended_at") - timedelta(seconds=60))  # time flies
        for url, headers, body in hooked.take_outbox():
            path = url.removeprefix(SITE)
            answers[client.post(path, body, content_type="application/json", headers=headers).status_code] += 1

    for n in range(CALLS):
        order(workspace, "fal_nano_banana_2_1", title=f"call {n}", pictures=[picture], count=1 + n % 3 // 2)
        if n % TOGETHER == TOGETHER - 1:
            work(turns=TOGETHER * 60, between=deliver)
    hooked.outbox, hooked.late = hooked.late, []
    deliver()  # what comes late finds everything over

    jobs = list(Job.objects.all())
    assert {job.state for job in jobs} <= {"done", "failed"}  # none stuck
    assert hooked.doubled() == []
    paid = {effect.id for effect in hooked.effects}
    known = set(ProviderCall.objects.exclude(request_id="").values_list("request_id", flat=True))
    assert known <= paid
    unknown = ProviderCall.objects.filter(state="lost", request_id="", charged=True).count()
    assert len(paid - known) <= unknown  # whatever was paid has its row
    assert not ProviderCall.objects.filter(state__in=ProviderCall.OPEN).exists()
    spent = sum(job.cost for job in jobs if job.state == "done")
    assert spent == sum(2 * job.assets.count() for job in jobs)
    assert billing.ledger_faults() == []
    workspace.credits.refresh_from_db()
    assert workspace.credits.available == before - spent
    assert Counter(CreditEntry.objects.exclude(reference="").values_list("kind", flat=True))["reserve"] == CALLS
    states = Counter(job.state for job in jobs)
    assert states["done"] > CALLS / 3
    assert answers[204] > CALLS / 3
    assert CALLS < 200 or set(hooked.faults) >= {(kind, name) for kind, names in hooked.rates.items() for name in names}
    result = f"{CALLS} jobs, {len(paid)} paid calls, {hooked.faults.total()} faults: {dict(states)}, none doubled"
    record_property("result", result)
