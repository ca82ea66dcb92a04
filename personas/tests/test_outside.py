"""Photos go to other companies only where the consent says so, and no longer once that is stopped."""

import pytest

from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict
from inflio.generation import runner
from inflio.generation import services as generation
from inflio.generation.engines import PROVIDERS
from inflio.generation.models import Job
from inflio.generation.tests.cloud import ledger, work
from inflio.generation.tests.emulators.running import replicate_running
from personas import consent_text, queries, services
from personas.models import Consent, Persona, ProviderErasure, TrainedModel
from personas.services.outside import refuse_outside
from personas.tests.makers import analysed, declare, end, persona_with_photos

pytestmark = pytest.mark.django_db
ALL = frozenset(PROVIDERS)


@pytest.fixture
def cloud(monkeypatch, settings):
    with replicate_running(monkeypatch, settings) as emulator:
        yield emulator


@pytest.fixture
def twelve(workspace, alice):
    """A persona with twelve good photos that may be sent to other companies."""
    return analysed(persona_with_photos(workspace, alice, count=12, outside=True))


def order(persona, *, engine: str = "fal_nano_banana_2", key: str = "") -> Job:
    """A picture of a persona, as the Create page asks for it."""
    return generation.create_job(
        workspace=persona.workspace,
        kind="picture",
        engine=engine,
        title="Ada",
        subject=persona.reference,
        params={"prompt": "on a boat", "seed": 3, "aspect": "1:1"},
        pictures=queries.reference_assets(persona),
        idempotency_key=key,
    )


def available(persona) -> int:
    return CreditAccount.objects.get(workspace=persona.workspace).available


def test_plain_consent_allows_no_other_company(ready):
    consent = ready.consents.get()
    assert (consent.outside_at, consent.outside_text, queries.companies_allowed(ready)) == (None, "", frozenset())


def test_ticked_consent_records_who_when_and_which_words(workspace, alice):
    persona = persona_with_photos(workspace, alice, outside=True)
    consent = persona.consents.get()
    assert consent.outside_at >= consent.declared_at
    assert (consent.outside_by, consent.outside_text_version) == (alice, consent_text.OUTSIDE_VERSION)
    assert consent.outside_text == consent_text.outside_text(["fal", "Replicate", "Google Gemini"])
    assert "fal, Replicate, Google Gemini" in consent.outside_text
    assert queries.companies_allowed(persona) == ALL
    assert "fal, Replicate, Google Gemini" in persona.activity.first().text


def test_allowing_later_counts_once(ready, alice):
    first = services.allow_outside_engines(persona=ready, by=alice)
    again = services.allow_outside_engines(persona=ready, by=alice)
    assert (first.outside_at, again.pk) == (again.outside_at, first.pk)
    assert ready.activity.filter(text__startswith="Photos may be sent").count() == 1
    assert queries.companies_allowed(ready) == ALL


def test_only_who_declared_the_consent_may_widen_it(ready, bob):
    with pytest.raises(Conflict, match="Alice declared this consent") as refused:
        services.allow_outside_engines(persona=ready, by=bob)
    assert refused.value.code == "not_declarer"
    assert queries.companies_allowed(ready) == frozenset()


def test_company_that_was_not_named_is_not_covered_until_allowed_again(ready, alice):
    consent = services.allow_outside_engines(persona=ready, by=alice)
    consent.outside_providers = ["fal"]
    consent.save()
    refuse_outside(ready, "fal_nano_banana_2")
    with pytest.raises(Conflict, match="Google Gemini is another company"):
        refuse_outside(ready, "gemini")
    services.allow_outside_engines(persona=ready, by=alice)
    refuse_outside(ready, "gemini")


def test_without_a_consent_there_is_nothing_to_allow_or_stop(workspace, alice):
    persona = persona_with_photos(workspace, alice, consent=False)
    for service in (services.allow_outside_engines, services.stop_outside_engines):
        with pytest.raises(Conflict, match="First declare"):
            service(persona=persona, by=alice)


@pytest.mark.parametrize("engine", ["fal_nano_banana_2", "flux_lora", "flux_training", "gemini"])
def test_engine_of_another_company_is_refused_before_any_credit(cloud, ready, engine):
    before = available(ready)
    with pytest.raises(Conflict, match="under Consent") as refused:
        order(ready, engine=engine)
    assert (refused.value.code, available(ready)) == ("no_outside_consent", before)
    assert not Job.objects.exclude(kind="analysis").exists()
    services.refuse_unready(ready, engine="embedded")


def test_training_is_refused_and_the_page_knows_why(cloud, workspace, alice):
    persona = analysed(persona_with_photos(workspace, alice, count=12))
    with pytest.raises(Conflict, match="Replicate is another company"):
        services.train_model(persona=persona, by=alice)
    assert services.training_obstacle(persona).code == "no_outside_consent"
    services.allow_outside_engines(persona=persona, by=alice)
    assert services.training_obstacle(persona) is None


def test_sample_and_drawn_personas_need_no_permission(workspace, alice):
    sample = persona_with_photos(workspace, alice, consent=False)
    services.declare_consent(persona=sample, by=alice, face=Consent.Face.SAMPLE, outside=True)
    drawn = services.create_persona(
        workspace=workspace, name="Lin", description="Round glasses", look=Persona.Look.ILLUSTRATED, by=alice
    )
    assert (queries.companies_allowed(sample), queries.companies_allowed(drawn)) == (ALL, ALL)
    assert sample.consents.get().outside_at is None  # nothing was declared: nothing had to be
    with pytest.raises(Conflict, match="public domain"):
        services.stop_outside_engines(persona=sample, by=alice)


def test_stopping_cancels_what_waits_in_line_and_leaves_our_own_work(workspace, alice, settings):
    settings.PROVIDER_KEYS = {"fal": "a-key-for-tests", "gemini": "a-key-for-tests"}
    persona = analysed(persona_with_photos(workspace, alice, outside=True))
    before = available(persona)
    theirs = [order(persona), order(persona, engine="gemini")]
    ours = services.request_portraits(persona=persona, by=alice)
    services.stop_outside_engines(persona=persona, by=alice)
    assert {Job.objects.get(pk=job.pk).state for job in theirs} == {"cancelled"}
    assert {Job.objects.get(pk=job.pk).state for job in ours} == {"queued"}
    assert available(persona) == before - sum(job.cost for job in ours)
    assert queries.companies_allowed(persona) == frozenset()


def test_stopping_ends_what_the_company_works_on(cloud, twelve, alice):
    cloud.polls_needed = 99
    services.train_model(persona=twelve, by=alice)
    runner.run_next("default")
    job = Job.objects.get(kind="training")
    assert job.is_open
    assert job.calls.filter(state="sent").exists()
    services.stop_outside_engines(persona=twelve, by=alice)
    work()
    job.refresh_from_db()
    assert (job.state, ledger(job)[1]) == ("cancelled", ("refund", 75))
    assert {row["status"] for row in cloud.work.values()} == {"canceled"}
    assert TrainedModel.objects.get().status == "deleted"
    services.run_erasure(ProviderErasure.objects.get().pk)
    assert (cloud.files, cloud.models) == ({}, {})


def test_training_that_ends_after_the_stop_leaves_no_model(cloud, twelve, alice):
    services.train_model(persona=twelve, by=alice)
    Consent.objects.update(outside_at=None)  # as if the cancel came too late for the company
    work()
    assert TrainedModel.objects.get().status == "deleted"
    assert ProviderErasure.objects.exists()


def test_stopping_deletes_the_trained_model_and_says_so_once(cloud, twelve, alice):
    services.train_model(persona=twelve, by=alice)
    work()
    for _ in range(2):
        consent = services.stop_outside_engines(persona=twelve, by=alice)
    assert (consent.outside_at, bool(consent.outside_text)) == (None, True)
    assert TrainedModel.objects.get().status == "deleted"
    assert (ProviderErasure.objects.count(), queries.model_params(twelve)) == (1, {})
    lines = twelve.activity.filter(text__contains="no longer sent to other companies")
    assert [line.text.split("; ")[1] for line in lines] == ["the trained model is being deleted at its provider"]
    twelve.refresh_from_db()
    assert twelve.status == Persona.Status.READY  # our own engines go on


def test_nobody_uses_a_stopped_persona_by_trying_again(workspace, alice, settings):
    settings.PROVIDER_KEYS = {"fal": "a-key-for-tests"}
    persona = analysed(persona_with_photos(workspace, alice, outside=True))
    failed = end(order(persona), state="failed", code="x", message="It broke.")
    services.stop_outside_engines(persona=persona, by=alice)
    before = available(persona)
    with pytest.raises(Conflict, match="fal is another company"):
        generation.retry_job(job=failed, by=alice)
    assert (available(persona), failed.retries.count()) == (before, 0)
    services.allow_outside_engines(persona=persona, by=alice)
    assert generation.retry_job(job=failed, by=alice).is_open


def test_nobody_uses_a_withdrawn_face_by_trying_again(persona, alice):
    analysis = services.start_analysis(persona=persona, by=alice)
    services.withdraw_consent(persona=persona, by=alice)
    with pytest.raises(Conflict, match="without consent no photo is analysed"):
        generation.retry_job(job=Job.objects.get(pk=analysis.pk), by=alice)
    declare(persona, alice)
    picture = services.request_portraits(persona=analysed(persona), by=alice)[0]
    services.withdraw_consent(persona=persona, by=alice)
    with pytest.raises(Conflict, match="no consent for this face"):
        generation.retry_job(job=Job.objects.get(pk=picture.pk), by=alice)


def test_withdrawing_the_consent_ends_it_too(twelve, alice):
    services.withdraw_consent(persona=twelve, by=alice)
    assert queries.companies_allowed(twelve) == frozenset()
    assert (twelve.consents.get().outside_at, bool(twelve.consents.get().outside_text)) == (None, True)
    declare(twelve, alice)
    assert queries.companies_allowed(twelve) == frozenset()  # it has to be ticked again


def test_copy_keeps_it_for_the_declarer_only(twelve, alice, bob):
    assert queries.companies_allowed(services.duplicate_persona(persona=twelve, by=alice)) == ALL
    assert queries.companies_allowed(services.duplicate_persona(persona=twelve, by=bob)) == frozenset()


def test_persona_of_another_workspace_is_nobodys_subject(ready, charlie):
    assert queries.persona_of_subject(ready.workspace, ready.reference) == ready
    assert queries.persona_of_subject(charlie.workspaces.get(), ready.reference) is None
