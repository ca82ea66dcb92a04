"""Personas in the back office: usable pages, scoped to one's workspaces, changes by the services."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from inflio.generation.models import Job
from inflio.media.models import Asset
from personas import services
from personas.models import Persona
from personas.tests.pages import own_queries

pytestmark = pytest.mark.django_db
LIST_QUERIES = 4  # rows, their number, first and last date, dates to choose from
MODELS = ("persona", "consent", "referencephoto", "portrait", "activityentry")


def staff(user, **flags):
    user.is_staff = True
    for name, value in flags.items():
        setattr(user, name, value)
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=("personas", "media")))
    return user


@pytest.fixture
def root_client(alice, client_of):
    return client_of(staff(alice, is_superuser=True))


def page(model: str, name: str = "changelist", *args) -> str:
    return reverse(f"admin:personas_{model}_{name}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_list_and_row_can_be_opened_and_searched(root_client, finished, model):
    rows = root_client.get(page(model), {"q": "Ada"})
    assert rows.status_code == 200
    first = rows.context["cl"].result_list[0]
    assert root_client.get(page(model, "change", first.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_staff_see_only_their_workspaces(finished, charlie, bob, client_of, model):
    stranger, member = client_of(staff(charlie)), client_of(staff(bob))
    row = member.get(page(model)).context["cl"].result_list[0]
    assert list(stranger.get(page(model)).context["cl"].result_list) == []
    assert stranger.get(page(model, "change", row.pk)).status_code == 302


@pytest.mark.parametrize("model", MODELS[1:])
def test_records_cannot_be_changed(root_client, finished, model):
    row = root_client.get(page(model)).context["cl"].result_list[0]
    assert root_client.get(page(model, "add")).status_code == 403
    assert root_client.post(page(model, "change", row.pk), {}).status_code == 403
    assert root_client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_measurements_are_shown_nowhere(root_client, finished):
    photo = finished.photos.first()
    assert "embedding" not in root_client.get(page("referencephoto", "change", photo.pk)).content.decode()


def test_change_is_logged_by_the_service(root_client, ready, alice):
    form = {"name": "Grace", "description": "", "attributes": "{}", "identity_threshold": "0.8"}
    for prefix in ("portraits", "photos", "consents"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert root_client.post(page("persona", "change", ready.pk), form).status_code == 302
    ready.refresh_from_db()
    assert (ready.name, ready.identity_threshold) == ("Grace", 0.8)
    assert ready.activity.first().user == alice


def test_delete_takes_everything_with_it(root_client, finished):
    url = page("persona", "delete", finished.pk)
    assert "Ada" in root_client.get(url).content.decode()
    root_client.post(url, {"post": "yes"})
    assert not Persona.objects.exists()
    assert not Asset.objects.exists()


def test_actions_call_the_services_and_say_what_failed(root_client, finished):
    def act(name: str) -> str:
        data = {"action": name, "_selected_action": [finished.pk]}
        return root_client.post(page("persona"), data, follow=True).content.decode()

    assert "gets its portraits" in act("make_portraits")
    assert "being made already" in act("make_portraits")
    assert "is archived" in act("archive")
    assert not Job.objects.filter(state__in=Job.OPEN).exists()
    assert "Restore it first" in act("analyse")
    assert "is restored" in act("restore")
    assert "may not be used any more" in act("withdraw_consent")
    assert "no consent in force" in act("withdraw_consent")
    data = {"action": "delete_selected", "_selected_action": [finished.pk], "post": "yes"}
    root_client.post(page("persona"), data)
    assert not Persona.objects.exists()


def test_persona_list_takes_the_same_queries_for_one_and_three(root_client, finished, alice):
    assert own_queries(root_client, page("persona")) == LIST_QUERIES
    for _ in range(2):
        services.duplicate_persona(persona=finished, by=alice)
    assert own_queries(root_client, page("persona")) == LIST_QUERIES
