"""Google's own description of the YouTube Data API as JSON Schemas: a judge that we did not write."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import googleapiclient.discovery_cache
import jsonschema

from scheduling.platforms.base import Exchange

DOCUMENTS = Path(googleapiclient.discovery_cache.__file__).parent / "documents"
_NOTES = {"id", "enumDescriptions", "annotations", "default", "enumDeprecated", "description", "deprecated", "readOnly"}
_NUMBERS = {"int64", "uint64", "int32", "uint32", "double", "float"}
_LISTS = {"videos": "VideoListResponse", "channels": "ChannelListResponse", "playlistItems": "PlaylistItemListResponse"}


@cache
def document(name: str = "youtube.v3") -> dict[str, Any]:
    """A discovery document as it is shipped in google-api-python-client."""
    return json.loads((DOCUMENTS / f"{name}.json").read_text())


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """Judges one resource, such as Video; unknown fields are errors."""
    schemas = {key: _converted(value) for key, value in document()["schemas"].items()}
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": schemas}, format_checker=jsonschema.FormatChecker()
    )


def _converted(value: Any) -> Any:
    if isinstance(value, list):
        return [_converted(one) for one in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, one in value.items():
        if key == "$ref":
            made[key] = f"#/$defs/{one}"
        elif key == "properties":
            made[key] = {name: _converted(each) for name, each in one.items()}
        elif key in _NOTES or (key == "format" and one in _NUMBERS) or (key == "required" and isinstance(one, bool)):
            continue
        else:
            made[key] = _converted(one)
    if made.get("type") == "object" and "properties" in made:
        made.setdefault("additionalProperties", False)
    if made.get("type") == "any":
        made.pop("type")
    return made


def complaints(exchange: Exchange) -> list[str]:
    """What Google's document has against a request of ours and its answer."""
    path = urlsplit(exchange.url).path
    resource = path.rpartition("/")[2]
    method = "insert" if exchange.method in ("POST", "PUT") else "list"
    found = []
    known = set(document()["resources"][resource]["methods"][method]["parameters"]) | {"uploadType"}
    if unknown := set(exchange.sent.get("query", {})) - known:
        found.append(f"{exchange.method} {path}: unknown parameters {unknown}")
    if "json" in exchange.sent:
        found += [
            f"sent {error.json_path}: {error.message}"
            for error in validator("Video").iter_errors(exchange.sent["json"])
        ]
    if exchange.status in (200, 201) and exchange.answer.startswith("{"):
        judge = validator(_LISTS[resource] if method == "list" else "Video")
        found += [
            f"answer {error.json_path}: {error.message}" for error in judge.iter_errors(json.loads(exchange.answer))
        ]
    return found
