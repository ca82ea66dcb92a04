"""Edits by the embedded engine: a list of operations rendered anew from the base picture, with a quick first look.

params: `base` (SHA-256 of the picture that is edited), `operations` (see gpu_worker.retouch.recipe), `photo` (start of
the SHA-256 of the photo it was made from, or ""), `base_method` (how the base was made: what was drawn by a network
stays that when it is edited). The pictures are the base and the person's reference photos.
"""

from collections.abc import Mapping
from typing import Any

from gpu_worker.retouch.recipe import RetouchRefused, fold
from inflio.common.errors import InvalidInput
from inflio.generation.engines.base import EngineRequest, Output, Progress, Result

CODE = "edit_refused"


def refuse_edit(params: Mapping[str, Any]) -> str | None:
    """Why these operations cannot be done on any picture, or None."""
    try:
        fold(params.get("operations", ()))
    except RetouchRefused as refusal:
        return str(refusal)
    return None


def edit(request: EngineRequest, progress: Progress) -> Result:
    """Render the edit; raises InvalidInput where this picture does not allow it."""
    from gpu_worker import studio  # noqa: PLC0415 - loads numpy, cv2 and the models: in the worker, at the first job

    params = request.params
    base = next((picture for picture in request.pictures if picture.sha256 == params["base"]), None)
    if base is None:
        raise InvalidInput("The picture to edit is gone. Start a new conversation.", code="picture_gone")
    photos = [studio.Photo(picture.path, picture.sha256) for picture in request.pictures if picture is not base]
    try:
        made = studio.retouch(
            studio.Photo(base.path, base.sha256),
            photos,
            operations=params["operations"],
            made_from=params.get("photo", ""),
            remake=request.remake,
            on_stage=progress,
        )
    except RetouchRefused as error:
        raise InvalidInput(str(error), code=CODE) from error
    base_method = params.get("base_method", "")
    method = made.facts["method"] if base_method in ("", "retouch") else base_method
    facts = {**made.facts, "method": method}
    return Result(outputs=(Output(made.data, "image/jpeg", "jpg", made.width, made.height, facts),))
