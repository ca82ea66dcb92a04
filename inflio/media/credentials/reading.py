"""Read what a file says about its making, check whether that still holds, and say it in plain words."""

import io
import json
from dataclasses import asdict, dataclass
from typing import Any

import c2pa

from inflio.media.credentials import xmp
from inflio.media.credentials.certificate import serial_of
from inflio.media.credentials.context import borrow_tools
from inflio.media.credentials.record import SYNTHETIC, WORDS, code_of

LONGEST = 300  # characters of a foreign statement that are shown
MOST = 50  # actions or ingredients of a foreign manifest that are listed
ACTIONS = {
    "c2pa.created": "Created",
    "c2pa.opened": "Opened",
    "c2pa.placed": "Placed another picture in it",
    "c2pa.resized": "Resized",
    "c2pa.resized.proportional": "Resized",
    "c2pa.cropped": "Cropped",
    "c2pa.converted": "Converted",
    "c2pa.transcoded": "Saved in another format",
    "c2pa.repackaged": "Repackaged",
    "c2pa.edited": "Edited",
    "c2pa.edited.metadata": "Metadata changed",
    "c2pa.color_adjustments": "Light or colour changed",
    "c2pa.filtered": "Filtered",
    "c2pa.drawing": "Drawn on",
    "c2pa.orientation": "Turned",
    "c2pa.addedText": "Text added",
    "c2pa.watermarked": "Watermarked",
    "c2pa.published": "Published",
    "c2pa.removed": "Something removed",
    "c2pa.unknown": "Changed in an unknown way",
}
PROBLEMS = {
    "assertion.dataHash.mismatch": "The file was changed after it was signed.",
    "assertion.hashedURI.mismatch": "A statement in the file was changed after it was signed.",
    "claimSignature.mismatch": "The signature does not belong to these statements.",
    "claimSignature.missing": "The signature is missing.",
    "signingCredential.expired": "The certificate had expired.",
    "signingCredential.invalid": "The certificate may not sign pictures.",
    "signingCredential.revoked": "The certificate was withdrawn.",
    "claimSignature.outsideValidity": "The certificate was not valid at the time of signing.",
}
DAMAGED = "The statements in this file are damaged and cannot be read."


@dataclass(frozen=True)
class Step:
    """One stated action, in words. `when` as the file writes it: stated by the signer, not proved."""

    code: str
    title: str
    description: str
    agent: str
    when: str

    @property
    def when_words(self) -> str:
        """The time for people, in UTC as it is written."""
        return self.when.replace("T", " ", 1).replace("Z", " UTC", 1)


@dataclass(frozen=True)
class Ingredient:
    """A picture this one was made from, as stated; `signed` when it brought its own credentials."""

    title: str
    relation: str
    signed: bool


@dataclass(frozen=True)
class Report:
    """What a file says about itself and whether that can be believed.

    state: "trusted" (signed by somebody on our list), "valid" (unchanged, unknown signer), "invalid" (changed after
    signing, or badly signed), "none". source_type: an IPTC code or "". signed_at: only from a time stamp service.
    ours: signed with this installation's own certificate.
    """

    state: str
    ours: bool = False
    signer: str = ""
    signed_at: str = ""
    generator: str = ""
    engine: str = ""
    title: str = ""
    source_type: str = ""
    steps: tuple[Step, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    xmp_source_type: str = ""
    problems: tuple[str, ...] = ()
    manifest_id: str = ""

    @property
    def source_words(self) -> str:
        """The source type in words, from the signed statement, else from the metadata."""
        code = self.source_type or self.xmp_source_type
        return WORDS.get(code, code)

    @property
    def synthetic(self) -> bool:
        """Whether what is stated means: not simply a photo."""
        return (self.source_type or self.xmp_source_type) in SYNTHETIC

    @property
    def sentence(self) -> str:
        """The result for people, in one or two sentences."""
        who = self.signer or "an unnamed signer"
        if self.state == "trusted":
            return f"Signed by {who}, whom this site trusts, and not changed since."
        if self.state == "valid":
            return f"Signed by {who} and not changed since. This site does not know the signer, so check who that is."
        if self.state == "invalid":
            why = " ".join(self.problems) or DAMAGED
            return f"Do not rely on what this file says about itself. {why}"
        if self.xmp_source_type:
            return "Not signed. Its metadata name a source, but anyone could have written or changed them."
        return "This file says nothing about how it was made. That proves nothing: many sites remove such data."

    def as_dict(self) -> dict[str, Any]:
        """Everything, for the API."""
        words = {"sentence": self.sentence, "source_words": self.source_words, "synthetic": self.synthetic}
        return asdict(self) | words


def read_credentials(data: bytes, mime: str) -> Report:
    """Report on a file of one of the formats in signing.MIMES; a hostile or damaged one becomes a report too."""
    stated = code_of(xmp.read_source_type(data, mime))
    tools = borrow_tools()
    try:
        with c2pa.Reader(mime, io.BytesIO(data), context=tools.context) as reader:
            store = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return Report("none", xmp_source_type=stated)
    except c2pa.C2paError as error:
        if str(error).startswith("Remote"):  # it names an address to ask, which we do not follow
            return Report("none", xmp_source_type=stated)
        damaged = b"jumb" in data or b"c2pa" in data
        return Report("invalid" if damaged else "none", xmp_source_type=stated, problems=(DAMAGED,) * damaged)
    return _report(store, stated, own_serial=serial_of(tools.key.chain))


def manifest_id(data: bytes, mime: str) -> str:
    """The name of the manifest in a file that was just signed, "" where there is none."""
    return read_credentials(data, mime).manifest_id


def _report(store: dict, xmp_source_type: str, own_serial: str) -> Report:
    identity = store.get("active_manifest") or ""
    manifest = store.get("manifests", {}).get(identity, {})
    steps = _steps(manifest)
    source_type, engine = _origin(store, manifest)
    signature = manifest.get("signature_info") or {}
    generators = manifest.get("claim_generator_info") or [{}]
    name, common = _text(signature.get("issuer")), _text(signature.get("common_name"))
    state = {"Trusted": "trusted", "Valid": "valid"}.get(store.get("validation_state"), "invalid")
    return Report(
        state=state,
        ours=state == "trusted" and str(signature.get("cert_serial_number")) == own_serial,
        signer=f"{name}: {common}" if name and common else name or common,
        signed_at=_text(signature.get("time")),
        generator=" ".join(filter(None, (_text(generators[0].get("name")), _text(generators[0].get("version"))))),
        engine=engine,
        title=_text(manifest.get("title")),
        source_type=source_type,
        steps=steps,
        ingredients=tuple(_ingredient(item) for item in manifest.get("ingredients", [])[:MOST]),
        xmp_source_type=xmp_source_type,
        problems=_problems(store) if state == "invalid" else (),
        manifest_id=_text(identity),
    )


def _actions(manifest: dict) -> list[dict]:
    found = []
    for assertion in manifest.get("assertions", []):
        if assertion.get("label", "").startswith("c2pa.actions") and isinstance(assertion.get("data"), dict):
            found += [action for action in assertion["data"].get("actions", []) if isinstance(action, dict)]
    return found[:MOST]


def _steps(manifest: dict) -> tuple[Step, ...]:
    """The actions in words."""
    return tuple(
        Step(
            code=_text(action.get("action")),
            title=ACTIONS.get(_text(action.get("action")), _text(action.get("action"))),
            description=_text(action.get("description")),
            agent=_agent(action.get("softwareAgent")),
            when=_text(action.get("when")),
        )
        for action in _actions(manifest)
    )


def _origin(store: dict, manifest: dict) -> tuple[str, str]:
    """Source type and software of the file, or of its nearest ancestor that states them: an edit keeps what it was."""
    software = ""
    for _ in range(MOST):
        for action in _actions(manifest):
            software = software or _agent(action.get("softwareAgent"))
            if code := code_of(_text(action.get("digitalSourceType"))):
                return code, _agent(action.get("softwareAgent")) or software
        parents = [item for item in manifest.get("ingredients", []) if item.get("relationship") == "parentOf"]
        manifest = store["manifests"].get(parents[0].get("active_manifest"), {}) if parents else {}
        if not manifest:
            break
    return "", software


def _ingredient(item: dict) -> Ingredient:
    relation = {"parentOf": "made from", "componentOf": "contains", "inputTo": "used"}
    title = _text(item.get("title")) or "A picture without a name"
    return Ingredient(title, relation.get(item.get("relationship"), "related"), bool(item.get("active_manifest")))


def _problems(store: dict) -> tuple[str, ...]:
    failures = store.get("validation_results", {}).get("activeManifest", {}).get("failure", [])
    found = dict.fromkeys(PROBLEMS[failure["code"]] for failure in failures if failure.get("code") in PROBLEMS)
    return tuple(found) or (DAMAGED,)


def _agent(value: Any) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return str(value)[:LONGEST] if value is not None else ""
