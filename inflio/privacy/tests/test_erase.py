"""After an account is deleted nothing of it is left: no row, no file, no session."""

import io

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db.models import CASCADE
from PIL import Image

from content.tests.rows import fill_content
from inflio.accounts import services as accounts
from inflio.accounts.models import Invitation, Level, Membership, User, Workspace
from inflio.billing.models import CreditEntry
from inflio.billing.services import grant_credits, reserve_credits
from inflio.common.crypto import unseal
from inflio.common.errors import Conflict
from inflio.generation.keys import save_key
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media import thumbnails
from inflio.media.models import Asset
from inflio.notices.services import choose_mail, notify
from inflio.privacy import erase
from personas.models import ActivityEntry, Consent, Persona, Portrait, ProviderErasure, ReferencePhoto, TrainedModel
from personas.services import create_persona, declare_consent
from personas.services.erasure import PURPOSE
from scheduling.models import Channel, ConnectState, Publication
from scheduling.tests.rows import fill_scheduling

pytestmark = pytest.mark.django_db


def make_asset(workspace: Workspace, colour: str) -> Asset:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(out, "JPEG")
    file = media.store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=60, height=80
    )
    return media.create_asset(workspace=workspace, file=file, source=Asset.Source.UPLOAD)


def fill(user: User) -> Persona:
    """One row of everything in the user's workspace, as a used account has it."""
    workspace = user.workspaces.get()
    persona = create_persona(workspace=workspace, name="Ada", by=user)
    declare_consent(persona=persona, by=user, face=Consent.Face.OWN, outside=True)
    photo, picture = make_asset(workspace, "teal"), make_asset(workspace, "gold")
    thumbnails.thumbnail(photo, 160)
    ReferencePhoto.objects.create(persona=persona, asset=photo, upload_sha256="0" * 64, embedding=b"1234")
    job = Job.objects.create(
        workspace=workspace,
        kind="portrait",
        engine="embedded",
        cluster="gpu",
        title="A portrait",
        subject=persona.reference,
        idempotency_key="key",
        cost=1,
        created_by=user,
    )
    job.assets.add(picture)
    job.pictures.add(photo)
    job.calls.create(workspace=workspace, slot="picture:0", provider="fal", endpoint="fal-ai/x", usd_expected="0.15")
    TrainedModel.objects.create(
        persona=persona,
        provider="replicate",
        status="ready",
        trigger_word=f"user_{workspace.pk}_trigger",
        model_name=f"inflio-persona-{persona.pk}",
        owner="inflio",
        steps=1000,
        photo_count=12,
    )
    save_key(workspace=workspace, provider="fal", key="a-key-of-alice-s", by=user)
    reserve_credits(workspace=workspace, amount=1, reference=job.reference, reason=job.title, by=user)
    Portrait.objects.create(persona=persona, scenario="headshot", asset=picture, job=job)
    Persona.objects.filter(pk=persona.pk).update(avatar=picture, analysis=job)
    fill_content(persona=persona, job=job, picture=picture, by=user)
    fill_scheduling(persona=persona, picture=picture, by=user)
    accounts.make_api_key(user=user, workspace=workspace, name="Phone")
    notify(workspace=workspace, kind="post_failed", title="A post did not go out")
    choose_mail(user=user, workspace=workspace, mail="all")
    user.emailaddress_set.create(email=user.email, primary=True)
    return persona


def tables_of_a_workspace() -> dict:
    """Every model whose rows end with a workspace, and the path that leads from it to the workspace."""
    found = {Workspace: "pk"}
    waiting = [Workspace]
    while waiting:
        target = waiting.pop()
        for relation in target._meta.related_objects:
            model = relation.related_model
            if relation.on_delete is CASCADE and model not in found:
                path = found[target] if target is not Workspace else ""
                found[model] = f"{relation.field.name}__{path}" if path else relation.field.name
                waiting.append(model)
    return found


def files() -> list[str]:
    root = settings.STORAGES["default"]["OPTIONS"]["location"]
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


def test_every_table_of_a_workspace_is_known_to_these_tests():
    assert {model._meta.label for model in tables_of_a_workspace()} == {
        "accounts.ApiKey",
        "accounts.Invitation",
        "accounts.Membership",
        "accounts.Workspace",
        "billing.CreditAccount",
        "billing.CreditEntry",
        "content.Batch",
        "content.BatchCell",
        "content.Board",
        "content.BoardItem",
        "content.ContentItem",
        "content.Message",
        "content.Shoot",
        "content.Tag",
        "content.Thread",
        "generation.Job",
        "generation.ProviderCall",
        "generation.ProviderKey",
        "media.Asset",
        "notices.Notice",
        "personas.ActivityEntry",
        "personas.Consent",
        "personas.Persona",
        "personas.Portrait",
        "personas.ReferencePhoto",
        "personas.TrainedModel",
        "scheduling.Channel",
        "scheduling.Metric",
        "scheduling.OccurrenceChange",
        "scheduling.PageAddress",
        "scheduling.Post",
        "scheduling.PostEvent",
        "scheduling.PostMedia",
        "scheduling.PostTarget",
        "scheduling.Publication",
        "scheduling.PublishAttempt",
        "scheduling.Review",
        "scheduling.ReviewLink",
        "scheduling.SchedulingSettings",
        "scheduling.Slot",
    }


def test_delete_account_leaves_no_row_and_no_file(alice, charlie, membership_of, django_capture_on_commit_callbacks):
    fill(alice)
    workspace = alice.workspaces.get()
    accounts.invite_member(workspace=workspace, email="dan@example.com", level=Level.VIEWER, by=membership_of(alice))
    for model, path in tables_of_a_workspace().items():
        assert model._base_manager.filter(**{path: workspace.pk}).exists(), f"{model} is not filled"
    assert files()
    with django_capture_on_commit_callbacks(execute=True):
        erase.delete_account(user=alice)
    for model, path in tables_of_a_workspace().items():
        assert not model._base_manager.filter(**{path: workspace.pk}).exists(), model
    assert files() == []
    assert list(User.objects.values_list("email", flat=True)) == [charlie.email]
    assert charlie.workspaces.exists()


def test_delete_account_ends_every_session(alice, client_of):
    browsers = [client_of(alice), client_of(alice)]
    for browser in browsers:
        assert browser.get("/profile/").status_code == 200
    erase.delete_account(user=alice)
    assert [browser.get("/profile/").status_code for browser in browsers] == [302, 302]
    assert not Session.objects.exists()


def test_delete_account_keeps_what_was_done_for_others_without_the_name(workspace, alice, bob):
    persona = create_persona(workspace=workspace, name="Ada", by=bob)
    grant_credits(workspace=workspace, amount=5, reason="Thanks", by=bob)
    erase.delete_account(user=bob)
    persona.refresh_from_db()
    assert persona.created_by is None
    assert ActivityEntry.objects.get(persona=persona).user is None
    assert CreditEntry.objects.latest("pk").created_by is None
    assert list(Membership.objects.values_list("user__email", flat=True)) == [alice.email]


def test_delete_account_forgets_invitations_to_the_address(workspace, alice, charlie, membership_of):
    accounts.invite_member(workspace=workspace, email=charlie.email, level=Level.VIEWER, by=membership_of(alice))
    erase.delete_account(user=charlie)
    assert not Invitation.objects.exists()


def test_delete_account_of_an_only_owner_with_members_is_refused(workspace, alice, bob):
    fill(alice)
    with pytest.raises(Conflict, match="Alice's studio has other members. Hand it over"):
        erase.delete_account(user=alice)
    assert Job.objects.get().state == Job.State.QUEUED
    assert User.objects.filter(pk=alice.pk).exists()


def test_delete_account_of_one_of_two_owners_leaves_the_workspace(workspace, alice, bob, set_level):
    set_level(bob, Level.OWNER)
    fill(alice)
    erase.delete_account(user=alice)
    assert Persona.objects.get().workspace == workspace
    assert list(workspace.members.all()) == [bob]


def test_delete_account_waits_for_a_running_job_and_then_deletes_nothing(alice, monkeypatch):
    fill(alice)
    Job.objects.update(state=Job.State.RUNNING, lease_token="held", lease_until="2100-01-01T00:00Z")
    monkeypatch.setattr(erase, "STOP_SECONDS", 0.3)
    with pytest.raises(Conflict, match="still being made"):
        erase.delete_account(user=alice)
    assert Job.objects.get().cancel_requested
    assert Persona.objects.exists()
    assert default_storage.exists(Asset.objects.first().name)


def test_delete_account_does_not_wait_for_a_worker_that_is_dead(alice):
    fill(alice)
    Job.objects.update(state=Job.State.RUNNING, lease_token="held", lease_until="2020-01-01T00:00Z")
    erase.delete_account(user=alice)
    assert not Job.objects.exists()


def test_trained_model_is_still_deleted_at_its_provider_after_the_account_is_gone(make_user, settings):
    settings.PROVIDER_KEYS = {"replicate": "r8_key_of_the_installation"}
    user = make_user("dora")
    persona = fill(user)
    erase.delete_account(user=user)
    left = ProviderErasure.objects.get()
    assert (left.owner, left.model_name, left.state) == ("inflio", f"inflio-persona-{persona.pk}", "queued")
    assert unseal(left.sealed_key, purpose=PURPOSE) == "r8_key_of_the_installation"


def test_delete_account_ends_what_is_scheduled_and_waits_for_what_goes_out(alice, monkeypatch):
    fill(alice)
    waiting = Publication.objects.get()
    Publication.objects.update(state="publishing", lease_token="held", lease_until="2100-01-01T00:00Z")
    monkeypatch.setattr(erase, "STOP_SECONDS", 0.3)
    with pytest.raises(Conflict, match="going out right now"):
        erase.delete_account(user=alice)
    assert Channel.objects.get().access_token
    Publication.objects.update(state="scheduled", lease_until=None)
    erase.delete_account(user=alice)
    assert not Publication.objects.filter(pk=waiting.pk).exists()
    assert not Channel.objects.exists()
    assert not ConnectState.objects.exists()
