"""Shoots: all or nothing, once for each click, within the limits; and what comes of their jobs."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone

from content.categories import LOOKS
from content.engines import DRAWN
from content.models import ContentItem, Shoot
from content.services import remakes
from content.services.limits import DAY_LIMIT
from content.services.shoots import finish_picture, start_shoot
from inflio.billing.models import CreditAccount
from inflio.billing.services import ledger_faults
from inflio.common.errors import Conflict, EngineRefused, InflioError, InvalidInput, NotEnoughCredits
from inflio.generation import services as generation
from inflio.generation.engines import get_engine
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from inflio.generation.usage import images_today
from personas import services as persona_services
from personas.models import Persona
from personas.tests.makers import end

pytestmark = pytest.mark.django_db


def credits_of(workspace) -> int:
    return CreditAccount.objects.get(workspace=workspace).available


def picture_jobs():
    return Job.objects.filter(kind__in=("picture", "illustration"))


def spend_day(workspace, count: int) -> None:
    """Pictures that were made earlier today."""
    Job.objects.create(workspace=workspace, kind="picture", engine="embedded", count=count, state="done", pk=9999)


@pytest.fixture
def shoot(ready, alice) -> Shoot:
    return start_shoot(persona=ready, by=alice, look="lifestyle.travel", seed=100)


@pytest.fixture
def drawn(workspace, alice) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return persona_services.create_persona(
        workspace=workspace, name="Lin", description="Short black hair, round glasses", look=look, by=alice
    )


def test_four_jobs_with_the_seeds_that_follow(shoot, ready, workspace):
    items = list(shoot.items.order_by("position"))
    assert [item.seed for item in items] == [100, 101, 102, 103]
    assert [item.job.params["seed"] for item in items] == [100, 101, 102, 103]
    assert len({item.job_id for item in items}) == 4
    job = items[0].job
    assert (job.params["look"], job.params["style"], job.params["aspect"]) == ("lifestyle.travel", "natural", "4:5")
    assert (job.params["width"], job.params["height"]) == (1024, 1280)
    assert (job.threshold, job.subject) == (ready.identity_threshold, ready.reference)
    assert job.pictures.count() == 5
    assert job.params["prompt"] == shoot.prompt
    assert "skin pores" in shoot.prompt
    assert (credits_of(workspace), ledger_faults()) == (96, [])


def test_double_click_makes_one_shoot(ready, alice):
    first = start_shoot(persona=ready, by=alice, look="luxury.yacht", key="click")
    assert start_shoot(persona=ready, by=alice, look="luxury.yacht", key="click") == first
    assert (Shoot.objects.count(), picture_jobs().count()) == (1, 4)
    start_shoot(persona=ready, by=alice, look="luxury.yacht", key="another")
    assert Shoot.objects.count() == 2


def test_seed_is_by_chance_unless_it_is_given(ready, alice):
    seeds = {start_shoot(persona=ready, by=alice, look="luxury.yacht", count=1).seed for _ in range(4)}
    assert len(seeds) == 4


def test_own_prompt_is_sent_as_it_is(ready, alice):
    shoot = start_shoot(persona=ready, by=alice, look="luxury.yacht", prompt="  My   own words  ", count=1)
    assert shoot.prompt == "My own words"
    assert shoot.items.get().job.params["prompt"] == "My own words"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"look": "luxury.moon"}, "no look"),
        ({"style": "loud"}, "no style"),
        ({"content_type": "x-ray"}, "no content type"),
        ({"aspect": "5:1"}, "no aspect ratio"),
        ({"count": 0}, "1 to 4"),
        ({"count": 5}, "1 to 4"),
        ({"seed": -1}, "seed is"),
        ({"seed": 2**31}, "seed is"),
        ({"details": "x" * 1001}, "details may have 1000"),
        ({"engine": "camera obscura"}, "no engine"),
        ({"place": "the moon"}, "no such setting"),
        ({"content_type": "full_body"}, "Full body needs"),
    ],
)
def test_what_cannot_be_made_is_refused_before_credits(ready, alice, workspace, wrong, words):
    with pytest.raises((InvalidInput, EngineRefused), match=words):
        start_shoot(persona=ready, by=alice, **{"look": "lifestyle.travel", **wrong})
    assert credits_of(workspace) == 100
    assert not Shoot.objects.exists()


def test_too_few_credits_make_nothing(ready, alice, workspace):
    CreditAccount.objects.filter(workspace=workspace).update(available=3)
    with pytest.raises(NotEnoughCredits, match="4 pictures cost 4 credits and 3 are left"):
        start_shoot(persona=ready, by=alice, look="lifestyle.travel")
    assert (Shoot.objects.count(), picture_jobs().count(), credits_of(workspace)) == (0, 0, 3)


def test_unready_persona_gets_none(ready, alice, workspace):
    persona_services.withdraw_consent(persona=ready, by=alice)
    with pytest.raises(Conflict, match="consent"):
        start_shoot(persona=ready, by=alice, look="lifestyle.travel")
    assert credits_of(workspace) == 100


def test_day_limit_refuses_what_would_pass_it(ready, alice, workspace):
    spend_day(workspace, 48)
    with pytest.raises(Conflict, match="2 more can be made today.*midnight UTC") as refused:
        start_shoot(persona=ready, by=alice, look="lifestyle.travel", count=3)
    assert refused.value.code == DAY_LIMIT
    start_shoot(persona=ready, by=alice, look="lifestyle.travel", count=2)
    with pytest.raises(Conflict, match="they are all used"):
        start_shoot(persona=ready, by=alice, look="lifestyle.travel", count=1)
    assert images_today(workspace) == 50


def test_failed_cancelled_and_yesterdays_do_not_count(ready, alice, workspace, shoot):
    jobs = list(picture_jobs().order_by("pk"))
    end(jobs[0], state=Job.State.FAILED, message="no")
    generation.cancel_job(job=jobs[1])
    Job.objects.filter(pk=jobs[2].pk).update(created_at=timezone.now() - timedelta(days=1))
    assert images_today(workspace) == 1


def test_larger_plan_has_a_larger_day(ready, alice, workspace):
    spend_day(workspace, 50)
    CreditAccount.objects.filter(workspace=workspace).update(plan="creator")
    assert start_shoot(persona=ready, by=alice, look="lifestyle.travel").count == 4


def test_pictures_are_put_on_their_items(shoot, alice):
    for item in shoot.items.order_by("-position"):  # whatever order they end in
        end(item.job, score=0.9)
    for item in shoot.items.select_related("asset", "job"):
        assert item.asset in item.job.assets.all()
        assert item.asset.identity_score == 0.9
        assert item.seed == 100 + item.position


def test_one_that_fails_leaves_the_others(shoot, workspace):
    first, second, *_ = shoot.items.order_by("position")
    end(first.job, state=Job.State.FAILED, message="The likeness reached 0.60.")
    end(second.job, score=0.9)
    assert [bool(item.asset) for item in shoot.items.order_by("position")] == [False, True, False, False]
    assert (credits_of(workspace), ledger_faults()) == (97, [])


def test_job_with_many_outputs_fills_items_in_order(shoot, ready):
    items = list(shoot.items.order_by("position"))
    job = items[0].job
    assets = tuple(end(item.job, score=0.9).assets.get() for item in items[1:])
    ContentItem.objects.filter(shoot=shoot).update(asset=None, job=job)
    for item in items:
        ContentItem.objects.filter(pk=item.pk).update(output=item.position)
    job.state = Job.State.DONE
    finish_picture(job=job, ending=Ending(assets, missing=1))
    assert [item.asset for item in shoot.items.order_by("position")] == [*assets, None]


def test_retry_keeps_the_seed_and_brings_the_item_along(shoot, alice, workspace):
    item = shoot.items.first()
    end(item.job, state=Job.State.FAILED, code="crashed", message="no")
    job = remakes.retry_item(item=item, by=alice)
    assert remakes.retry_item(item=item, by=alice) == job
    assert job.params["seed"] == item.seed
    end(job, score=0.9)
    item.refresh_from_db()
    assert (item.job, item.asset.identity_score) == (job, 0.9)
    assert (credits_of(workspace), ledger_faults()) == (96, [])


def test_retry_after_a_likeness_has_another_seed(shoot, alice):
    item = shoot.items.first()
    end(item.job, state=Job.State.FAILED, code=remakes.IDENTITY_TOO_LOW, message="0.60")
    job = remakes.retry_item(item=item, by=alice)
    assert job.params["seed"] != item.seed
    assert job.retry_of == item.job
    end(job, score=0.9)
    item.refresh_from_db()
    assert item.seed == job.params["seed"]


def test_retry_on_the_page_of_jobs_brings_the_item_along(shoot, alice):
    item = shoot.items.first()
    failed = end(item.job, state=Job.State.FAILED, message="no")
    end(generation.retry_job(job=failed, by=alice), score=0.9)
    item.refresh_from_db()
    assert item.asset.identity_score == 0.9


def test_retry_counts_against_the_day(shoot, alice, workspace):
    item = shoot.items.first()
    end(item.job, state=Job.State.FAILED, message="no")
    spend_day(workspace, 47)
    with pytest.raises(Conflict, match="all used"):
        remakes.retry_item(item=item, by=alice)


def test_only_what_failed_is_tried_again(shoot, alice):
    item = shoot.items.first()
    end(item.job, score=0.9)
    with pytest.raises(Conflict, match="has not failed"):
        remakes.retry_item(item=item, by=alice)


def test_cancel_gives_everything_back(shoot, alice, workspace):
    assert remakes.cancel_shoot(shoot=shoot, by=alice) == 4
    assert remakes.cancel_shoot(shoot=shoot, by=alice) == 0
    assert (credits_of(workspace), ledger_faults()) == (100, [])


def test_more_like_this_has_the_recipe_and_new_seeds(shoot, alice):
    item = shoot.items.first()
    end(item.job, score=0.9)
    again = remakes.repeat_item(item=ContentItem.objects.get(pk=item.pk), by=alice, key="k")
    assert (again.look, again.prompt, again.parent_id) == (shoot.look, shoot.prompt, item.pk)
    assert again.seed != shoot.seed
    assert remakes.repeat_item(item=ContentItem.objects.get(pk=item.pk), by=alice, key="k") == again


def test_variation_stays_at_the_place_of_the_picture(shoot, alice):
    item = ContentItem.objects.get(pk=shoot.items.last().pk)
    end(item.job, score=0.9)
    item.refresh_from_db()
    place, _ = get_engine("embedded").places(shoot.look)[0]
    item.asset.provenance["place"] = place
    item.asset.save()
    varied = remakes.vary_item(item=item, by=alice)
    assert (varied.place, varied.seed) == (place, item.seed + 1)


def test_drawn_persona_is_drawn(drawn, alice):
    shoot = start_shoot(persona=drawn, by=alice, look="portrait.headshot", details="sunglasses", count=2)
    job = shoot.items.first().job
    assert (job.kind, job.threshold, job.pictures.count()) == ("illustration", None, 0)
    assert job.params["scenario"] == DRAWN["portrait.headshot"]
    assert job.params["attributes"]["look_seed"] == drawn.description
    assert "sunglasses" in job.params["description"]
    assert "pores" not in shoot.prompt


def test_what_cannot_be_drawn_is_refused(drawn, alice):
    with pytest.raises(EngineRefused, match="Luxury · Yacht cannot be drawn"):
        start_shoot(persona=drawn, by=alice, look="luxury.yacht")


def test_drawings_name_looks_and_scenes_that_exist():
    assert set(DRAWN) <= set(LOOKS)
    assert set(DRAWN.values()) <= set(import_module("gpu_worker.illustrated").SCENARIOS)


def test_every_refusal_is_an_error_with_a_sentence(ready, alice):
    with pytest.raises(InflioError) as refused:
        start_shoot(persona=ready, by=alice, look="nonsense")
    assert refused.value.message.endswith(".")
