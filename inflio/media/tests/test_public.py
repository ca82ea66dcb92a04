"""The address from which a platform fetches one file: signed, for a while, without a log-in, and in parts."""

import io
from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from PIL import Image

from inflio.media import public, storage
from inflio.media.models import Asset
from inflio.media.public import public_url
from inflio.media.services import create_asset, delete_assets, store_file

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def asset(workspace) -> Asset:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 400)).convert("RGB").save(out, "JPEG", quality=95)
    data = out.getvalue()
    file = store_file(workspace_id=workspace.pk, data=data, mime="image/jpeg", extension="jpg", width=320, height=400)
    return create_asset(workspace=workspace, file=file, source=Asset.Source.ENGINE)


@pytest.fixture
def path(asset) -> str:
    url = public_url(asset)
    assert url.startswith(f"{SITE}/m/")
    assert url.isascii()
    return url.removeprefix(SITE)


def test_platform_gets_the_file_without_log_in_cookie_or_redirect(asset, path):
    answer = Client().get(path)
    data = storage.read(asset.name)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Length"] == str(len(data))
    assert answer["Accept-Ranges"] == "bytes"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "public, max-age=300, no-transform"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_head_tells_the_length_and_sends_nothing(asset, path):
    answer = Client().head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(asset.size)
    assert answer["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-50", -50, None), ("bytes=10-999999999", 10, None)],
)
def test_part_of_a_file(asset, path, asked, start, end):
    data = storage.read(asset.name)
    answer = Client().get(path, headers={"Range": asked})
    wanted = data[start : end + 1] if end is not None else data[start:]
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == wanted
    first = start if start >= 0 else len(data) + start
    assert answer["Content-Range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(data)}"
    assert answer["Content-Length"] == str(len(wanted))


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=9-3"])
def test_part_that_is_not_there(asset, path, asked):
    answer = Client().get(path, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{asset.size}")


LONG = "9" * 4400


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=-", "lines=1-2", "bytes=a-b", f"bytes=0-{LONG}", f"bytes={LONG}-", "bytes=٠-٩"]
)
def test_range_that_is_not_understood_gives_the_whole_file(asset, path, asked):
    answer = Client().get(path, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(asset.size))
    answer.close()


def test_changed_file_is_not_sent_in_part(asset, path):
    answer = Client().get(path, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert answer.status_code == 200
    answer.close()
    assert Client().get(path, headers={"If-None-Match": f'"{asset.sha256}"'}).status_code == 304


def test_address_ends(asset, path, monkeypatch):
    now = public.time.time()
    monkeypatch.setattr(public.time, "time", lambda: now + timedelta(hours=47).total_seconds())
    assert Client().head(path).status_code == 200
    monkeypatch.setattr(public.time, "time", lambda: now + timedelta(hours=49, seconds=1).total_seconds())
    assert Client().get(path).status_code == 404


def test_forged_and_foreign_addresses_are_not_found(asset, path, workspace):
    token, name = path.removeprefix("/m/").split("/")
    told, signature = token.split(".")
    pk, end, sha256 = told.split("-")
    later = f"{pk}-{public._base36(int(end, 36) + 1)}-{sha256}"
    other = Signer(salt="another purpose", sep=".").sign(told)
    for forged in (f"{later}.{signature}", f"{told}.{signature[:-2]}xx", told, other, "x", f"..{signature}"):
        assert Client().get(f"/m/{forged}/{name}").status_code == 404
    assert Client().get(f"/m/{token}/other.jpg").status_code == 404
    assert Client().post(path).status_code == 405


def test_deleted_file_is_gone_at_once(asset, path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_assets(assets=[asset])
    assert Client().get(path).status_code == 404


def test_file_missing_in_storage_is_not_found(asset, path):
    storage.remove(asset.name)
    assert Client().get(path).status_code == 404


def test_address_shows_one_file_only(asset, path, workspace):
    """Another row under the same key, as after a restore, is not shown by an old address."""
    Asset.objects.filter(pk=asset.pk).update(sha256="0" * 64)
    assert Client().get(path).status_code == 404


def test_members_see_the_original_in_parts_and_strangers_do_not(asset, bob_client, charlie_client):
    answer = bob_client.get(asset.original_url, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer["Content-Length"]) == (206, "10")
    assert "private" in answer["Cache-Control"]
    answer.close()
    assert charlie_client.get(asset.original_url).status_code == 404
    assert Client().get(asset.original_url).status_code == 302


def test_deleting_a_picture_deletes_its_copies(asset, workspace, django_capture_on_commit_callbacks):
    file = store_file(workspace_id=workspace.pk, data=b"copy", mime="image/jpeg", extension="jpg", width=1, height=1)
    copy = create_asset(workspace=workspace, file=file, source=Asset.Source.DERIVED, parent=asset)
    with django_capture_on_commit_callbacks(execute=True):
        delete_assets(assets=[asset])
    assert not Asset.objects.filter(pk=copy.pk).exists()
    with pytest.raises(FileNotFoundError):
        storage.read(copy.name)
