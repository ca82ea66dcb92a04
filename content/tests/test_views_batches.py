"""The batch screens: review before anything starts, live progress, and nothing for strangers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.batches.orders import Order
from content.models import Batch
from content.services import batches as services
from inflio.accounts.models import Level
from inflio.generation.models import Job
from personas.tests.makers import end

pytestmark = pytest.mark.django_db
NEW = "/batches/new/"
HTMX = {"HTTP_HX_REQUEST": "true"}
FORM = HTMX | {"HTTP_HX_TARGET": "new-batch"}


@pytest.fixture
def batch(workspace, alice, ready) -> Batch:
    orders = [Order(ready.pk, "luxury.yacht", count=2, seed=seed, engine="embedded") for seed in (1, 100, 200)]
    return services.plan_batch(workspace=workspace, name="Summer", orders=orders, plan={"looks": []}, by=alice)


def grid(persona, **changes) -> dict:
    form = {
        "personas": [persona.pk],
        "looks": ["lifestyle.travel", "luxury.yacht"],
        "styles": ["natural"],
        "seeds": 2,
        "count": 1,
        "aspect": "4:5",
        "engine": "embedded",
        "key": "k1",
    }
    return form | changes


def test_a_grid_is_planned_reviewed_and_started(alice_client, ready):
    response = alice_client.post(NEW, grid(ready))
    assert response.status_code == 302
    page = alice_client.get(response.url)
    assert page.context["estimate"].pictures == 4
    assert b"4" in page.content
    assert not Job.objects.filter(kind="picture").exists()
    assert alice_client.post(f"{response.url}start/").status_code == 302
    assert Job.objects.filter(kind="picture").count() == 4
    running = alice_client.get(response.url)
    assert b'hx-trigger="every 2s"' in running.content


def test_a_csv_file_is_planned_and_its_faults_are_all_shown(alice_client, ready):
    good = SimpleUploadedFile("may.csv", b"persona,look,count\nAda,travel,2\nAda,yacht,1\n", "text/csv")
    response = alice_client.post(f"{NEW}?way=file", {"file": good, "engine": "embedded"})
    assert Batch.objects.get().cells.count() == 2
    assert Batch.objects.get().name == "may.csv"
    assert response.status_code == 302
    bad = SimpleUploadedFile("may.csv", b"persona,look\nAda,moon\nEve,travel\n", "text/csv")
    response = alice_client.post(f"{NEW}?way=file", {"file": bad, "engine": "embedded"})
    assert response.status_code == 422
    assert "Line 2" in response.content.decode()
    assert "Line 3" in response.content.decode()
    assert Batch.objects.count() == 1


def test_a_form_without_choices_says_what_is_missing(alice_client, ready):
    response = alice_client.post(NEW, grid(ready, personas=[], looks=[]), **FORM)
    assert response.status_code == 422
    assert b"Choose at least one." in response.content
    assert b'id="new-batch"' in response.content
    assert b"<html" not in response.content


@pytest.mark.parametrize(
    ("url", "sentence"), [(NEW, "Choose at least one."), (f"{NEW}?way=file", "Choose a CSV file.")]
)
def test_without_scripts_a_form_comes_back_on_its_page(alice_client, ready, url, sentence):
    response = alice_client.post(url, {"name": "May"})
    assert response.status_code == 422
    page = response.content.decode()
    assert [words in page for words in ("<html", f'action="{url}"', 'value="May"', sentence)] == [True] * 4


def test_a_short_row_of_a_csv_file_is_named(alice_client, ready):
    short = SimpleUploadedFile("may.csv", b"look,persona\nyacht\ntravel,Ada\n", "text/csv")
    page = alice_client.post(f"{NEW}?way=file", {"file": short, "engine": "embedded"}).content.decode()
    assert "Line 2: there is no persona “”" in page


def test_a_place_that_the_engine_does_not_offer_is_named(alice_client, ready):
    rows = b"persona,look,place\nAda,yacht,The moon\nAda,yacht,Bow at golden hour\n"
    place = SimpleUploadedFile("may.csv", rows, "text/csv")
    page = alice_client.post(f"{NEW}?way=file", {"file": place, "engine": "embedded"}).content.decode()
    assert "Line 2: place “The moon” is none of " in page
    assert "Line 3" not in page


def test_the_highest_first_seed_begins_anew_and_every_set_starts(alice_client, ready):
    highest = 2**31 - 1
    url = alice_client.post(NEW, grid(ready, looks=["luxury.yacht"], seeds=3, first_seed=highest)).url
    alice_client.post(f"{url}start/")
    cells = Batch.objects.get().cells
    assert list(cells.values_list("order__seed", "state")) == [(seed, "running") for seed in (highest, 999, 1999)]


def test_another_one_like_it_starts_with_its_choices(alice_client, ready):
    url = alice_client.post(NEW, grid(ready, styles=["bold"])).url
    page = alice_client.get(f"{NEW}?like={url.strip('/').split('/')[-1]}")
    assert page.context["form"].initial["styles"] == ["bold"]
    assert page.context["chosen_looks"] == {"lifestyle.travel", "luxury.yacht"}


def test_actions_answer_htmx_with_the_fragment(alice_client, batch):
    url = batch.get_absolute_url()
    for action in ("start", "pause", "start", "cancel", "retry"):
        response = alice_client.post(f"{url}{action}/", **HTMX)
        assert response.status_code == 200
        assert b'id="batch-state"' in response.content
    response = alice_client.post(f"{url}delete/", follow=True)
    assert b"Cancel the batch" in response.content


@pytest.mark.parametrize("path", ["", "start/", "pause/", "cancel/", "retry/", "delete/"])
def test_a_stranger_finds_nothing(charlie_client, batch, path):
    url = f"{batch.get_absolute_url()}{path}"
    assert (charlie_client.post(url) if path else charlie_client.get(url)).status_code == 404
    assert charlie_client.get(f"{NEW}?like={batch.pk}").status_code == 404


def test_a_strangers_persona_is_no_choice(charlie_client, ready):
    assert charlie_client.post(NEW, grid(ready)).status_code == 422
    assert not Batch.objects.exists()


def test_a_viewer_looks_and_starts_nothing(bob, bob_client, set_level, batch):
    set_level(bob, Level.VIEWER)
    assert bob_client.get(batch.get_absolute_url()).status_code == 200
    assert bob_client.get(reverse("content:batches")).status_code == 200
    assert bob_client.post(f"{batch.get_absolute_url()}start/").status_code == 403
    assert bob_client.get(NEW).status_code == 403


def test_pages_have_a_fixed_number_of_queries(alice_client, workspace, alice, ready, batch):
    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert alice_client.get(url).status_code == 200
        return len(seen)

    queries("/batches/")  # a session's first page asks more
    services.start_batch(batch=batch, by=alice)
    single = Batch.objects.get(pk=batch.pk)
    before = queries(reverse("content:batches")), queries(single.get_absolute_url())
    for job in Job.objects.filter(kind="picture"):
        end(job, score=0.9)
    services.feed_batches()
    for number in range(3):
        orders = [Order(ready.pk, "luxury.yacht", seed=number)] * 3
        services.plan_batch(workspace=workspace, name=str(number), orders=orders, plan={}, by=alice)
    assert queries(reverse("content:batches")) == before[0]
    assert queries(single.get_absolute_url()) <= before[1]
