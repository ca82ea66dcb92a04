"""A stored file is whole or absent, shared by equal contents, and gone when its last row is gone."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from inflio.accounts.models import Workspace
from inflio.media import services, storage, thumbnails
from inflio.media.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def jpeg(width=800, height=1000, colour="teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def add_asset(workspace, data: bytes) -> Asset:
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    file = services.store_file(
        workspace_id=workspace.pk, data=data, mime="image/jpeg", extension="jpg", width=width, height=height
    )
    return services.create_asset(workspace=workspace, file=file, source=Asset.Source.UPLOAD)


def files(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_write_once_leaves_no_half_file_when_the_disk_fails(media_folder, monkeypatch):
    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        storage.write_once("w1/ab/x.jpg", b"data")
    assert files(media_folder) == []


def test_equal_contents_share_a_file_until_the_last_row_goes(media_folder, django_capture_on_commit_callbacks):
    workspace = Workspace.objects.create(name="Studio")
    first, second = add_asset(workspace, jpeg()), add_asset(workspace, jpeg())
    assert first.name == second.name
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_assets(assets=[first])
    assert default_storage.exists(second.name)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_assets(assets=[second])
    assert files(media_folder) == []


def test_workspaces_never_share_a_file():
    one, two = Workspace.objects.create(name="One"), Workspace.objects.create(name="Two")
    assert add_asset(one, jpeg()).name != add_asset(two, jpeg()).name


def test_thumbnail_is_sized_kept_and_removed_with_its_picture(media_folder, django_capture_on_commit_callbacks):
    asset = add_asset(Workspace.objects.create(name="Studio"), jpeg(800, 1000))
    data = thumbnails.thumbnail(asset, 320)
    with Image.open(io.BytesIO(data)) as small:
        assert (small.format, small.size) == ("WEBP", (320, 400))
    assert storage.read(thumbnails.thumbnail_name(asset, 320)) == data
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_assets(assets=[asset])
    assert files(media_folder) == []


def test_thumbnail_never_enlarges():
    asset = add_asset(Workspace.objects.create(name="Studio"), jpeg(400, 500))
    with Image.open(io.BytesIO(thumbnails.thumbnail(asset, 640))) as small:
        assert small.size == (400, 500)


def test_thumbnail_of_another_width_is_refused():
    asset = add_asset(Workspace.objects.create(name="Studio"), jpeg(400, 500))
    with pytest.raises(ValueError, match="use one of"):
        thumbnails.thumbnail(asset, 321)
