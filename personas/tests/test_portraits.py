"""Portraits: five at once or none, each again by itself, and which picture is shown."""

import pytest

from inflio.billing.models import CreditAccount
from inflio.billing.services import ledger_faults
from inflio.common.errors import Conflict, InvalidInput, NotEnoughCredits
from inflio.generation import services as generation
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas import services
from personas.models import Persona, Portrait
from personas.scenarios import SCENARIOS
from personas.seeds import portrait_seed
from personas.tests.makers import end

pytestmark = pytest.mark.django_db
LOW = "identity_too_low"


def credits_of(workspace) -> int:
    return CreditAccount.objects.get(workspace=workspace).available


def test_request_queues_five_in_order_with_recorded_seeds(ready, alice, workspace):
    jobs = services.request_portraits(persona=ready, by=alice)
    assert [job.params["scenario"] for job in jobs] == [scenario.key for scenario in SCENARIOS]
    assert (credits_of(workspace), ledger_faults()) == (95, [])
    assert jobs[0].params["seed"] == portrait_seed(persona_id=ready.pk, scenario="professional_headshot", variation=1)
    assert (jobs[0].params["width"], jobs[0].params["height"]) == (1024, 1280)
    assert jobs[0].threshold == ready.identity_threshold
    assert set(jobs[0].pictures.values_list("photo_of__rank", flat=True)) == {1, 2, 3, 4, 5}


def test_too_few_credits_make_nothing(ready, alice, workspace):
    CreditAccount.objects.filter(workspace=workspace).update(available=4)
    with pytest.raises(NotEnoughCredits, match="5 portraits cost 5 credits and 4 are left"):
        services.request_portraits(persona=ready, by=alice)
    assert credits_of(workspace) == 4
    assert not Job.objects.filter(kind="portrait").exists()
    assert not ready.portraits.exists()


def test_day_limit_refuses_all_and_says_how_many_are_left(ready, alice, workspace):
    Job.objects.create(workspace=workspace, kind="picture", engine="embedded", count=47, state="done")
    with pytest.raises(Conflict, match="3 more can be made today"):
        services.request_portraits(persona=ready, by=alice)
    assert not Job.objects.filter(kind="portrait").exists()


def test_double_click_makes_five(ready, alice):
    first = services.request_portraits(persona=ready, by=alice, key="click")
    assert services.request_portraits(persona=ready, by=alice, key="click") == first
    with pytest.raises(Conflict, match="already"):
        services.request_portraits(persona=ready, by=alice, key="another")
    assert Job.objects.filter(kind="portrait").count() == 5


def test_only_missing_ones_are_made(ready, alice):
    jobs = services.request_portraits(persona=ready, by=alice)
    for job in jobs[:3]:
        end(job, score=0.9)
    for job in jobs[3:]:
        end(job, state=Job.State.FAILED, message="no")
    again = services.request_portraits(persona=ready, by=alice)
    assert [job.params["scenario"] for job in again] == [job.params["scenario"] for job in jobs[3:]]


@pytest.mark.parametrize("status", [Persona.Status.PENDING_UPLOAD, Persona.Status.ANALYZING, Persona.Status.FAILED])
def test_unready_persona_gets_none(persona, alice, status):
    Persona.objects.filter(pk=persona.pk).update(status=status)
    with pytest.raises(Conflict, match="not ready|being looked at"):
        services.request_portraits(persona=persona, by=alice)


def test_finished_portrait_is_shown_and_the_first_becomes_the_avatar(ready, alice):
    jobs = services.request_portraits(persona=ready, by=alice)
    end(jobs[1], score=0.91)
    end(jobs[0], score=0.93)
    ready.refresh_from_db()
    second = ready.portraits.get(scenario=jobs[1].params["scenario"])
    assert ready.avatar == second.asset
    assert second.asset.identity_score == 0.91
    assert ready.activity.first().text == "Professional headshot finished, likeness 0.93"


def test_regeneration_has_another_seed_and_keeps_the_picture_until_then(finished, alice):
    portrait = finished.portraits.first()
    job = services.regenerate_portrait(portrait=portrait, by=alice, key="again")
    assert services.regenerate_portrait(portrait=portrait, by=alice, key="again") == job
    portrait.refresh_from_db()
    assert (portrait.job, portrait.variation) == (job, 2)
    assert portrait.asset is not None
    assert job.params["seed"] == portrait_seed(persona_id=finished.pk, scenario=portrait.scenario, variation=2)
    old = portrait.asset
    end(job, score=0.95)
    portrait.refresh_from_db()
    assert portrait.asset != old
    assert Asset.objects.filter(pk=old.pk).exists()


def test_regeneration_conflicts_while_one_is_made(finished, alice):
    portrait = finished.portraits.first()
    services.regenerate_portrait(portrait=portrait, by=alice)
    with pytest.raises(Conflict, match="already"):
        services.regenerate_portrait(portrait=portrait, by=alice)


@pytest.mark.parametrize(("code", "same"), [("crashed", True), (LOW, False)])
def test_retry_changes_the_seed_only_for_likeness(ready, alice, workspace, code, same):
    job = services.request_portraits(persona=ready, by=alice)[0]
    end(job, state=Job.State.FAILED, code=code, message="It failed.")
    portrait = Portrait.objects.get(job=job)
    retry = services.retry_portrait(portrait=portrait, by=alice)
    assert services.retry_portrait(portrait=portrait, by=alice) == retry
    assert (retry.params["seed"] == job.params["seed"]) is same
    assert retry.retry_of == job
    assert (credits_of(workspace), ledger_faults()) == (95, [])


def test_retry_of_a_finished_one_is_refused(finished, alice):
    with pytest.raises(Conflict, match="has not failed"):
        services.retry_portrait(portrait=finished.portraits.first(), by=alice)


def test_retry_on_the_page_of_jobs_is_shown_too(ready, alice):
    job = services.request_portraits(persona=ready, by=alice)[0]
    failed = end(job, state=Job.State.FAILED, message="no")
    retry = generation.retry_job(job=failed, by=alice)
    with pytest.raises(Conflict, match="already"):
        services.regenerate_portrait(portrait=Portrait.objects.get(job=job), by=alice)
    end(retry, score=0.9)
    assert Portrait.objects.get(persona=ready, scenario=job.params["scenario"]).job == retry


def test_cancel_gives_the_credit_back(ready, alice, workspace):
    services.request_portraits(persona=ready, by=alice)
    services.cancel_portrait(portrait=ready.portraits.first(), by=alice)
    assert credits_of(workspace) == 96
    assert ready.portraits.first().failed
    services.cancel_portrait(portrait=ready.portraits.first(), by=alice)
    assert (credits_of(workspace), ledger_faults()) == (96, [])


def test_failed_portrait_leaves_the_others(ready, alice):
    jobs = services.request_portraits(persona=ready, by=alice)
    end(jobs[0], state=Job.State.FAILED, message="The likeness reached 0.60.")
    end(jobs[1], score=0.9)
    assert ready.portraits.filter(asset__isnull=False).count() == 1
    assert "The likeness reached 0.60." in ready.activity.get(text__contains="failed").text


def test_older_job_does_not_replace_a_newer_picture(finished, alice):
    portrait = finished.portraits.first()
    shown = portrait.asset
    late = Job.objects.create(
        workspace=finished.workspace,
        kind="portrait",
        engine="embedded",
        idempotency_key="late",
        subject=finished.reference,
        params={"scenario": portrait.scenario, "seed": 1},
        pk=Job.objects.order_by("pk").first().pk - 1,
    )
    assert late.pk < portrait.job_id
    asset = Asset.objects.exclude(pk=shown.pk).filter(source="engine").first()

    late.state = Job.State.DONE
    services.finish_portrait(job=late, ending=Ending((asset,)))
    portrait.refresh_from_db()
    assert portrait.asset == shown


def test_earlier_picture_can_be_chosen_and_another_ones_cannot(finished, alice):
    portrait, other = finished.portraits.all()[:2]
    first = portrait.asset
    end(services.regenerate_portrait(portrait=portrait, by=alice), score=0.95)
    portrait.refresh_from_db()
    services.choose_picture(portrait=portrait, asset=first, by=alice)
    portrait.refresh_from_db()
    assert portrait.asset == first
    with pytest.raises(InvalidInput, match="does not belong"):
        services.choose_picture(portrait=portrait, asset=other.asset, by=alice)


def test_only_a_portrait_can_be_the_avatar(finished, alice):
    chosen = finished.portraits.last().asset
    services.set_avatar(persona=finished, asset=chosen, by=alice)
    finished.refresh_from_db()
    assert finished.avatar == chosen
    with pytest.raises(InvalidInput, match="portraits"):
        services.set_avatar(persona=finished, asset=finished.photos.first().asset, by=alice)


def test_drawn_persona_needs_no_photo(workspace, alice):
    persona = services.draw_persona(workspace=workspace, name="Ada", description="Red hair, a coat", by=alice, key="k")
    assert services.draw_persona(workspace=workspace, name="Ada", description="Red hair", by=alice, key="k") == persona
    jobs = Job.objects.filter(kind="illustration")
    assert jobs.count() == 5
    assert jobs.first().params["description"] == "Red hair, a coat"
    assert jobs.first().threshold is None
    end(jobs.last(), score=None)
    assert persona.status == Persona.Status.READY


def test_drawn_persona_that_cannot_be_paid_is_not_made(workspace, alice):
    CreditAccount.objects.filter(workspace=workspace).update(available=3)
    with pytest.raises(NotEnoughCredits):
        services.draw_persona(workspace=workspace, name="Ada", description="Red hair", by=alice)
    assert not Persona.objects.exists()
    assert credits_of(workspace) == 3
