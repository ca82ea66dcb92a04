"""The page of the trained model: what it says in each state, who may do what, and a fixed number of queries."""

import pytest

from inflio.generation import runner
from inflio.generation.tests.cloud import work
from inflio.generation.tests.emulators.running import replicate_running
from personas import services
from personas.models import TrainedModel
from personas.tests.makers import analysed, persona_with_photos
from personas.tests.pages import HTMX, address, own_queries, said

pytestmark = pytest.mark.django_db
ACTIONS = ("train_model", "cancel_training")


@pytest.fixture
def cloud(monkeypatch, settings):
    with replicate_running(monkeypatch, settings) as emulator:
        yield emulator


@pytest.fixture
def twelve(workspace, alice):
    return analysed(persona_with_photos(workspace, alice, count=12, outside=True))


def test_page_explains_and_offers_it(cloud, alice_client, twelve):
    page = alice_client.get(address("training", twelve)).content.decode()
    assert "Train the model · 75 credits" in page
    assert "sent to Replicate" in page
    assert "disabled" not in page.split('id="train-model"')[1].split(">")[0]


def test_what_is_in_the_way_is_said_with_a_link(alice_client, ready, alice, cloud):
    services.allow_outside_engines(persona=ready, by=alice)
    page = alice_client.get(address("training", ready)).content.decode()
    assert "5 more are missing" in page
    assert "Go to the photos" in page
    assert "disabled" in page.split('id="train-model"')[1].split(">")[0]


def test_missing_key_leads_to_the_engines(alice_client, twelve, settings):
    settings.PROVIDER_KEYS = {}
    assert "Go to the engines" in alice_client.get(address("training", twelve)).content.decode()


def test_start_shows_the_progress_and_asks_again_until_it_is_over(cloud, alice_client, twelve):
    cloud.polls_needed = 4
    fragment = alice_client.post(address("train_model", twelve), {"key": "k"}, **HTMX).content.decode()
    assert 'hx-trigger="every 3s"' in fragment
    runner.run_next("default")
    page = alice_client.get(address("training", twelve)).content.decode()
    assert "Step 250 of 1000" in page
    work()
    page = alice_client.get(address("training", twelve)).content.decode()
    assert "hx-trigger" not in page.split('id="training"')[1].split(">")[0]
    assert TrainedModel.objects.get().trigger_word in page


def test_double_click_trains_once(cloud, alice_client, twelve):
    for _ in range(2):
        assert alice_client.post(address("train_model", twelve), {"key": "same"}).status_code == 302
    assert TrainedModel.objects.count() == 1


def test_refusal_is_told_on_the_page(alice_client, ready, alice, cloud):
    services.allow_outside_engines(persona=ready, by=alice)
    response = alice_client.post(address("train_model", ready), {"key": "k"})
    assert (response.status_code, response.url) == (302, address("training", ready))
    assert "5 more are missing" in said(response)


def test_cancel_and_retry_from_the_page(cloud, alice_client, twelve, alice):
    trained = services.train_model(persona=twelve, by=alice)
    alice_client.post(address("cancel_training", twelve))
    work()
    trained.refresh_from_db()
    assert trained.status == "cancelled"
    assert "Try again" in alice_client.get(address("training", twelve)).content.decode()
    alice_client.post(address("retry_training", twelve, trained.pk))
    assert TrainedModel.objects.count() == 2


def test_stranger_finds_nothing(cloud, charlie_client, twelve, alice):
    trained = services.train_model(persona=twelve, by=alice)
    assert charlie_client.get(address("training", twelve)).status_code == 404
    for action in ACTIONS:
        assert charlie_client.post(address(action, twelve)).status_code == 404
    assert charlie_client.post(address("retry_training", twelve, trained.pk)).status_code == 404


def test_viewer_may_look_and_not_act(cloud, bob_client, bob, twelve, set_level):
    set_level(bob, 10)
    page = bob_client.get(address("training", twelve)).content.decode()
    assert 'id="train-model"' not in page
    assert bob_client.post(address("train_model", twelve)).status_code == 403


def test_page_takes_the_same_queries_for_one_and_three_trainings(cloud, alice_client, twelve, alice):
    def end_one(number: int) -> int:
        cloud.order("result", "failed")
        services.train_model(persona=twelve, by=alice, key=str(number))
        work()
        return own_queries(alice_client, address("training", twelve))

    first = end_one(1)
    end_one(2)
    assert end_one(3) == first
