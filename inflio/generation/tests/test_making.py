"""Several outputs in one job: what is good is kept, what is missing is asked for again, the rest is given back."""

import io
from typing import ClassVar

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from inflio.common.errors import EngineRefused, InflioError, ProviderError
from inflio.generation import engines, runner, services
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Result, Waiting
from inflio.generation.models import Job
from inflio.generation.previews import read_preview
from inflio.generation.tests.cloud import ledger

pytestmark = pytest.mark.django_db
ASKED: list[tuple[int, int]] = []
ENDINGS: list = []


def note(job, ending) -> None:
    """The on_done of these tests."""
    ENDINGS.append((job.state, [asset.provenance["n"] for asset in ending.assets], ending.missing))


class Painter(Engine):
    """Follows params["turns"]: for each turn the scores of its outputs, or an error's name; shows a preview."""

    name = "painter"
    title = "Painter"
    capabilities: ClassVar = {"picture": Capability(credits=2, typical_seconds=1, scored=True, max_outputs=4)}

    def run(self, request: EngineRequest, progress) -> Result:
        ASKED.append((request.remake, request.count))
        turn = request.params["turns"][request.remake]
        if request.params.get("wait") and ASKED.count(ASKED[-1]) == 1:
            raise Waiting(5, 0.4, "In line")
        if request.params.get("preview"):
            progress(0.5, "It forms", preview=request.params["preview"].encode("latin-1"))
        if turn == "refused":
            raise InflioError("The face is hidden.", code="hidden")
        if turn == "down":
            raise ProviderError("The provider is down.", retryable=True, retry_after=0)
        outputs = tuple(self._paint(request.remake, n, score) for n, score in enumerate(turn))
        missing = request.count - len(outputs)
        return Result(outputs, missing=(f"{missing} held back.",) if missing else ())

    def _paint(self, turn: int, n: int, score: float | None) -> Output:
        out = io.BytesIO()
        Image.new("RGB", (40, 50), (turn * 40, n * 40, 0)).save(out, "JPEG")
        return Output(out.getvalue(), "image/jpeg", "jpg", 40, 50, {"n": f"{turn}.{n}", "score": score})

    def score(self, output, pictures):
        return output.facts["score"]


@pytest.fixture(autouse=True)
def painter(monkeypatch, settings):
    monkeypatch.setitem(engines.ENGINES, "painter", f"{__name__}.Painter")
    engines.get_engine.cache_clear()
    settings.JOB_CALLBACKS = (f"{__name__}.note",)
    settings.MAX_REMAKES = 2
    ASKED.clear()
    ENDINGS.clear()


def paint(workspace, *turns, count: int = 4, **params) -> Job:
    return services.create_job(
        workspace=workspace,
        kind="picture",
        engine="painter",
        title="Ada",
        subject="",
        params={"turns": turns, **params},
        count=count,
        threshold=0.85,
        on_done=f"{__name__}.note",
    )


def run(job: Job) -> Job:
    for _ in range(6):
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
        runner.run_job(job.pk)
    job.refresh_from_db()
    return job


def test_only_the_missing_ones_are_made_again_at_no_charge(workspace):
    job = run(paint(workspace, [0.9, 0.5, 0.95, None], [0.6, 0.88], [0.9]))
    assert ASKED == [(0, 4), (1, 2), (2, 1)]
    assert ENDINGS == [("done", ["0.0", "0.2", "1.1", "2.0"], 0)]
    assert (job.state, job.remakes, job.cost, ledger(job)) == ("done", 2, 8, [("reserve", -8), ("capture", 0)])
    assert "missing" not in job.findings


def test_some_good_ones_are_delivered_and_the_rest_is_given_back(workspace, alice_client):
    job = run(paint(workspace, [0.9, 0.5, 0.6, 0.7], [0.5, 0.6], [0.8]))
    assert ENDINGS == [("done", ["0.0"], 3)]
    assert (job.cost, ledger(job)) == (2, [("reserve", -8), ("capture", 6)])
    why = ["1 held back.", "2 held back.", "The likeness reached 0.80 and 0.85 is needed."]
    assert job.findings["missing"]["count"] == 3
    assert set(job.findings["missing"]["why"]) <= set(why)
    page = alice_client.get(job.get_absolute_url()).content.decode()
    assert "3 of 4 are missing; the credits for them are back." in " ".join(page.split())


def test_no_good_one_fails_and_gives_all_back(workspace):
    job = run(paint(workspace, [0.1] * 4, [0.2] * 4, [0.3] * 4))
    assert (job.state, job.error_code, ledger(job)[1]) == ("failed", "identity_too_low", ("refund", 8))
    assert "reached 0.30 and 0.85 is needed" in job.error_message


def test_filtered_ones_alone_fail_with_the_engine_s_words(workspace):
    job = run(paint(workspace, [], [], []))
    assert (job.state, job.error_message, ledger(job)[1]) == ("failed", "4 held back.", ("refund", 8))


def test_refusal_after_some_good_ones_delivers_these(workspace):
    job = run(paint(workspace, [0.9, 0.9, 0.1, 0.1], "refused"))
    assert (job.state, job.assets.count(), ledger(job)[1]) == ("done", 2, ("capture", 4))
    assert "The face is hidden." in job.findings["missing"]["why"]


def test_provider_that_stays_away_after_some_good_ones_delivers_these(workspace):
    job = run(paint(workspace, [0.9, 0.9, 0.9, 0.1], "down"))
    assert (job.state, job.attempt, job.assets.count(), ledger(job)[1]) == ("done", 3, 3, ("capture", 2))
    assert ASKED == [(0, 4), (1, 1), (1, 1), (1, 1)]  # the first turn is never made again


def test_cancel_between_turns_gives_all_back(workspace):
    job = paint(workspace, [0.9, 0.1], [0.9], wait=True, count=2)
    runner.run_job(job.pk)
    services.cancel_job(job=job)
    run(job)
    assert (job.state, job.assets.count(), ledger(job)[1]) == ("cancelled", 0, ("refund", 4))


def test_waiting_job_goes_on_with_its_findings_and_turn(workspace):
    job = paint(workspace, [0.9, 0.1], [0.9], wait=True, count=2)
    run(job)
    assert ASKED == [(0, 2), (0, 2), (1, 1), (1, 1)]
    assert (job.state, job.attempt, ENDINGS) == ("done", 1, [("done", ["0.0", "1.0"], 0)])


def test_retry_asks_for_as_many(workspace):
    job = run(paint(workspace, "refused", count=3))
    again = services.retry_job(job=job)
    assert (again.count, again.cost) == (3, 6)


@pytest.mark.parametrize("count", [0, 5])
def test_count_out_of_bounds_is_refused(workspace, count):
    with pytest.raises(EngineRefused, match="Painter makes 1 to 4 at a time"):
        paint(workspace, count=count)


def jpeg() -> str:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue().decode("latin-1")


def test_preview_is_for_members_and_gone_at_the_end(
    workspace, alice_client, charlie_client, client, django_capture_on_commit_callbacks
):
    job = paint(workspace, "down", count=1, preview=jpeg())
    url = reverse("generation:preview", args=[job.pk])
    assert alice_client.get(url).status_code == 404
    runner.run_job(job.pk)
    job.refresh_from_db()
    page = alice_client.get(url)
    assert (page.status_code, page["Content-Type"], page["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert page.content.decode("latin-1") == jpeg()
    assert f"{url}?n=1" in alice_client.get(job.get_absolute_url()).content.decode()
    assert (charlie_client.get(url).status_code, client.get(url).status_code) == (404, 302)
    with django_capture_on_commit_callbacks(execute=True):
        run(job)
    assert (job.state, read_preview(job)) == ("failed", None)
    assert alice_client.get(url).status_code == 404


def test_preview_that_is_no_jpeg_is_an_error_of_the_engine(workspace):
    job = run(paint(workspace, [0.9], count=1, preview="<script>"))
    assert (job.state, job.error_code) == ("failed", "internal")
