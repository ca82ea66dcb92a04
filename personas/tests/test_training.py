"""Trained models: who may train, what it costs, how it ends, and that nothing stays at the provider afterwards."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput, NotEnoughCredits
from inflio.generation import runner
from inflio.generation import services as generation
from inflio.generation.keys import NeedsKey
from inflio.generation.models import Job
from inflio.generation.tests.cloud import ledger, work
from inflio.generation.tests.emulators.running import replicate_running
from inflio.queue.leases import db_now
from personas import queries, services
from personas.models import ProviderErasure, TrainedModel
from personas.services import erasure
from personas.tests.makers import analysed, declare, persona_with_photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloud(monkeypatch, settings):
    with replicate_running(monkeypatch, settings) as emulator:
        yield emulator


@pytest.fixture
def twelve(workspace, alice):
    """A persona with twelve good photos."""
    return analysed(persona_with_photos(workspace, alice, count=12, outside=True))


def train(persona, alice, *, finish: bool = True) -> TrainedModel:
    trained = services.train_model(persona=persona, by=alice)
    if finish:
        work()
    else:
        runner.run_next("default")
    return TrainedModel.objects.select_related("job").get(pk=trained.pk)


def sweep(times: int = 3) -> None:
    """Let workers and time do what they do: every erasure is due, and its proof is old enough."""
    for _ in range(times):
        ProviderErasure.objects.update(available_at=db_now())
        ProviderErasure.objects.exclude(gone_at=None).update(gone_at=db_now() - timedelta(seconds=601))
        for pk in ProviderErasure.objects.filter(state="queued").values_list("pk", flat=True):
            services.run_erasure(pk)


def test_training_makes_a_private_model_and_a_word_for_the_person(cloud, twelve, alice):
    trained = train(twelve, alice)
    assert (trained.status, trained.photo_count, trained.steps) == ("ready", 12, 1000)
    sent = cloud.effects[0].input
    assert (sent["trigger_word"], sent["steps"], sent["lora_rank"]) == (trained.trigger_word, 1000, 16)
    assert trained.trigger_word.startswith("user_")
    assert trained.trigger_word.endswith("_trigger")
    assert list(cloud.models) == [f"inflio/{trained.model_name}"]
    assert trained.version.startswith(f"inflio/{trained.model_name}:")
    assert ledger(trained.job) == [("reserve", -75), ("capture", 0)]
    assert cloud.files == {}  # the photos do not stay
    assert queries.model_params(twelve) == {
        "trained_model": {"version": trained.version, "trigger_word": trained.trigger_word}
    }


def test_pictures_are_made_with_the_model(cloud, twelve, alice):
    trained = train(twelve, alice)
    job = generation.create_job(
        workspace=twelve.workspace,
        kind="picture",
        engine="flux_lora",
        title="Ada",
        subject=twelve.reference,
        params={"prompt": "on a boat", "seed": 3, "aspect": "1:1", **queries.model_params(twelve)},
        count=4,
    )
    work()
    job.refresh_from_db()
    assert (job.state, job.assets.count()) == ("done", 4)
    assert trained.trigger_word in cloud.effects[-1].input["prompt"]


def test_progress_is_read_from_the_log_and_survives_a_reload(cloud, twelve, alice):
    cloud.polls_needed = 4
    trained = train(twelve, alice, finish=False)
    assert (trained.status, trained.shown_status) == ("queued", "training")
    assert trained.job.findings == {"step": 250, "steps": 1000}
    page = queries.training_page(twelve, now=db_now())
    assert (page.step, page.live.job.stage) == (250, "Step 250 of 1000")


@pytest.mark.parametrize(("count", "words"), [(5, "5 more are missing"), (9, "1 more is missing")])
def test_too_few_good_photos_are_counted_for_the_user(cloud, workspace, alice, count, words):
    persona = analysed(persona_with_photos(workspace, alice, count=count, outside=True))
    with pytest.raises(InvalidInput, match=words):
        services.train_model(persona=persona, by=alice)
    assert not Job.objects.filter(kind="training").exists()


def test_no_more_than_fifteen_photos_are_sent(cloud, workspace, alice):
    persona = analysed(persona_with_photos(workspace, alice, count=17, outside=True))
    assert services.train_model(persona=persona, by=alice).job.pictures.count() == 15


def test_without_consent_key_or_credits_nothing_begins(cloud, twelve, alice, settings):
    CreditAccount.objects.update(available=3)
    with pytest.raises(NotEnoughCredits):
        services.train_model(persona=twelve, by=alice)
    CreditAccount.objects.update(available=100)
    settings.PROVIDER_KEYS = {}
    with pytest.raises(NeedsKey):
        services.train_model(persona=twelve, by=alice)
    services.withdraw_consent(persona=twelve, by=alice)
    with pytest.raises(Conflict, match="no consent"):
        services.train_model(persona=twelve, by=alice)
    assert not TrainedModel.objects.exists()


def test_one_at_a_time_and_the_same_click_once(cloud, twelve, alice):
    first = services.train_model(persona=twelve, by=alice, key="click")
    assert services.train_model(persona=twelve, by=alice, key="click") == first
    with pytest.raises(Conflict, match="already"):
        services.train_model(persona=twelve, by=alice, key="other")


def test_plan_allows_one_in_24_hours_and_says_when_the_next_may_start(cloud, twelve, alice):
    trained = train(twelve, alice)
    CreditAccount.objects.update(available=200)
    with pytest.raises(Conflict, match="1 training in 24 hours. The next one can start in 24 hours"):
        services.train_model(persona=twelve, by=alice)
    TrainedModel.objects.filter(pk=trained.pk).update(created_at=db_now() - timedelta(hours=24, seconds=1))
    again = services.train_model(persona=twelve, by=alice)
    assert again.model_name == trained.model_name  # a new version of the persona's one model


def test_failed_training_gives_back_and_does_not_count(cloud, twelve, alice):
    cloud.order("result", "failed")
    trained = train(twelve, alice)
    assert (trained.status, trained.counts, ledger(trained.job)[1]) == ("failed", False, ("refund", 75))
    assert "CUDA out of memory" in trained.reason
    again = services.retry_training(trained=trained, by=alice)
    assert services.retry_training(trained=trained, by=alice) == again
    work()
    again.refresh_from_db()
    assert (again.status, len(cloud.effects)) == ("ready", 2)


def test_page_of_jobs_leads_back_to_the_check(cloud, twelve, alice):
    cloud.order("result", "failed")
    with pytest.raises(Conflict, match="under Trained model"):
        generation.retry_job(job=train(twelve, alice).job)


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "hang_after", "garbled_after"])
def test_lost_answer_is_found_by_the_upload_and_never_sent_again(cloud, twelve, alice, fault):
    cloud.order("submit", fault)
    assert (train(twelve, alice).status, len(cloud.effects)) == ("ready", 1)


def test_uploads_and_models_survive_a_provider_that_stumbles(cloud, twelve, alice):
    cloud.order("model", "busy", "drop", "error")
    cloud.order("upload", "hang_after", "error")
    assert (train(twelve, alice).status, len(cloud.effects)) == ("ready", 1)


def test_cancel_stops_it_at_the_provider_and_counts_once_it_ran(cloud, twelve, alice):
    cloud.polls_needed = 99
    train(twelve, alice, finish=False)
    services.cancel_training(persona=twelve, by=alice)
    work()
    trained = TrainedModel.objects.get()
    assert (trained.status, trained.counts, ledger(trained.job)[1]) == ("cancelled", True, ("refund", 75))
    assert cloud.work[cloud.effects[0].id]["status"] == "canceled"


def test_withdrawn_consent_deletes_the_model_at_the_provider_whatever_it_takes(cloud, twelve, alice):
    train(twelve, alice)
    cloud.order("erase", "error", "drop", "busy")
    services.withdraw_consent(persona=twelve, by=alice)
    trained = TrainedModel.objects.get()
    assert (trained.status, trained.version, queries.model_params(twelve)) == ("deleted", "", {})
    sweep(6)
    row = ProviderErasure.objects.get()
    assert (row.state, row.sealed_key, cloud.models, cloud.files) == ("done", "", {}, {})
    assert row.receipts[0]["text"] == "The provider does not answer."
    assert "is gone" in row.receipts[-1]["text"]
    assert "trained model is being deleted" in twelve.activity.first().text


def test_new_consent_trains_a_new_model_that_the_old_duty_does_not_delete(cloud, twelve, alice):
    old = train(twelve, alice)
    services.withdraw_consent(persona=twelve, by=alice)
    declare(twelve, alice, outside=True)
    analysed(twelve)
    TrainedModel.objects.update(created_at=db_now() - timedelta(days=2))
    CreditAccount.objects.update(available=100)
    twelve.refresh_from_db()
    new = train(twelve, alice)
    sweep()
    assert new.model_name != old.model_name
    assert list(cloud.models) == [f"inflio/{new.model_name}"]


def test_deleted_persona_leaves_nothing_at_the_provider_even_while_it_trains(cloud, twelve, alice):
    cloud.polls_needed = 99
    train(twelve, alice, finish=False)
    services.delete_persona(persona=twelve)
    work()
    sweep(4)
    assert (cloud.models, cloud.files, ProviderErasure.objects.get().state) == ({}, {}, "done")
    assert {row["status"] for row in cloud.work.values()} == {"canceled"}


def test_one_look_is_no_proof_that_all_is_gone(cloud, twelve, alice):
    train(twelve, alice)
    services.withdraw_consent(persona=twelve, by=alice)
    assert services.run_erasure(ProviderErasure.objects.get().pk) is False
    row = ProviderErasure.objects.get()
    assert row.available_at - row.gone_at >= timedelta(seconds=erasure.CONFIRM_AFTER - 1)
    name = TrainedModel.objects.get().model_name
    cloud.models[f"inflio/{name}"] = ["late"]  # a request that was under way
    sweep()
    assert (cloud.models, ProviderErasure.objects.get().state) == ({}, "done")


def test_key_of_another_account_is_no_proof_either(cloud, twelve, alice):
    train(twelve, alice)
    TrainedModel.objects.update(owner="somebody-else")
    services.withdraw_consent(persona=twelve, by=alice)
    sweep()
    row = ProviderErasure.objects.get()
    assert (row.state, row.receipts[0]["text"]) == (
        "queued",
        "The model is in the account somebody-else, the key belongs to inflio.",
    )


def test_missing_key_is_said_and_the_row_can_be_closed_by_hand(cloud, twelve, alice, settings):
    train(twelve, alice)
    settings.PROVIDER_KEYS = {}
    services.withdraw_consent(persona=twelve, by=alice)
    sweep()
    row = ProviderErasure.objects.get()
    assert "by hand" in row.receipts[0]["text"]
    services.close_erasure(erasure=row, by=alice)
    assert ProviderErasure.objects.get().state == "done"


def test_back_office_shows_trainings_and_closes_what_was_done_by_hand(cloud, twelve, alice, client_of):
    train(twelve, alice)
    services.withdraw_consent(persona=twelve, by=alice)
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client = client_of(alice)
    for model in ("trainedmodel", "providererasure"):
        rows = client.get(f"/admin/personas/{model}/").context["cl"].result_list
        assert client.get(f"/admin/personas/{model}/{rows[0].pk}/change/").status_code == 200
    form = {"action": "close", "_selected_action": [ProviderErasure.objects.get().pk]}
    client.post("/admin/personas/providererasure/", form)
    assert ProviderErasure.objects.get().state == "done"


def test_staff_of_a_workspace_see_no_duty_of_others(cloud, twelve, alice, bob, client_of):
    train(twelve, alice)
    services.withdraw_consent(persona=twelve, by=alice)
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.filter(content_type__app_label="personas"))
    assert list(client_of(bob).get("/admin/personas/providererasure/").context["cl"].result_list) == []
