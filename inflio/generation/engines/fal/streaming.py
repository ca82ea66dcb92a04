"""A streamed request: the picture is shown while it forms, and the last event has it whole."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from inflio.generation.engines.base import Call, Progress
from inflio.generation.engines.fal import pictures
from inflio.generation.engines.fal.api import FalApi, Unclear
from inflio.generation.engines.fal.endpoints import Endpoint

log = logging.getLogger(__name__)


def follow(api: FalApi, call: Call, point: Endpoint, arguments: Mapping[str, Any], progress: Progress) -> list[bytes]:
    """Send the request to the endpoint's stream and show what comes; returns the finished pictures.

    The events' form is not documented, so they are read leniently: whatever carries a picture is one, "partial" in
    its type makes it a preview. Raises NotDone before anything was done, Unclear when the stream broke off; by then
    the call is `sent` if fal named the request, and its result may still be asked for.
    """
    final = None
    for seen, event in enumerate(api.stream(point.path, arguments)):
        if not seen and api.request_id:
            call.sent(api.request_id, details={"stream": True})
        images = _images(event)
        fraction = min(0.3 + 0.15 * seen, 0.85)
        if "partial" not in str(event.get("type", "")):
            final = images or final
            progress(fraction, f"{point.title} is making it")
        else:
            data = pictures.inline(images[-1]) if images else None
            progress(fraction, "The picture forms", preview=pictures.preview_of(data) if data else None)
    if not final:
        raise Unclear("the stream ended without a picture")
    return _finish(call, final)


def _finish(call: Call, images: list[dict[str, Any]]) -> list[bytes]:
    """Write the answer down (addresses and hashes, never the pictures themselves) and load what is elsewhere."""
    found, notes = [], []
    for image in images:
        data = pictures.inline(image)
        if data is not None:
            notes.append({"sha256": hashlib.sha256(data).hexdigest()})
            found.append(data)
        else:
            notes.append({key: image[key] for key in ("url", "content_type", "width", "height") if key in image})
    call.answered({"images": notes})
    return found if len(found) == len(images) else []


def _images(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    images = event.get("images")
    if isinstance(images, list):
        return [image for image in images if isinstance(image, dict)]
    if isinstance(event.get("image"), dict):
        return [event["image"]]
    return [{"b64_json": event["b64_json"]}] if event.get("b64_json") else []
