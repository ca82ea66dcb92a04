"""Personas as a whole: make, change, put away, copy, and delete with everything."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from inflio.billing.services import ledger_faults
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas import queries, services
from personas.models import Consent, Persona, Portrait, ReferencePhoto
from personas.tests.makers import end

pytestmark = pytest.mark.django_db


def files() -> list[Path]:
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"name": " "}, "Give the persona"), ({"name": "x" * 81}, "at most"), ({"look": "illustrated"}, "Describe")],
)
def test_create_refuses_what_cannot_be_used(workspace, alice, given, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        services.create_persona(workspace=workspace, by=alice, **{"name": "Ada", **given})
    assert not Persona.objects.exists()


def test_create_twice_with_the_same_key_makes_one(workspace, alice):
    first = services.create_persona(workspace=workspace, name="Ada", by=alice, key="click")
    assert services.create_persona(workspace=workspace, name="Ada", by=alice, key="click") == first
    assert services.create_persona(workspace=workspace, name="Ada", by=alice) != first


def test_new_persona_takes_the_installations_threshold(workspace, alice, settings):
    settings.IDENTITY_THRESHOLD = 0.7
    assert services.create_persona(workspace=workspace, name="Ada", by=alice).identity_threshold == 0.7


def test_update_changes_what_is_given_and_logs_each(persona, alice):
    services.update_persona(persona=persona, by=alice, name="Grace", attributes={"age": 30}, identity_threshold=0.8)
    persona.refresh_from_db()
    assert (persona.name, persona.attributes, persona.identity_threshold) == ("Grace", {"age": 30}, 0.8)
    lines = list(persona.activity.values_list("text", flat=True)[:3])
    assert lines == ["Least likeness set to 0.80", "Character changed", "Renamed from Ada to Grace"]
    services.update_persona(persona=persona, by=alice, name="Grace")
    assert persona.activity.first().text == "Least likeness set to 0.80"


@pytest.mark.parametrize("value", [0.3, 0.99])
def test_least_likeness_has_limits(persona, alice, value):
    with pytest.raises(InvalidInput, match=r"between 0\.5 and 0\.95"):
        services.update_persona(persona=persona, by=alice, identity_threshold=value)


def test_drawn_persona_keeps_a_description(workspace, alice):
    persona = services.draw_persona(workspace=workspace, name="Ada", description="Red hair", by=alice)
    with pytest.raises(InvalidInput, match="drawn from its description"):
        services.update_persona(persona=persona, by=alice, description=" ")


def test_archive_cancels_and_refuses_new_work_until_restored(ready, alice, workspace):
    services.request_portraits(persona=ready, by=alice)
    services.archive_persona(persona=ready, by=alice)
    assert not Job.objects.filter(state__in=Job.OPEN).exists()
    assert queries.gallery(workspace=workspace) == []
    assert queries.gallery(workspace=workspace, archived=True) == [ready]
    with pytest.raises(Conflict, match="Restore it first"):
        services.request_portraits(persona=ready, by=alice)
    services.restore_persona(persona=ready, by=alice)
    assert queries.gallery(workspace=workspace) == [ready]


def test_delete_leaves_no_row_and_no_file(finished, alice, django_capture_on_commit_callbacks):
    end(services.regenerate_portrait(portrait=finished.portraits.first(), by=alice), score=0.95)
    services.regenerate_portrait(portrait=finished.portraits.last(), by=alice)
    assert len(files()) == 11
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_persona(persona=finished)
    for model in (Persona, Asset, ReferencePhoto, Portrait, Consent):
        assert not model.objects.exists()
    assert files() == []
    assert not Job.objects.filter(state__in=Job.OPEN).exists()
    assert not any(Job.objects.values_list("params", flat=True))
    assert ledger_faults() == []


def test_delete_while_running_ends_as_cancelled(ready, alice):
    job = services.request_portraits(persona=ready, by=alice)[0]
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    services.delete_persona(persona=ready)
    assert end(job, score=0.9).state == Job.State.CANCELLED
    assert not Asset.objects.exists()


def test_copy_by_the_one_who_declared_keeps_everything(finished, alice):
    copy = services.duplicate_persona(persona=finished, by=alice)
    assert (copy.name, copy.status, copy.grade) == ("Ada (copy)", Persona.Status.READY, "good")
    assert copy.consents.get().text == finished.consents.get().text
    assert copy.photos.filter(rank__isnull=False, embedding__isnull=False).count() == 5
    assert copy.portraits.filter(asset__isnull=False).count() == 5
    assert copy.avatar.sha256 == finished.avatar.sha256
    assert copy.avatar != finished.avatar
    assert "carried over" in copy.activity.get(text__contains="Consent").text
    assert finished.photos.count() == 5
    assert services.regenerate_portrait(portrait=copy.portraits.first(), by=alice).is_open


def test_copy_by_another_asks_for_consent_again(finished, bob):
    copy = services.duplicate_persona(persona=finished, by=bob)
    assert copy.status == Persona.Status.PENDING_UPLOAD
    assert not copy.consents.exists()
    assert copy.photos.count() == 5
    assert not copy.photos.exclude(embedding=None).exists()
    assert not copy.portraits.exists()


def test_deleting_the_copy_keeps_the_files_of_the_other(finished, alice, django_capture_on_commit_callbacks):
    before = len(files())
    copy = services.duplicate_persona(persona=finished, by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_persona(persona=copy)
    assert len(files()) == before
    assert finished.portraits.filter(asset__isnull=False).count() == 5


def test_copy_of_a_copy_has_a_name_that_fits(workspace, alice):
    persona = services.create_persona(workspace=workspace, name="x" * 80, by=alice)
    assert len(services.duplicate_persona(persona=persona, by=alice).name) == 80
