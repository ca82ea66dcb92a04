"""System checks of the queue's settings."""

import pytest

from inflio.queue.checks import check_queue_settings

RUN = "inflio.queue.tests.errands.run"


def faults() -> dict[str, str]:
    return {error.id: error.msg for error in check_queue_settings(None)}


@pytest.mark.usefixtures("errands_only")
def test_settings_that_fit_have_no_fault():
    assert faults() == {}


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"model": "queue.Errand", "run": "inflio.queue.nowhere.run"}, "queue.E001"),
        ({"model": "queue.Errand", "run": "inflio.queue.tests.errands.ran"}, "queue.E001"),
        ({"model": "queue.Nothing", "run": RUN}, "queue.E002"),
        ({"model": "nothing", "run": RUN}, "queue.E002"),
        ({"model": "queue.PeriodicRun", "run": RUN}, "queue.E003"),
    ],
)
def test_kind_that_leads_nowhere_is_a_fault(settings, entry, fault):
    settings.QUEUE_KINDS = {"errand": entry}

    assert list(faults()) == [fault]


def test_periodic_hook_that_leads_nowhere_is_a_fault(settings):
    settings.QUEUE_PERIODIC = {"no.such.hook": 60}

    assert "no.such.hook" in faults()["queue.E004"]


def test_lease_that_is_renewed_too_rarely_for_the_canary_is_a_fault(settings):
    settings.LEASE_SECONDS, settings.CANARY_STALE_SECONDS = 90, 60

    assert list(faults()) == ["queue.E005"]
