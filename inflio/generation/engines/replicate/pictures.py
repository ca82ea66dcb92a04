"""FLUX dev with the model that was trained on the persona's photos."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from inflio.generation.engines.base import Call, Capability, EngineRequest, Output, Picture, Progress, Result, Waiting
from inflio.generation.engines.likeness import measure
from inflio.generation.engines.replicate.files import NotAPicture, NotFetched, fetch_output
from inflio.generation.engines.replicate.flow import ReplicateEngine, Steps
from inflio.generation.engines.replicate.terms import marker_of

FETCH_WITHIN = 3000  # seconds; Replicate deletes what it made after an hour
SEED_STEP = 1009  # a remake is another picture, and still reproducible from the first seed
INPUTS = MappingProxyType(
    {
        "model": "dev",
        "num_inference_steps": 28,
        "guidance_scale": 2.8,
        "lora_scale": 0.8,
        "go_fast": False,
        "megapixels": "1",
        "output_format": "webp",
        "output_quality": 95,
    }
)
NO_MODEL = (
    "{title} needs a model trained on this persona's photos, and there is none yet. "
    "Train one on the persona's page under Trained model: it takes 10 to 15 photos and about half an hour."
)
USD_A_PICTURE = 0.035


class FluxLora(ReplicateEngine):
    """Draws the person anew, in any place and pose, from the words alone."""

    name = "flux_lora"
    title = "FLUX with your trained model"
    price = "about $0.035 a picture"
    capabilities = {
        "picture": Capability(
            credits=2,
            typical_seconds=25,
            cluster="default",
            max_outputs=4,
            reads_prompt=True,
            free_setting=True,
            content_types=("portrait", "full_body", "action"),
            needs_model=True,
            scored=True,
            remakes=1,
        )
    }
    sizes = {
        "4:5": (896, 1088),
        "1:1": (1024, 1024),
        "9:16": (768, 1344),
        "16:9": (1344, 768),
        "3:4": (896, 1152),
        "2:3": (832, 1216),
        "4:3": (1152, 896),
        "3:2": (1216, 832),
        "5:4": (1088, 896),
        "21:9": (1536, 640),
    }

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        reason = super().refusal(kind, params, picture_count)
        model = params.get("trained_model") or {}
        if reason is None and not (model.get("version") and model.get("trigger_word")):
            return NO_MODEL.format(title=self.title)
        return reason

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        version = request.params["trained_model"]["version"]
        call = request.calls.open(f"picture:{request.remake}", endpoint=version, usd=USD_A_PICTURE * request.count)
        webhook = request.calls.webhook_url(call, self.provider)
        inputs = inputs_of(request, call.token)
        steps = Steps(
            send=lambda: self.api.predict(version=version, inputs=inputs, webhook=webhook),
            find=lambda: self.api.find_prediction(marker=marker_of(call.token), age=call.age),
            look=lambda: self.api.prediction(call.request_id),
        )
        answer = self._follow(call, steps, webhook=webhook, progress=progress)
        return self._collect(call, answer, request, progress)

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        return measure(output, pictures)

    def _collect(self, call: Call, answer: Mapping, request: EngineRequest, progress: Progress) -> Result:
        found = answer.get("output") or []
        urls = [found] if isinstance(found, str) else [url for url in found if isinstance(url, str)]
        outputs: list[Output] = []
        missing = ["Replicate made fewer pictures than asked for."] * max(request.count - len(urls), 0)
        for number, url in enumerate(urls[: request.count], start=1):
            progress(0.9, f"Fetching picture {number} of {len(urls)}")
            try:
                outputs.append(fetch_output(url, facts_of(request)))
            except NotAPicture as error:
                missing.append(f"One picture cannot be used. {error}")
            except NotFetched as error:
                if not error.gone and call.age < FETCH_WITHIN:
                    raise Waiting(2, 0.9, "Fetching the pictures") from error
                missing.append("One picture was gone before it could be fetched.")
        return Result(tuple(outputs), missing=tuple(missing))


def inputs_of(request: EngineRequest, token: str) -> dict[str, Any]:
    """What FLUX is given. `prompt_strength` means nothing without a start picture and carries our name of the call."""
    params = request.params
    inputs = {
        **INPUTS,
        "prompt": prompt_of(params),
        "aspect_ratio": ratio_of(params),
        "num_outputs": request.count,
        "prompt_strength": marker_of(token),
    }
    if params.get("seed") is not None:
        inputs["seed"] = seed_of(request)
    return inputs


def prompt_of(params: Mapping[str, Any]) -> str:
    """The prompt with the word that the model knows the person by."""
    prompt, word = str(params.get("prompt") or "").strip(), params["trained_model"]["trigger_word"]
    return prompt if word in prompt else f"photo of {word}, {prompt}".rstrip(", ")


def seed_of(request: EngineRequest) -> int:
    return (int(request.params["seed"]) + SEED_STEP * request.remake) % (1 << 31)


def ratio_of(params: Mapping[str, Any]) -> str:
    """The aspect ratio that was asked for, or the one nearest to the width and height."""
    asked = params.get("aspect")
    if asked in FluxLora.sizes:
        return asked
    if params.get("width") and params.get("height"):
        wanted = params["width"] / params["height"]
        return min(FluxLora.sizes, key=lambda ratio: abs(_quotient(ratio) / wanted - 1))
    return "4:5"


def _quotient(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)


def facts_of(request: EngineRequest) -> dict[str, Any]:
    """How a picture was made, for its provenance."""
    params = request.params
    return {
        "method": "generative",
        "model": "FLUX.1 dev with a trained LoRA",
        "version": params["trained_model"]["version"],
        "prompt": prompt_of(params),
        "seed": seed_of(request) if params.get("seed") is not None else None,
        "steps": INPUTS["num_inference_steps"],
        "guidance": INPUTS["guidance_scale"],
        "lora_scale": INPUTS["lora_scale"],
    }
