"""A post's files as each channel gets them: cut, under the limit, marked, signed, and made once."""

import io

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.credentials import read_credentials
from inflio.media.credentials.xmp import _bare_jpeg
from inflio.media.models import Asset
from inflio.media.services import delete_assets
from inflio.media.verification import verify_file
from personas.models import Persona
from personas.tests.makers import encoded
from scheduling.disclosure.mark import draw_mark
from scheduling.models import Post
from scheduling.platforms.base import Ratio, Rules
from scheduling.services.preparing import files_of, prepare_media
from scheduling.services.preparing.pictures import prepare_picture, shape_for
from scheduling.tests import makers


def prepared(ready, platform: str, **changes) -> list[Asset]:
    channel = makers.channel(ready, platform)
    pictures = changes.pop("pictures", 1)
    post = makers.post(ready, channel, pictures=pictures, **changes)
    return prepare_media(publication=makers.publication(post, channel))


def pixels(asset: Asset) -> np.ndarray:
    with Image.open(io.BytesIO(storage.read(asset.name))) as opened:
        return np.asarray(opened.convert("L"), dtype=int)


def test_instagram_gets_its_shape_marked_and_signed(ready):
    [asset] = prepared(ready, "instagram")
    assert (asset.width, asset.height, asset.mime) == (1080, 1350, "image/jpeg")
    assert asset.size <= 8_000_000
    assert asset.source == Asset.Source.DERIVED
    assert asset.provenance["marked"] is True
    data = storage.read(asset.name)
    report = read_credentials(data, "image/jpeg")
    assert report.state == "trusted"
    assert report.xmp_source_type == "compositeSynthetic"
    steps = [step.code for step in report.steps]
    assert "c2pa.addedText" in steps
    assert "c2pa.resized" in steps
    found = verify_file(SimpleUploadedFile("from-the-web.jpg", data))
    assert found.made_here


def test_copy_without_its_metadata_is_still_known_as_ours(ready):
    [asset] = prepared(ready, "instagram")
    bare = b"\xff\xd8" + b"".join(_bare_jpeg(storage.read(asset.name)))
    found = verify_file(SimpleUploadedFile("stripped.jpg", bare))
    assert found.stripped


@pytest.mark.parametrize(("platform", "size"), [("linkedin", (1200, 1500)), ("site", (1024, 1280))])
def test_each_platform_gets_its_own_size(ready, platform, size):
    [asset] = prepared(ready, platform)
    assert (asset.width, asset.height) == size


def test_repeating_makes_nothing_new(ready):
    channel = makers.channel(ready, "instagram")
    post = makers.post(ready, channel, pictures=2, format=Post.Format.CAROUSEL)
    publication = makers.publication(post, channel)
    first = prepare_media(publication=publication)
    again = prepare_media(publication=publication)
    assert [one.pk for one in first] == [one.pk for one in again]
    assert len({one.pk for one in first}) == 2
    storage.remove(first[0].name)  # a file that was lost is made again
    assert storage.read(prepare_media(publication=publication)[0].name)


def test_mark_changes_its_corner_and_nothing_else(ready):
    asset = makers.gallery_item(ready).asset
    shape = shape_for(Rules(preset="ig_feed_portrait"))
    marked = prepare_picture(asset=asset, shape=shape, marked=True)
    plain = prepare_picture(asset=asset, shape=shape, marked=False)
    assert marked.pk != plain.pk
    changed = np.abs(pixels(marked) - pixels(plain)) > 40
    rows, columns = np.nonzero(changed)
    assert columns.min() > 0.84 * 1080
    assert rows.max() < 0.1 * 1350
    assert changed.sum() > 1500


@pytest.mark.parametrize("ground", [0, 90, 160, 255])
@pytest.mark.parametrize("size", [(1080, 1350), (1080, 1920), (320, 320), (1920, 1080)])
def test_mark_stands_out_on_any_ground(ground, size):
    marked = draw_mark(Image.new("RGB", size, (ground,) * 3))
    shade = np.asarray(marked.convert("L"), dtype=int)
    corner = shade[:, size[0] * 3 // 4 :]
    assert corner.max() > 240
    assert corner.min() < 30  # light letters on their own dark plate, whatever lies below
    rows, _ = np.nonzero(np.abs(shade - ground) > 60)
    assert rows.min() >= 0.02 * min(size)
    if size == (1080, 1920):
        assert rows.min() > 0.1 * 1920  # below the buttons of the platforms


def test_owner_can_leave_the_mark_out_only_where_no_law_asks(ready):
    ready.consents.all().delete()
    quiet = {"regions": ["BR"]}
    channel = makers.channel(ready, "instagram")
    post = makers.post(ready, channel, **quiet)
    post.targets.update(options={"ai_mark": False})
    [asset] = prepare_media(publication=makers.publication(post, channel))
    assert asset.provenance["marked"] is False
    Post.objects.filter(pk=post.pk).update(regions=["EU"])
    post.refresh_from_db()
    [asset] = prepare_media(publication=post.publications.get())
    assert asset.provenance["marked"] is True


def test_real_photo_in_between_is_not_marked_as_ai(ready):
    channel = makers.channel(ready, "instagram")
    post = makers.post(ready, channel, pictures=2, format=Post.Format.CAROUSEL)
    photo = post.media.get(position=1).asset
    Asset.objects.filter(pk=photo.pk).update(provenance={"ai_made": False})
    made, real = prepare_media(publication=makers.publication(post, channel))
    assert (made.provenance["marked"], real.provenance["marked"]) == (True, False)


def test_drawn_persona_needs_no_mark_but_keeps_its_label(ready):
    Persona.objects.filter(pk=ready.pk).update(look=Persona.Look.ILLUSTRATED)
    ready.refresh_from_db()
    [asset] = prepared(ready, "instagram")
    assert asset.provenance["marked"] is False


def test_picture_stays_under_the_limit(ready):
    noise = Image.effect_noise((800, 1000), 90).convert("RGB")
    asset = makers.gallery_item(ready).asset
    name = storage.content_name(ready.workspace_id, "f" * 64, "jpg")
    storage.write_once(name, encoded(noise))
    Asset.objects.filter(pk=asset.pk).update(name=name, sha256="f" * 64, width=800, height=1000)
    asset.refresh_from_db()
    small = prepare_picture(asset=asset, shape=shape_for(Rules(most_bytes=700_000)), marked=True)
    assert small.size <= 700_000
    with pytest.raises(InvalidInput, match="too large here"):
        prepare_picture(asset=asset, shape=shape_for(Rules(most_bytes=100_000)), marked=True)


def test_shape_outside_of_the_limits_is_cut_around_the_face(ready):
    asset = makers.gallery_item(ready, size=(800, 1600)).asset
    made = prepare_picture(asset=asset, shape=shape_for(Rules(ratio=Ratio(0.8, 1.91), widest=600)), marked=False)
    assert (made.width, made.height) == (600, 750)


@pytest.mark.parametrize(("break_it", "code"), [("gone", "media_missing"), ("broken", "media_broken")])
def test_missing_and_broken_files_are_said(ready, break_it, code):
    channel = makers.channel(ready, "instagram")
    post = makers.post(ready, channel)
    asset = post.media.get().asset
    storage.remove(asset.name)
    if break_it == "broken":
        storage.write_once(asset.name, b"\xff\xd8 no picture")
    with pytest.raises(InvalidInput) as error:
        prepare_media(publication=makers.publication(post, channel))
    assert error.value.code == code


def test_picture_made_for_this_time_goes_instead_of_the_posts(ready):
    channel = makers.channel(ready, "instagram")
    post = makers.post(ready, channel)
    item = makers.gallery_item(ready, 9)
    publication = makers.publication(post, channel, generated=item)
    assert files_of(post=post, publication=publication) == [item.asset]
    assert files_of(post=post) == [post.media.get().asset]


def test_copies_go_with_their_picture(ready, django_capture_on_commit_callbacks):
    [copy] = prepared(ready, "instagram")
    with django_capture_on_commit_callbacks(execute=True):
        delete_assets(assets=[copy.parent])
    assert not Asset.objects.filter(pk=copy.pk).exists()
    with pytest.raises(FileNotFoundError):
        storage.read(copy.name)


def test_other_picture_gives_another_copy(ready):
    first, second = (makers.gallery_item(ready, number).asset for number in (1, 2))
    shape = shape_for(Rules(preset="ig_feed_square"))
    assert prepare_picture(asset=first, shape=shape, marked=True).pk != (
        prepare_picture(asset=second, shape=shape, marked=True).pk
    )
