"""What an engine made is signed before it is stored, and what a cloud engine made is judged first."""

import io

import pytest
from PIL import Image

from inflio.billing.models import CreditAccount, CreditEntry
from inflio.generation import engines, services
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Result
from inflio.generation.keys import save_key
from inflio.generation.models import Job
from inflio.generation.runner import run_job
from inflio.media import storage
from inflio.media.credentials import read_credentials
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from inflio.safety.checks import Check, Finding
from inflio.safety.models import Refusal

pytestmark = pytest.mark.django_db


class Painter(Engine):
    """Paints one colour and states the method it is told to state."""

    name = "painter"
    title = "A painter"
    capabilities = {"picture": Capability(credits=3, typical_seconds=1)}

    def run(self, request: EngineRequest, progress) -> Result:
        out = io.BytesIO()
        Image.new("RGB", (40, 50), request.params.get("colour", "teal")).save(out, "WEBP")
        facts = {key: request.params[key] for key in ("method", "model", "base") if key in request.params}
        return Result((Output(out.getvalue(), "image/webp", "webp", 40, 50, facts),))


class CloudPainter(Painter):
    """The same, for money."""

    name = "cloud_painter"
    provider = "painters"

    def __init__(self, key: str = "") -> None:
        self.key = key


class RefuseAll(Check):
    """Objects to everything."""

    name = "all"

    def look(self, data: bytes) -> Finding:
        return Finding("sexual", "Not this one.", {"all": 1.0})


@pytest.fixture(autouse=True)
def painters(monkeypatch, settings):
    monkeypatch.setitem(engines.ENGINES, "painter", f"{__name__}.Painter")
    monkeypatch.setitem(engines.ENGINES, "cloud_painter", f"{__name__}.CloudPainter")
    monkeypatch.setitem(engines.PROVIDERS, "painters", f"{__name__}.CloudPainter")
    engines.get_engine.cache_clear()


def run(workspace, *, engine: str = "painter", pictures=(), **params) -> Job:
    job = services.create_job(
        workspace=workspace,
        kind="picture",
        engine=engine,
        title="Luxury picture of Mia",
        subject="",
        params=params,
        pictures=pictures,
    )
    run_job(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("method", "source_type"),
    [
        ("composite", "compositeSynthetic"),
        ("illustration", "algorithmicMedia"),
        ("generative", "trainedAlgorithmicMedia"),
        ("", "trainedAlgorithmicMedia"),
    ],
)
def test_every_output_is_signed_and_its_row_knows(workspace, method, source_type):
    asset = run(workspace, method=method, model="brush-2").assets.get()
    data = storage.read(asset.name)
    report = read_credentials(data, asset.mime)
    assert storage.sha256(data) == asset.sha256
    assert (report.state, report.ours, report.source_type) == ("trusted", True, source_type)
    assert report.engine == "A painter: brush-2"
    assert asset.provenance["digital_source_type"] == source_type
    assert asset.provenance["c2pa"] == report.manifest_id
    assert asset.picture_sha256
    assert b"Mia" not in data  # the file goes to strangers


def test_a_retouched_picture_names_what_it_was_made_from_and_stays_what_it_was(workspace):
    first = run(workspace, method="composite").assets.get()
    second = run(workspace, method="retouch", base=first.sha256, colour="red", pictures=[first]).assets.get()
    report = read_credentials(storage.read(second.name), second.mime)
    assert [step.code for step in report.steps] == ["c2pa.opened", "c2pa.edited"]
    assert report.ingredients[0].signed
    assert report.source_type == second.provenance["digital_source_type"] == "compositeSynthetic"


def test_a_composite_that_a_model_changed_is_said_to_be_changed_by_one_also_after_a_retouch(workspace):
    first = run(workspace, method="composite").assets.get()
    second = run(workspace, method="generative_edit", base=first.sha256, colour="red", pictures=[first]).assets.get()
    third = run(workspace, method="retouch", base=second.sha256, colour="blue", pictures=[second]).assets.get()
    for made in (second, third):
        report = read_credentials(storage.read(made.name), made.mime)
        assert report.source_type == report.xmp_source_type == "compositeWithTrainedAlgorithmicMedia"
        assert made.provenance["digital_source_type"] == report.source_type
        assert report.state == "trusted"


def test_a_retouched_photo_is_said_to_be_retouched(workspace):
    out = io.BytesIO()
    Image.new("RGB", (40, 50)).save(out, "JPEG")
    file = store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=40, height=50
    )
    photo = create_asset(workspace=workspace, file=file, source=Asset.Source.UPLOAD)
    made = run(workspace, method="retouch", pictures=[photo]).assets.get()
    report = read_credentials(storage.read(made.name), made.mime)
    assert made.provenance["digital_source_type"] == report.xmp_source_type == "algorithmicallyEnhanced"
    assert not report.ingredients[0].signed


def test_a_cloud_picture_that_is_refused_is_not_kept_and_not_paid(workspace, alice, settings):
    settings.SAFETY_CHECKS = [f"{__name__}.RefuseAll"]
    save_key(workspace=workspace, provider="painters", key="a-key-of-a-painter", by=alice)
    job = run(workspace, engine="cloud_painter", method="generative")
    assert job.state == Job.State.FAILED
    assert "Not this one." in job.error_message
    assert not Asset.objects.exists()
    assert Refusal.objects.get().stage == "output"
    assert CreditAccount.objects.get(workspace=workspace).available == 100
    assert CreditEntry.objects.filter(reference=job.reference, kind="refund").exists()
    assert run(workspace, method="composite").state == Job.State.DONE  # the embedded engine's photos were judged before
