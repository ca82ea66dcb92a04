"""Posting in the back office: found, read, not changed, and no token on any page."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import User
from personas.services import create_persona
from scheduling.models import Channel, DataDeletion, PostEvent, Publication, PublishAttempt, QuotaUse
from scheduling.tests import makers
from scheduling.tests.rows import SECRET, fill_scheduling

MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "scheduling"), key=lambda one: one.__name__
)


def page(model, view: str, *args) -> str:
    return reverse(f"admin:scheduling_{model._meta.model_name}_{view}", args=args)


@pytest.fixture
def fill():
    def of(user: User, number: int) -> None:
        persona = create_persona(workspace=user.workspaces.first(), name=f"Ada {number}", by=user)
        picture = makers.gallery_item(persona, size=(80, 100)).asset
        fill_scheduling(persona=persona, picture=picture, by=user, number=number)
        QuotaUse.objects.create(bucket=f"youtube:{user.pk}", window=f"2026-11-{number:02}", used=3)
        DataDeletion.objects.create(
            code=f"{user.pk}-{number}", platform="instagram", accounts=1, done_at=timezone.now()
        )

    return of


@pytest.fixture
def root_client(db, client_of):
    return client_of(User.objects.create_superuser("root@example.com", "x"))


def queries(client, model) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(page(model, "changelist")).status_code == 200
    return len(found)


def test_every_model_of_posting_has_its_pages():
    assert len(MODELS) == 17


def test_lists_cost_the_same_for_one_row_and_three(alice, make_user, root_client, fill):
    fill(alice, 1)
    for model in MODELS:
        root_client.get(page(model, "changelist"))
    one = {model: queries(root_client, model) for model in MODELS}
    fill(alice, 2)
    fill(make_user("dora"), 3)
    assert {model: queries(root_client, model) for model in MODELS} == one
    assert max(one.values()) <= 10


def test_rows_have_pages_without_secrets_and_search_works(alice, root_client, fill):
    fill(alice, 1)
    for model in MODELS:
        row = model._default_manager.first()
        answer = root_client.get(page(model, "change", row.pk))
        assert answer.status_code == 200, model
        assert SECRET.encode() not in answer.content, model
        assert b'name="_save"' not in answer.content, model
        if model is Channel:
            assert row.access_token.encode() not in answer.content
        assert root_client.get(page(model, "changelist"), {"q": "alice"}).status_code == 200, model


def test_links_lead_to_lists_that_are_filtered(alice, root_client, fill):
    fill(alice, 1)
    for model, lookup in ((Publication, "channel"), (PostEvent, "post"), (PublishAttempt, "publication")):
        key = getattr(model.objects.first(), f"{lookup}_id")
        found = root_client.get(page(model, "changelist"), {f"{lookup}__id__exact": key})
        assert found.status_code == 200
        assert found.context["cl"].result_count == 1


def test_ledger_can_be_neither_added_nor_changed_nor_deleted(alice, root_client, fill):
    fill(alice, 1)
    for model in (Publication, PublishAttempt, PostEvent, Channel):
        row = model._default_manager.first()
        assert root_client.get(page(model, "add")).status_code == 403
        assert root_client.post(page(model, "change", row.pk), {"state": "scheduled"}).status_code == 403
        assert root_client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert model._default_manager.filter(pk=row.pk).exists()


def test_staff_see_only_rows_of_their_workspaces(alice, charlie, client_of, fill):
    fill(alice, 1)
    fill(charlie, 1)
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    alice.user_permissions.set(Permission.objects.all())
    browser = client_of(User.objects.get(pk=alice.pk))
    for model in MODELS:
        listed = browser.get(page(model, "changelist"))
        assert listed.status_code == 200
        seen = listed.context["cl"].result_count
        assert seen == (0 if model in (QuotaUse, DataDeletion) else 1), model
        foreign = model._default_manager.order_by("-pk").first()
        assert browser.get(page(model, "change", foreign.pk)).status_code == 302, model
