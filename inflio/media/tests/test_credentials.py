"""Credentials: written into all three formats without touching pixels, read back, and found out when changed."""

import io
import json
import socket
import threading
import tomllib
from pathlib import Path

import c2pa
import pytest
from PIL import Image

from inflio.media.credentials import (
    Action,
    Record,
    SigningFailed,
    SourceType,
    manifest_id,
    read_credentials,
    sign_derivative,
    sign_picture,
    source_type_of,
    xmp,
)
from inflio.media.credentials.context import borrow_tools
from inflio.media.credentials.version import VERSION

FORMATS = [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
RECORD = Record("A picture", "Inflio on this machine", SourceType.COMPOSITE)


def picture(kind: str = "JPEG", size: tuple[int, int] = (96, 120), **extra) -> bytes:
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize(size)
    Image.merge("RGB", (image, image.rotate(90, expand=False), image)).save(out, kind, **extra)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


@pytest.fixture(autouse=True)
def own_certificate(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


@pytest.mark.parametrize(("kind", "mime"), FORMATS)
def test_a_signed_picture_states_how_it_was_made_and_keeps_its_pixels(kind, mime):
    plain = picture(kind)
    signed = sign_picture(plain, mime, RECORD)
    report = read_credentials(signed, mime)
    assert pixels(signed) == pixels(plain)
    assert (report.state, report.ours, report.problems) == ("trusted", True, ())
    assert report.source_type == report.xmp_source_type == "compositeSynthetic"
    assert (report.title, report.engine) == ("A picture", "Inflio on this machine")
    assert [step.code for step in report.steps] == ["c2pa.created"]
    assert "No generative model" in report.steps[0].description
    assert report.manifest_id.startswith("urn:c2pa:")
    assert report.manifest_id == manifest_id(signed, mime)
    assert len(signed) - len(plain) < 6000


@pytest.mark.parametrize("extra", [{}, {"lossless": True}, {"exif": Image.Exif().tobytes()}])
def test_webp_of_every_kind_gets_a_valid_header(extra):
    plain = picture("WEBP", size=(97, 121), **extra)
    with Image.open(io.BytesIO(xmp.put_packet(plain, "image/webp", b"<x/>"))) as image:
        image.load()
        assert image.size == (97, 121)
        assert image.info["xmp"] == b"<x/>"


def test_transparent_webp_stays_transparent():
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (10, 20, 30, 0)).save(out, "WEBP", lossless=True)
    signed = sign_picture(out.getvalue(), "image/webp", RECORD)
    with Image.open(io.BytesIO(signed)) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(("kind", "mime"), FORMATS)
def test_other_programs_read_the_xmp_and_a_second_packet_replaces_the_first(kind, mime):
    once = xmp.put_packet(picture(kind), mime, xmp.make_packet(source_type="a:b", title="T & <t>", tool="x"))
    twice = xmp.put_packet(once, mime, xmp.make_packet(source_type="c:d", title="T & <t>", tool="x"))
    with Image.open(io.BytesIO(twice)) as image:
        packet = image.info["xmp"] if kind != "PNG" else image.info["XML:com.adobe.xmp"].encode()
    assert b'DigitalSourceType="c:d"' in packet
    assert b"T &amp; &lt;t&gt;" in packet
    assert twice.count(b"DigitalSourceType") == 1


@pytest.mark.parametrize(("kind", "mime"), FORMATS)
def test_one_changed_byte_is_found_out(kind, mime):
    signed = bytearray(sign_picture(picture(kind), mime, RECORD))
    at = signed.rindex(b"IEND") - 20 if kind == "PNG" else len(signed) - 40
    if kind == "WEBP":
        at = signed.index(b"VP8 ") + 60
    signed[at] ^= 1
    report = read_credentials(bytes(signed), mime)
    assert report.state == "invalid"
    assert not report.ours
    assert "changed after it was signed" in report.sentence


@pytest.mark.parametrize(("kind", "mime"), FORMATS)
def test_saving_again_removes_everything(kind, mime):
    signed = sign_picture(picture(kind), mime, RECORD)
    out = io.BytesIO()
    Image.open(io.BytesIO(signed)).convert("RGB").save(out, kind)
    report = read_credentials(out.getvalue(), mime)
    assert report.state == "none"
    assert "proves nothing" in report.sentence


def test_a_derivative_carries_its_parent_and_its_source_type():
    original = sign_picture(picture("PNG", (200, 250)), "image/png", RECORD)
    small = sign_derivative(
        picture("WEBP", (80, 100)),
        "image/webp",
        parent=original,
        parent_mime="image/png",
        actions=(Action("c2pa.cropped", "Cropped around the face"), Action("c2pa.resized", "To 80 x 100 pixels")),
        record=Record("An export", "Inflio"),
    )
    again = sign_derivative(
        picture("JPEG", (40, 50)),
        "image/jpeg",
        parent=small,
        parent_mime="image/webp",
        actions=(Action("c2pa.transcoded"),),
        record=Record("An export of an export", "Inflio"),
    )
    report = read_credentials(small, "image/webp")
    assert report.state == "trusted"
    assert [step.code for step in report.steps] == ["c2pa.opened", "c2pa.cropped", "c2pa.resized"]
    assert [(item.relation, item.signed) for item in report.ingredients] == [("made from", True)]
    assert report.source_type == report.xmp_source_type == "compositeSynthetic"
    assert report.engine == "Inflio on this machine"
    assert read_credentials(again, "image/jpeg").source_type == "compositeSynthetic"
    manifests = json.loads(c2pa.Reader("image/jpeg", io.BytesIO(again), context=borrow_tools().context).json())
    assert len(manifests["manifests"]) == 3


def test_what_a_provider_signed_stays_inside(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "provider"
    delivered = sign_picture(picture(), "image/jpeg", Record("Theirs", "A provider", SourceType.GENERATED))
    settings.VAR_DIR = tmp_path / "var"
    ours = sign_picture(delivered, "image/jpeg", Record("Ours", "A provider", SourceType.GENERATED))
    report = read_credentials(ours, "image/jpeg")
    assert (report.state, report.ours, report.source_type) == ("trusted", True, "trainedAlgorithmicMedia")
    assert [step.code for step in report.steps] == ["c2pa.opened", "c2pa.edited.metadata"]
    assert report.ingredients[0].signed


def test_a_foreign_signature_is_valid_but_unknown(settings, tmp_path):
    signed = sign_picture(picture(), "image/jpeg", RECORD)
    settings.VAR_DIR = tmp_path / "elsewhere"
    report = read_credentials(signed, "image/jpeg")
    assert (report.state, report.ours) == ("valid", False)
    assert "Inflio (self-made certificate)" in report.signer
    assert "does not know the signer" in report.sentence


def test_a_foreign_root_can_be_trusted(settings, tmp_path):
    signed = sign_picture(picture(), "image/jpeg", RECORD)
    settings.C2PA_TRUST = str(settings.VAR_DIR / "credentials" / "chain.pem")
    settings.VAR_DIR = tmp_path / "elsewhere"
    report = read_credentials(signed, "image/jpeg")
    assert (report.state, report.ours) == ("trusted", False)


def test_metadata_without_a_signature_are_only_a_claim():
    packet = xmp.make_packet(source_type=SourceType.GENERATED.iri, title="", tool="")
    report = read_credentials(xmp.put_packet(picture(), "image/jpeg", packet), "image/jpeg")
    assert (report.state, report.xmp_source_type) == ("none", "trainedAlgorithmicMedia")
    assert "Not signed" in report.sentence


def test_a_file_that_names_an_address_makes_no_call():
    ear = socket.create_server(("127.0.0.1", 0))
    ear.setblocking(False)
    tools = borrow_tools()
    out = io.BytesIO()
    statement = {"claim_generator_info": [{"name": "x", "version": "1"}], "assertions": []}
    with c2pa.Builder(json.dumps(statement), context=tools.context) as builder:
        builder.set_intent(c2pa.C2paBuilderIntent.CREATE, c2pa.C2paDigitalSourceType.DIGITAL_CAPTURE)
        builder.set_no_embed()
        builder.set_remote_url(f"http://127.0.0.1:{ear.getsockname()[1]}/manifest.c2pa")
        builder.sign(tools.signer, "image/jpeg", io.BytesIO(picture()), out)
    report = read_credentials(out.getvalue(), "image/jpeg")
    assert report.state == "none"
    with ear, pytest.raises(BlockingIOError):  # nobody is waiting to be heard
        ear.accept()


@pytest.mark.parametrize(
    "junk", [b"", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\xff\xff" + b"jumb" * 90, b"RIFF....WEBP"]
)
def test_damaged_files_get_a_report_too(junk):
    for mime in ("image/jpeg", "image/png", "image/webp"):
        assert read_credentials(junk, mime).state in {"none", "invalid"}


def test_what_is_no_picture_cannot_be_signed():
    with pytest.raises(SigningFailed):
        sign_picture(b"hello", "image/jpeg", RECORD)
    with pytest.raises(SigningFailed):
        sign_picture(picture(), "image/gif", RECORD)


def test_engines_state_their_method_and_silence_counts_as_generated():
    assert source_type_of("composite") == SourceType.COMPOSITE
    assert source_type_of("illustration") == SourceType.DRAWN
    assert source_type_of(None) == source_type_of("something new") == SourceType.GENERATED


def test_several_threads_sign_at_once():
    results = []

    def work():
        results.append(read_credentials(sign_picture(picture(), "image/jpeg", RECORD), "image/jpeg").state)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["trusted"] * 4


def test_the_version_is_the_projects():
    project = Path(__file__).resolve().parents[3] / "pyproject.toml"
    assert tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"] == VERSION


@pytest.mark.parametrize(("kind", "mime"), FORMATS)
def test_the_picture_is_known_again_without_its_metadata(kind, mime):
    plain = picture(kind)
    signed = sign_picture(plain, mime, RECORD)
    other = picture(kind, size=(97, 120))
    assert xmp.picture_digest(signed, mime) == xmp.picture_digest(plain, mime) != ""
    assert xmp.picture_digest(other, mime) != xmp.picture_digest(plain, mime)
    assert xmp.picture_digest(b"hello", mime) == ""
