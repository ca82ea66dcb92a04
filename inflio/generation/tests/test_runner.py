"""A job ends once: done and captured, or failed or cancelled and refunded, whatever happens on the way."""

import io
from typing import ClassVar

import pytest
from PIL import Image

from inflio.accounts.models import Workspace
from inflio.billing import services as billing
from inflio.billing.models import CreditEntry
from inflio.common.errors import EngineRefused, InflioError, NotEnoughCredits, ProviderError
from inflio.generation import engines, runner, services
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Result
from inflio.generation.models import Job
from inflio.queue.leases import LostLease, claim

pytestmark = pytest.mark.django_db
ENDED: list = []


def note_end(job, ending) -> None:
    """The on_done of these tests."""
    ENDED.append((job.state, len(ending.assets), dict(ending.data)))


class ScriptedEngine(Engine):
    """Does what its params say: `scores` for each remake, `raise` an error, `cancel` in the middle."""

    name = "scripted"
    title = "Scripted"
    capabilities: ClassVar = {
        "picture": Capability(credits=3, typical_seconds=1.5, scored=True),
        "selfie": Capability(credits=1, typical_seconds=1, needs_photos=True),
    }

    def run(self, request: EngineRequest, progress) -> Result:
        error = request.params.get("raise")
        if error == "user":
            raise InflioError("The face is hidden.", code="hidden")
        if error == "provider":
            raise ProviderError("The provider is busy.", retryable=True, retry_after=0)
        if error == "bug":
            raise ZeroDivisionError
        if request.params.get("cancel"):
            services.cancel_job(job=Job.objects.get(title="A picture"))
        progress(0.5, "Half way")
        out = io.BytesIO()
        Image.new("RGB", (40, 50), (request.remake, 0, 0)).save(out, "JPEG")
        facts = {"remake": request.remake, "score": request.params.get("scores", [0.9])[request.remake]}
        return Result((Output(out.getvalue(), "image/jpeg", "jpg", 40, 50, facts),), {"note": "fine"})

    def score(self, output, pictures):
        return output.facts["score"]


@pytest.fixture(autouse=True)
def scripted(monkeypatch, settings, tmp_path):
    monkeypatch.setitem(engines.ENGINES, "scripted", f"{__name__}.ScriptedEngine")
    engines.get_engine.cache_clear()
    ENDED.clear()
    settings.JOB_CALLBACKS = (f"{__name__}.note_end",)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def workspace():
    workspace = Workspace.objects.create(name="Studio")
    billing.open_account(workspace=workspace)
    return workspace


def make(workspace, **params) -> Job:
    key = params.pop("key", "")
    return services.create_job(
        workspace=workspace,
        kind="picture",
        engine="scripted",
        title="A picture",
        subject="persona:1",
        params=params,
        threshold=0.85,
        on_done=f"{__name__}.note_end",
        idempotency_key=key,
    )


def available(workspace) -> int:
    assert billing.ledger_faults() == []
    workspace.credits.refresh_from_db()
    return workspace.credits.available


def entries(job) -> list[str]:
    return list(CreditEntry.objects.filter(reference=job.reference).order_by("pk").values_list("kind", flat=True))


def test_create_job_reserves_its_cost(workspace):
    job = make(workspace)
    assert (job.state, job.cost, available(workspace)) == ("queued", 3, 97)


def test_create_job_twice_with_one_key_makes_one(workspace):
    assert make(workspace, key="click").pk == make(workspace, key="click").pk
    assert (Job.objects.count(), available(workspace)) == (1, 97)


def test_create_job_without_credits_leaves_nothing(workspace):
    billing.reserve_credits(workspace=workspace, amount=98, reference="other", reason="Other work")
    with pytest.raises(NotEnoughCredits, match="costs 3 credits and 2 credits are left"):
        make(workspace)
    assert not Job.objects.exists()


def test_create_job_the_engine_refuses_spends_nothing(workspace):
    with pytest.raises(EngineRefused, match="Add photos of the face first"):
        services.create_job(
            workspace=workspace, kind="selfie", engine="scripted", title="x", subject="", params={}, pictures=()
        )
    assert (Job.objects.count(), available(workspace)) == (0, 100)


def test_create_job_with_an_unknown_callback_is_refused(workspace):
    with pytest.raises(ValueError, match="JOB_CALLBACKS"):
        services.create_job(
            workspace=workspace,
            kind="picture",
            engine="scripted",
            title="x",
            subject="",
            params={},
            on_done="os.system",
        )


def test_run_job_stores_captures_and_calls_on_done(workspace):
    job = make(workspace)
    assert runner.run_job(job.pk) is True
    job.refresh_from_db()
    asset = job.assets.get()
    assert (job.state, job.progress, job.remakes, asset.identity_score) == ("done", 1, 0, 0.9)
    assert asset.provenance["engine"] == "scripted"
    assert ENDED == [("done", 1, {"note": "fine"})]
    assert (entries(job), available(workspace)) == (["reserve", "capture"], 97)


def test_run_job_twice_does_the_work_once(workspace):
    job = make(workspace)
    assert [runner.run_job(job.pk), runner.run_job(job.pk)] == [True, False]
    assert (len(ENDED), available(workspace)) == (1, 97)


def test_run_job_under_the_threshold_is_made_again_free_of_charge(workspace):
    job = make(workspace, scores=[0.4, None, 0.86])
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.remakes, job.assets.get().identity_score) == ("done", 2, 0.86)
    assert available(workspace) == 97


def test_run_job_never_like_the_person_fails_with_the_measured_score(workspace):
    job = make(workspace, scores=[0.4, 0.5, 0.6, 0.7])
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code, job.assets.count()) == ("failed", "identity_too_low", 0)
    assert "reached 0.70 and 0.85 is needed" in job.error_message
    assert (entries(job), available(workspace)) == (["reserve", "refund"], 100)
    assert ENDED == [("failed", 0, {})]


def test_run_job_the_user_can_mend_fails_at_once(workspace):
    job = make(workspace, **{"raise": "user"})
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_message, job.attempt) == ("failed", "The face is hidden.", 1)
    assert available(workspace) == 100


@pytest.mark.parametrize(
    ("error", "sentence"), [("provider", "The provider is busy."), ("bug", "Something went wrong on our side")]
)
def test_run_job_that_may_work_later_is_tried_three_times(workspace, error, sentence):
    job = make(workspace, **{"raise": error})
    for attempt in (1, 2, 3):
        Job.objects.update(available_at=job.created_at)
        assert runner.run_job(job.pk)
        job.refresh_from_db()
        assert job.attempt == attempt
    assert job.state == "failed"
    assert sentence in job.error_message
    assert (entries(job), available(workspace)) == (["reserve", "refund"], 100)


def test_run_job_that_killed_its_workers_is_given_up(workspace):
    job = make(workspace)
    Job.objects.filter(pk=job.pk).update(attempt=3, state="running")
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code, available(workspace)) == ("failed", "crashed", 100)


def test_cancel_waiting_job_ends_it_at_once(workspace):
    job = services.cancel_job(job=make(workspace))
    assert (job.state, available(workspace)) == ("cancelled", 100)
    assert runner.run_job(job.pk) is False


def test_cancel_running_job_stops_at_its_next_step(workspace):
    job = make(workspace, cancel=True)
    runner.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.assets.count(), available(workspace)) == ("cancelled", 0, 100)


def test_cancel_finished_job_changes_nothing(workspace):
    job = make(workspace)
    runner.run_job(job.pk)
    assert services.cancel_job(job=job).state == "done"
    assert available(workspace) == 97


def test_cancel_just_before_the_end_wins(workspace):
    job = make(workspace)
    token = claim(Job, job.pk)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    services.end_job(job=job, token=token, state="done")
    assert (job.state, entries(job), available(workspace)) == ("cancelled", ["reserve", "refund"], 100)


def test_end_job_without_the_lease_writes_nothing(workspace):
    job = make(workspace)
    claim(Job, job.pk)
    with pytest.raises(LostLease):
        services.end_job(job=job, token="stale", state="done")
    job.refresh_from_db()
    assert (job.state, entries(job)) == ("queued", ["reserve"])


def test_retry_failed_job_is_a_new_job_with_its_own_credits(workspace):
    job = services.cancel_job(job=make(workspace))
    again = services.retry_job(job=job)
    assert services.retry_job(job=job).pk == again.pk
    assert (again.retry_of, again.state, available(workspace)) == (job, "queued", 97)


def test_run_next_serves_the_workspace_that_waited_longest(workspace):
    other = Workspace.objects.create(name="Other")
    billing.open_account(workspace=other)
    for n in range(3):
        make(workspace, key=str(n))
    make(other)
    order = []
    while runner.run_next("gpu"):
        order.append(Job.objects.exclude(finished_at=None).order_by("-finished_at").first().workspace.name)
    assert order == ["Studio", "Other", "Studio", "Studio"]
