"""Results that were not made: why, in words; and tried again one by one, each paid once and for itself alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from content.models import ContentItem, Shoot
from content.queries.shoots import result_card, result_cards
from content.services import items, remakes
from content.services.shoots import start_shoot
from inflio.billing.models import CreditAccount
from inflio.billing.services import ledger_faults
from inflio.generation.models import Job
from personas.tests.makers import end

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates")]
FAL = "fal_nano_banana_2"
PRICE = 3
WHY = "fal's filter held back 1 of the pictures."


@pytest.fixture
def shared(allowed, alice, keys) -> Shoot:
    """Four pictures of one job at a provider."""
    return start_shoot(persona=allowed, by=alice, look="lifestyle.travel", engine=FAL, seed=100)


def rows(shoot) -> list[ContentItem]:
    return list(shoot.items.select_related("job", "asset").order_by("position"))


def left_out(shoot, count: int) -> list[ContentItem]:
    """End the shoot's job without the last pictures; returns their items."""
    findings = {"missing": {"count": count, "why": [WHY]}}
    end(rows(shoot)[0].job, score=0.9, pictures=4 - count, findings=findings)
    return rows(shoot)[-count:]


def available(workspace) -> int:
    assert ledger_faults() == []
    return CreditAccount.objects.get(workspace=workspace).available


def test_each_one_left_out_is_tried_again_by_itself(shared, alice):
    first, second = left_out(shared, 2)
    failed = end(remakes.retry_item(item=first, by=alice), state=Job.State.FAILED, message="no")
    first, second = rows(shared)[-2:]
    assert (first.job, second.job) == (failed, failed.retry_of)
    end(remakes.retry_item(item=second, by=alice), score=0.9)
    first, second = rows(shared)[-2:]
    assert (first.asset, bool(second.asset)) == (None, True)
    end(remakes.retry_item(item=first, by=alice), score=0.9)
    assert all(item.asset for item in rows(shared))


def test_one_left_out_is_not_shown_as_being_made_with_another(shared, alice):
    first, second = left_out(shared, 2)
    remakes.retry_item(item=first, by=alice)
    cards = result_cards(shared, now=timezone.now())
    assert [card.is_open for card in cards] == [False, False, True, False]
    assert not result_card(second, now=timezone.now()).is_open


def test_failed_job_is_tried_again_for_those_that_are_there(shared, alice, workspace):
    end(rows(shared)[0].job, state=Job.State.FAILED, code="crashed", message="no")
    first, second, third, fourth = rows(shared)
    items.delete_items(items=[first, third])
    before = available(workspace)
    job = remakes.retry_item(item=fourth, by=alice)
    assert remakes.retry_item(item=second, by=alice) == job
    assert (job.count, job.params["seed"], before - available(workspace)) == (2, 101, 2 * PRICE)
    end(job, score=0.9, pictures=2)
    made = rows(shared)
    assert [item.job for item in made] == [job, job]
    assert [item.asset for item in made] == list(job.assets.order_by("pk"))


def test_failed_job_with_all_its_items_is_repeated_as_it_was(shared, alice, workspace):
    failed = end(rows(shared)[0].job, state=Job.State.FAILED, code="crashed", message="no")
    job = remakes.retry_item(item=rows(shared)[2], by=alice)
    assert (job.count, job.params, job.retry_of) == (4, failed.params, failed)
    end(job, score=0.9, pictures=4)
    assert all(item.asset for item in rows(shared))


def test_one_left_out_says_so_in_words_and_what_to_do(shared, alice_client):
    (item,) = left_out(shared, 1)
    said = "The engine left this one out; it cost nothing. fal&#x27;s filter held back 1 of the pictures."
    assert said in alice_client.get(shared.get_absolute_url()).content.decode()
    page = alice_client.get(item.get_absolute_url()).content.decode()
    assert said in page
    assert "still being made" not in page
    assert f'action="{reverse("content:retry_result", args=[item.pk])}"' in page


@pytest.mark.parametrize(("engine", "each"), [(FAL, 20.0), ("embedded", 5.0)])
def test_time_of_one_picture_is_measured_not_invented(shared, alice_client, engine, each):
    """A provider makes them side by side, our machine one after the other."""
    job = rows(shared)[0].job
    end(job, score=0.9, pictures=4)
    over = timezone.now()
    Job.objects.filter(pk=job.pk).update(engine=engine, started_at=over - timedelta(seconds=20), finished_at=over)
    cards = result_cards(shared, now=over)
    assert [card.seconds for card in cards] == [pytest.approx(each)] * 4
    for url in (shared.get_absolute_url(), cards[0].item.get_absolute_url()):
        assert f"{each:.1f} s" in alice_client.get(url).content.decode()
