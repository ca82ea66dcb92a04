"""Files go to members of their workspace, sized and cacheable, and to nobody else."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from inflio.media import services
from inflio.media.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(workspace) -> Asset:
    out = io.BytesIO()
    Image.new("RGB", (800, 1000), "teal").save(out, "JPEG")
    file = services.store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=800, height=1000
    )
    return services.create_asset(
        workspace=workspace, file=file, source=Asset.Source.ENGINE, provenance={"title": "Ada: Headshot"}
    )


def test_thumbnail_is_sized_private_and_kept_by_the_browser(bob_client, asset):
    answer = bob_client.get(asset.thumbnail_url(320))
    with Image.open(io.BytesIO(answer.content)) as small:
        assert (small.format, small.width) == ("WEBP", 320)
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = bob_client.get(asset.thumbnail_url(320), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_thumbnail_of_another_width_is_404(alice_client, asset):
    assert alice_client.get(reverse("media:thumbnail", args=[asset.pk, 321])).status_code == 404


def test_download_has_a_speaking_name_and_no_metadata(alice_client, asset):
    answer = alice_client.get(asset.download_url)
    assert answer["Content-Disposition"] == 'attachment; filename="ada-headshot.jpg"'
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (800, 1000)


@pytest.mark.parametrize("path", ["small_url", "download_url"])
def test_file_is_404_for_a_stranger_and_a_log_in_for_a_guest(client, charlie_client, asset, path):
    assert charlie_client.get(getattr(asset, path)).status_code == 404
    assert client.get(getattr(asset, path)).url.startswith("/accounts/login/")


def test_file_that_is_missing_in_storage_is_404(alice_client, asset, settings):
    Asset.objects.update(name="w1/00/gone.jpg")
    assert alice_client.get(asset.download_url).status_code == 404
