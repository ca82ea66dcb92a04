"""Content and other companies: which engines are offered for a face, and that no way around the consent exists."""

import pytest

from content.batches.orders import Order
from content.engines import engine_offers
from content.queries.compose import build_offer
from content.services import remakes, threads
from content.services.batches import feed_batch, plan_batch, start_batch
from content.services.shoots import start_shoot
from content.tests.talks import say
from content.thumbnails.engines import edit_offers
from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, EngineRefused
from inflio.generation.models import Job
from personas.models import TrainedModel
from personas.services import allow_outside_engines, stop_outside_engines
from personas.tests.makers import end

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates", "keys")]
FAL = "fal_nano_banana_2"


def shoot(persona, by, **more):
    return start_shoot(persona=persona, by=by, look="lifestyle.travel", engine=FAL, count=1, **more)


def available(workspace) -> int:
    return CreditAccount.objects.get(workspace=workspace).available


def test_offers_say_what_is_missing_and_where(ready, workspace, alice):
    offers = {offer.name: offer for offer in engine_offers(workspace, ready)}
    assert (offers["embedded"].why_not, offers[FAL].needs) == ("", "consent")
    assert "fal is another company" in offers[FAL].why_not
    assert {offer.needs for offer in edit_offers(workspace, ready)} == {"", "consent"}
    allow_outside_engines(persona=ready, by=alice)
    offers = {offer.name: offer for offer in engine_offers(workspace, ready)}
    assert (offers[FAL].is_ready, offers["flux_lora"].needs) == (True, "model")
    assert {offer.needs for offer in edit_offers(workspace, ready)} == {""}


def test_key_that_is_missing_is_said_first(ready, workspace, settings):
    settings.PROVIDER_KEYS = {}
    offers = {offer.name: offer for offer in engine_offers(workspace, ready)}
    assert offers[FAL].needs == "key"


def test_place_that_the_engine_does_not_offer_is_refused_before_any_credit(allowed, alice, workspace):
    before = available(workspace)
    for place in ("yacht_bow", "x" * 41):
        with pytest.raises(EngineRefused, match="to choose here. Leave it empty."):
            shoot(allowed, alice, place=place)
    assert (available(workspace), Job.objects.filter(kind="picture").count()) == (before, 0)


def test_shoot_is_refused_before_any_credit(ready, alice, workspace):
    before = available(workspace)
    with pytest.raises(Conflict, match="under Consent") as refused:
        shoot(ready, alice)
    assert (refused.value.code, available(workspace), ready.shoots.count()) == ("no_outside_consent", before, 0)
    allow_outside_engines(persona=ready, by=alice)
    assert shoot(ready, alice).items.count() == 1


def test_stopped_persona_is_not_used_by_trying_again_or_more_like_this(allowed, alice, workspace):
    item = shoot(allowed, alice).items.get()
    stop_outside_engines(persona=allowed, by=alice)
    item.refresh_from_db()
    assert item.job.state == "cancelled"
    before = available(workspace)
    for again in (remakes.retry_item, remakes.repeat_item, remakes.vary_item):
        with pytest.raises(Conflict, match="fal is another company"):
            again(item=item, by=alice)
    assert (available(workspace), Job.objects.filter(engine=FAL).count()) == (before, 1)


def test_conversation_cannot_choose_or_go_on_with_such_an_engine(thread, alice, workspace):
    with pytest.raises(Conflict, match="fal is another company"):
        threads.choose_engine(thread=thread, engine=FAL)
    allow_outside_engines(persona=thread.persona, by=alice)
    threads.choose_engine(thread=thread, engine=FAL)
    thread.refresh_from_db()
    message = threads.send_message(thread=thread, text="sunglasses", by=alice)
    stop_outside_engines(persona=thread.persona, by=alice)
    before = available(workspace)
    with pytest.raises(Conflict, match="fal is another company"):
        threads.send_message(thread=thread, text="a hat", by=alice)
    with pytest.raises(Conflict, match="fal is another company"):
        threads.retry_message(message=message, by=alice)
    assert available(workspace) == before
    threads.choose_engine(thread=thread, engine="embedded")
    thread.refresh_from_db()
    assert say(thread, "warmer", alice).asset


def test_set_of_a_batch_says_why_it_was_not_made(allowed, alice, workspace):
    orders = [Order(allowed.pk, "luxury.yacht", count=1, seed=seed, engine=FAL) for seed in range(6)]
    batch = plan_batch(workspace=workspace, name="Summer", orders=orders, plan={}, by=alice)
    start_batch(batch=batch, by=alice)
    stop_outside_engines(persona=allowed, by=alice)
    feed_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, sorted(batch.cells.values_list("state", flat=True))) == (
        "done",
        ["cancelled"] * 4 + ["failed"] * 2,
    )
    assert "fal is another company" in batch.cells.filter(state="failed").first().message


def test_batch_form_names_the_personas_that_may_not(alice_client, ready):
    form = {"personas": [ready.pk], "looks": ["luxury.yacht"], "styles": ["natural"], "seeds": 1, "count": 1}
    answer = alice_client.post("/batches/new/", form | {"aspect": "4:5", "engine": FAL, "key": "k"})
    assert answer.status_code == 422
    assert "does not let these photos be sent there: Ada." in answer.content.decode().replace("\n", " ")


def test_create_page_shows_the_reason_and_the_way_to_the_consent(alice_client, ready, alice):
    page = alice_client.get(f"/create?persona={ready.pk}").content.decode()
    assert f'id="engine-{FAL}"' not in page
    assert "fal is another company" in page
    assert f'href="/personas/{ready.pk}/consent/#outside"' in page
    allow_outside_engines(persona=ready, by=alice)
    assert f'id="engine-{FAL}"' in alice_client.get(f"/create?persona={ready.pk}").content.decode()


def test_conversation_shows_it_before_anybody_sends(alice_client, thread, alice):
    page = alice_client.get(thread.get_absolute_url()).content.decode()
    assert "(not allowed by the consent)" in page
    allow_outside_engines(persona=thread.persona, by=alice)
    threads.choose_engine(thread=thread, engine=FAL)
    assert "composer-engine" not in alice_client.get(thread.get_absolute_url()).content.decode()
    stop_outside_engines(persona=thread.persona, by=alice)
    page = alice_client.get(thread.get_absolute_url()).content.decode()
    assert f'href="/personas/{thread.persona_id}/consent/#outside"' in page
    button = page.split('class="composer__form"')[1].split("<button")[1].split(">")[0]
    assert "disabled" in button


def test_page_of_jobs_refuses_and_says_why(alice_client, allowed, alice):
    job = end(shoot(allowed, alice).items.get().job, state="failed", code="x", message="It broke.")
    stop_outside_engines(persona=allowed, by=alice)
    answer = alice_client.post(f"/jobs/{job.pk}/retry/")
    assert answer.status_code == 409
    assert "fal is another company" in answer.content.decode()
    assert not Job.objects.filter(retry_of=job).exists()


@pytest.mark.parametrize("name", [FAL, "gemini", "flux_lora"])
def test_content_types_can_be_chosen_with_another_company_s_engine(allowed, workspace, name):
    ready = {"status": TrainedModel.Status.READY, "version": "a:b", "trigger_word": "ada", "steps": 1, "photo_count": 9}
    TrainedModel.objects.create(persona=allowed, **ready)
    engine = next(offer for offer in engine_offers(workspace, allowed) if offer.name == name)
    offer = build_offer(allowed, engine, "lifestyle.travel")
    assert [(option.key, option.why_not) for option in offer.content_types] == [
        (key, "") for key in ("portrait", "full_body", "action")
    ]
