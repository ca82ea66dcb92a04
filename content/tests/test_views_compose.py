"""The Create page and the results: who may, what is offered, what a wrong form says, and what it costs to show."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.batches.orders import make_grid
from content.engines import DRAWN
from content.models import ContentItem, Shoot
from content.services import batches
from content.services.shoots import start_shoot
from inflio.accounts.models import Level
from inflio.billing.models import CreditAccount
from inflio.generation.models import Job
from personas.models import Persona
from personas.services import create_persona
from personas.tests.makers import end, persona_with_photos

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates")]
HTMX = {"HTTP_HX_REQUEST": "true"}
CREATE = "/create"
ITEM_ACTIONS = ("save_result", "favourite_result", "retry_result", "cancel_result", "repeat_result", "vary_result")


def chosen(persona, **more) -> dict:
    """The form as a browser sends it."""
    usual = {"look": "lifestyle.travel", "content_type": "portrait", "style": "natural", "place": "", "aspect": "4:5"}
    return {"persona": persona.pk, **usual, "count": "4", "seed": "", "engine": "embedded", "key": "k1", **more}


@pytest.fixture
def shoot(ready, alice) -> Shoot:
    return start_shoot(persona=ready, by=alice, look="lifestyle.travel", seed=100)


@pytest.fixture
def made(shoot) -> ContentItem:
    """A finished result."""
    item = shoot.items.first()
    end(item.job, score=0.9)
    return ContentItem.objects.get(pk=item.pk)


def test_address_is_the_customers(alice_client, ready):
    assert reverse("content:compose") == CREATE
    assert alice_client.get(CREATE).status_code == 200


def test_without_a_persona_it_leads_to_making_one(alice_client):
    assert reverse("personas:new") in alice_client.get(CREATE).content.decode()


def test_price_and_time_are_said_before_the_click(alice_client, ready):
    page = alice_client.get(CREATE).content.decode()
    assert "4 credits" in page
    assert "about 8 s" in page
    assert "100 credits" in page
    assert "0 of 50" in page


def test_click_makes_a_shoot_and_shows_it(alice_client, ready):
    response = alice_client.post(CREATE, chosen(ready), **HTMX)
    shoot = Shoot.objects.get()
    assert response.status_code == 200
    assert 'id="shoot"' in response.content.decode()
    assert "every 1s" in response.content.decode()
    assert 'hx-swap-oob="true"' in response.content.decode()
    alice_client.post(CREATE, chosen(ready), **HTMX)
    assert list(Shoot.objects.all()) == [shoot]


def test_it_works_without_scripts(alice_client, ready):
    response = alice_client.post(CREATE, chosen(ready))
    assert response.url == Shoot.objects.get().get_absolute_url()
    preview = alice_client.post(CREATE, chosen(ready, preview="1", style="moody", key="k2"))
    assert "cool restrained colour" in preview.content.decode()
    assert Shoot.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"place": "the-moon"}, "not offered here"),
        ({"style": "loud"}, "not offered here"),
        ({"count": "9"}, "9 is not one of the available choices"),
        ({"seed": "-4"}, "greater than or equal to 0"),
        ({"content_type": "full_body"}, "not offered here|Full body needs"),
    ],
)
def test_wrong_form_comes_back_with_its_reason(alice_client, ready, wrong, words):
    for extra in ({}, HTMX):
        response = alice_client.post(CREATE, chosen(ready, **wrong), **extra)
        assert response.status_code == 422
        assert any(part in response.content.decode() for part in words.split("|"))
    assert response["HX-Retarget"] == "#compose-form"
    assert not Shoot.objects.exists()


def test_too_few_credits_say_so_and_lead_to_credits(alice_client, ready, workspace):
    CreditAccount.objects.filter(workspace=workspace).update(available=3)
    page = alice_client.get(CREATE).content.decode()
    assert "This costs 4 credits and you have 3." in page
    assert reverse("billing:credits") + "#plan" in page
    assert alice_client.post(CREATE, chosen(ready)).status_code == 422


def test_day_limit_says_when_it_resets(alice_client, ready, workspace):
    Job.objects.create(workspace=workspace, kind="picture", engine="embedded", count=48, state="done")
    page = alice_client.get(CREATE).content.decode()
    assert "2 of today&#x27;s 50 images are left. The count starts anew at midnight UTC." in page
    assert "Larger plans" in page


def test_preview_follows_the_choices(alice_client, ready):
    answer = alice_client.post(
        reverse("content:preview"),
        chosen(ready, look="luxury.yacht", count="2"),
        **HTMX,
        HTTP_HX_TARGET="compose-choices",
    ).content.decode()
    assert "sailing yacht" in answer
    assert "Make 2 pictures" in answer
    assert 'id="compose-choices"' in answer
    assert 'id="compose-summary"' in answer


def test_engine_without_prompt_takes_no_words(alice_client, ready):
    page = alice_client.get(CREATE).content.decode()
    assert 'name="details"' not in page
    assert "readonly" in page
    alice_client.post(CREATE, chosen(ready, prompt="My own words", suggested="Something else"))
    assert Shoot.objects.get().prompt.startswith("Travel")


def test_drawn_persona_is_offered_what_can_be_drawn(alice_client, alice, workspace):
    drawn = create_persona(
        workspace=workspace, name="Lin", description="Round glasses", look=Persona.Look.ILLUSTRATED, by=alice
    )
    page = alice_client.get(f"{CREATE}?persona={drawn.pk}").content.decode()
    assert page.count('name="look"') == len(DRAWN)
    assert 'name="details"' in page
    response = alice_client.post(CREATE, chosen(drawn, look="portrait.headshot", style="", details="sunglasses"))
    assert response.status_code == 302
    assert Job.objects.filter(kind="illustration").count() == 4


def test_unready_persona_says_why(alice_client, alice, workspace):
    persona = persona_with_photos(workspace, alice)
    page = alice_client.get(CREATE).content.decode()
    assert "Not ready yet" in page
    assert alice_client.post(CREATE, chosen(persona)).status_code == 422


def test_recipe_of_a_picture_is_filled_in_and_a_change_is_named(alice_client, made, ready):
    page = alice_client.get(f"{CREATE}?from={made.pk}").content.decode()
    assert f'value="{made.seed}"' in page
    assert f'name="parent" value="{made.pk}"' in page
    data = chosen(ready, parent=made.pk, style="moody", seed=made.seed, count="1")
    changed = alice_client.post(reverse("content:preview"), data, **HTMX).content.decode()
    assert "Changed from the picture" in changed
    assert "<ins>Moody</ins>" in changed
    alice_client.post(CREATE, data)
    assert Shoot.objects.first().parent == made


def test_results_come_as_a_fragment_that_stops_asking(alice_client, shoot):
    url = shoot.get_absolute_url()
    fragment = alice_client.get(url, **HTMX, HTTP_HX_TARGET="shoot")
    assert "every 1s" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    for item in shoot.items.all():
        end(item.job, score=0.91)
    fragment = alice_client.get(url, **HTMX, HTTP_HX_TARGET="shoot")
    assert "every 1s" not in fragment.content.decode()
    assert fragment["HX-Trigger"] == "shoot-over"
    page = alice_client.get(url).content.decode()
    assert page.count("0.91") == 4
    assert "Seed 100" in page


def test_failed_result_gives_its_reason_and_can_be_tried_again(alice_client, shoot):
    item = shoot.items.first()
    end(item.job, state=Job.State.FAILED, message="The likeness reached 0.60.")
    assert "The likeness reached 0.60." in alice_client.get(shoot.get_absolute_url()).content.decode()
    alice_client.post(reverse("content:retry_result", args=[item.pk]), **HTMX)
    item.refresh_from_db()
    assert item.job.is_open


def test_save_and_favourite_turn_on_and_off(alice_client, made):
    for name, field in (("save_result", "saved"), ("favourite_result", "favourite")):
        for wanted in (True, False):
            alice_client.post(reverse(f"content:{name}", args=[made.pk]), **HTMX)
            made.refresh_from_db()
            assert getattr(made, field) is wanted


def test_more_of_a_picture_says_what_it_costs_before_the_click(alice_client, made):
    before = CreditAccount.objects.get(workspace=made.workspace).available
    for url in (made.shoot.get_absolute_url(), made.get_absolute_url()):
        page = alice_client.get(url).content.decode()
        assert "More like this · 4 credits" in page
        assert re.search(r"Vary( a little)? · 4 credits", page)
    alice_client.post(reverse("content:vary_result", args=[made.pk]), {"key": "click"})
    assert before - CreditAccount.objects.get(workspace=made.workspace).available == 4


@pytest.mark.parametrize("name", ["repeat_result", "vary_result"])
def test_another_shoot_is_made_once_for_each_click(alice_client, made, name):
    url = reverse(f"content:{name}", args=[made.pk])
    first = alice_client.post(url, {"key": "click"})
    assert alice_client.post(url, {"key": "click"}).url == first.url
    assert Shoot.objects.count() == 2


def test_only_jobs_that_run_before_are_said_to_be_ahead(alice_client, alice, ready, workspace):
    orders = make_grid(
        personas=[ready.pk], looks=["luxury.yacht"], styles=["natural"], first_seed=1, count=2, engine="embedded"
    )
    batches.start_batch(
        batch=batches.plan_batch(workspace=workspace, name="Later", orders=orders, plan={}, by=alice), by=alice
    )
    page = alice_client.get(CREATE).content.decode()
    assert "before yours" not in page  # what somebody asks for by hand comes first
    assert "about 8 s" in page
    Job.objects.filter(pk=Job.objects.filter(kind="picture").first().pk).update(state="running")
    page = alice_client.get(CREATE).content.decode()
    assert "1 job of this machine is before yours" in page
    assert "about 10 s" in page


def test_stranger_finds_nothing(charlie_client, shoot, made, ready):
    assert charlie_client.get(shoot.get_absolute_url()).status_code == 404
    assert charlie_client.post(reverse("content:cancel_shoot", args=[shoot.pk])).status_code == 404
    for name in ITEM_ACTIONS:
        assert charlie_client.post(reverse(f"content:{name}", args=[made.pk])).status_code == 404
    assert charlie_client.post(CREATE, chosen(ready)).status_code == 200  # his own empty state
    assert Shoot.objects.count() == 1
    assert shoot.persona.name not in charlie_client.get(reverse("content:shoots")).content.decode()


def test_strangers_picture_is_no_recipe(charlie, charlie_client, made):
    persona_with_photos(charlie.workspaces.get(), charlie)
    assert charlie_client.get(f"{CREATE}?from={made.pk}").status_code == 404


def test_viewer_looks_and_makes_nothing(bob, bob_client, set_level, shoot, made, ready):
    set_level(bob, Level.VIEWER)
    assert "role of an editor" in bob_client.get(CREATE).content.decode()
    assert bob_client.post(CREATE, chosen(ready, key="v")).status_code == 403
    assert bob_client.post(reverse("content:cancel_shoot", args=[shoot.pk])).status_code == 403
    for name in ITEM_ACTIONS:
        assert bob_client.post(reverse(f"content:{name}", args=[made.pk])).status_code == 403
    page = bob_client.get(shoot.get_absolute_url()).content.decode()
    assert "cancel-shoot" not in page


def test_visitor_is_asked_to_log_in(client, shoot):
    for url in (CREATE, shoot.get_absolute_url(), reverse("content:shoots")):
        assert "/accounts/login/" in client.get(url).url


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_rows(alice_client, alice, ready):
    one = start_shoot(persona=ready, by=alice, look="lifestyle.travel", count=1)
    urls = [reverse("content:shoots"), CREATE]
    end(one.items.get().job, score=0.9)
    alice_client.get(CREATE)
    before = [queries(alice_client, url) for url in urls]
    single = queries(alice_client, one.get_absolute_url())
    for _ in range(3):
        more = start_shoot(persona=ready, by=alice, look="lifestyle.travel", count=3)
        for item in more.items.all():
            end(item.job, score=0.9)
    assert [queries(alice_client, url) for url in urls] == before
    assert queries(alice_client, more.get_absolute_url()) == single


def test_credits_page_shows_limits_and_plans(alice_client, shoot):
    page = alice_client.get(reverse("billing:credits")).content.decode()
    assert "4 of 50" in page
    assert "0 of 500" in page
    assert all(name in page for name in ("Free", "Creator", "Studio"))
