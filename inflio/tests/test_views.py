"""The pages that join the apps: landing, dashboard, health, and the headers all of them carry."""

import pytest
from django.urls import reverse

from personas.models import Persona

pytestmark = pytest.mark.django_db
PAGED = (
    "billing:credits",
    "content:batches",
    "content:gallery",
    "content:shoots",
    "content:threads",
    "generation:jobs",
    "notices:notices",
    "personas:gallery",
    "scheduling:insights",
    "scheduling:posts",
)


def test_landing_shows_five_portraits_with_their_measured_scores(client):
    page = client.get(reverse("landing"))
    assert page.status_code == 200
    assert [portrait["score"] >= 0.85 for portrait in page.context["portraits"]] == [True] * 5


def test_dashboard_of_a_new_user_leads_to_the_first_persona(alice_client):
    page = alice_client.get(reverse("dashboard")).content.decode()
    assert reverse("personas:new") in page


def test_dashboard_shows_nothing_of_another_workspace(alice_client, charlie):
    Persona.objects.create(workspace=charlie.workspaces.get(), name="Zenobia")
    assert "Zenobia" not in alice_client.get(reverse("dashboard")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_dashboard_takes_the_same_queries(alice_client, workspace, count, django_assert_num_queries):
    for number in range(count):
        Persona.objects.create(workspace=workspace, name=f"Ada {number}")
    alice_client.get(reverse("dashboard"))
    with django_assert_num_queries(8):
        alice_client.get(reverse("dashboard"))


def test_dashboard_asks_a_guest_to_log_in(client):
    assert client.get(reverse("dashboard")).url == "/accounts/login/?next=/dashboard"


def test_health_answers_without_a_log_in(client):
    assert client.get(reverse("health")).json() == {"status": "ok"}


def test_every_page_forbids_foreign_scripts_and_frames(client):
    policy = client.get(reverse("landing"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("before", ["²", "٣", "-1", "\0", "9" * 19, "9" * 4400], ids=lambda text: ascii(text)[:8])
def test_page_after_what_is_no_key_is_the_first_one(alice_client, name, before):
    assert alice_client.get(reverse(name), {"before": before}).status_code == 200
