"""The training of a persona's own model: photos go up as a zip, the trainer writes into one private model."""

import io
import logging
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from inflio.common.errors import ProviderError
from inflio.generation.engines.base import Capability, EngineRequest, Picture, Progress, Result, Waiting
from inflio.generation.engines.replicate.flow import ReplicateEngine, Steps
from inflio.generation.engines.replicate.terms import TRAININGS, Busy

log = logging.getLogger(__name__)
TRAINER = "ostris/flux-dev-lora-trainer:26dce37af90b9d997eeb970d92e47de3064d46c300504ae376c75bef6a9022d2"
INPUTS = MappingProxyType(
    {
        "lora_rank": 16,
        "autocaption": True,
        "learning_rate": 4e-4,
        "batch_size": 1,
        "resolution": "512,768,1024",
        "optimizer": "adamw8bit",
        "caption_dropout_rate": 0.05,
    }
)
STEPS = 1000
MIN_PHOTOS, MAX_PHOTOS = 10, 15
USD = 2.20  # expected: about 24 minutes of an H100


class FluxTraining(ReplicateEngine):
    """Teaches FLUX one face; the result is a version of a private model and a word that stands for the person."""

    name = "flux_training"
    title = "Training of your own model"
    price = "about $2.20 a training"
    deadline_seconds = 3 * 3600
    poll_seconds = 10
    poll_seconds_with_webhook = 60
    capabilities = {"training": Capability(credits=75, typical_seconds=1500, cluster="default", needs_photos=True)}

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        if kind == "training" and not MIN_PHOTOS <= picture_count <= MAX_PHOTOS:
            return f"A training takes {MIN_PHOTOS} to {MAX_PHOTOS} photos, not {picture_count}."
        return super().refusal(kind, params, picture_count)

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        params, files = request.params, self._prepare(request, progress)
        call = request.calls.open("training", endpoint=f"{TRAININGS}{TRAINER}", usd=USD)
        webhook = request.calls.webhook_url(call, self.provider)
        inputs = {**INPUTS, "input_images": files["photos_url"]}
        inputs |= {"trigger_word": params["trigger_word"], "steps": params["steps"]}
        target = f"{files['owner']}/{params['model_name']}"
        steps = Steps(
            send=lambda: self.api.train(version=TRAINER, destination=target, inputs=inputs, webhook=webhook),
            find=lambda: self.api.find_training(photos_url=files["photos_url"], age=call.age),
            look=lambda: self.api.training(call.request_id),
        )
        try:
            output = self._follow(call, steps, webhook=webhook, progress=progress).get("output")
        except ProviderError:
            self._forget(params["model_name"])
            raise
        self._forget(params["model_name"])
        if not isinstance(output, Mapping) or not output.get("version"):
            raise ProviderError("Replicate ended the training without a model. Your credits are back.", retryable=False)
        return Result(data={"version": output["version"], "weights": output.get("weights") or ""})

    def _forget(self, name: str) -> None:
        """Delete the uploaded photos, which nobody needs any more."""
        try:
            self.api.forget_files(f"{name}.zip")
        except Busy:
            log.warning("the photos of %s stay at Replicate until it deletes them itself, after 24 hours", name)

    def _prepare(self, request: EngineRequest, progress: Progress) -> Mapping[str, Any]:
        """Make the model and send the photos up, once; free, so that doing it again after a crash is harmless."""
        call = request.calls.open("files", endpoint="files", usd=0)
        if call.state == "answered":
            return call.answer
        progress(0.01, f"Sending {len(request.pictures)} photos to Replicate")
        name = request.params["model_name"]
        try:
            owner = self.api.account()
            self.api.ensure_model(owner, name)
            file_id, url = self.api.upload(zip_of(request.pictures), name=f"{name}.zip", mime="application/zip")
        except Busy as error:
            raise Waiting(error.seconds, 0.01, "Waiting for Replicate to take the photos") from error
        call.answered({"owner": owner, "file_id": file_id, "photos_url": url}, usd=0)
        return call.answer


def zip_of(pictures: tuple[Picture, ...]) -> bytes:
    """The photos as one archive, numbered; JPEG and PNG are not packed twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, picture in enumerate(pictures, start=1):
            archive.write(picture.path, f"photo-{number:02d}{picture.path.suffix}")
    return out.getvalue()
