"""Seeds are offered, kept and shown only where they repeat a picture."""

import pytest
from django.urls import reverse

from content.models import ContentItem, Shoot
from inflio.generation.engines import get_engine
from inflio.media.models import Asset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates", "keys")]
GPT, NANO = "fal_gpt_image_1_5", "fal_nano_banana_2"


def order(persona, engine: str, **more) -> dict:
    usual = {"look": "lifestyle.travel", "content_type": "portrait", "style": "natural", "aspect": "1:1", "count": "2"}
    return {"persona": persona.pk, **usual, "engine": engine, "seed": "77", "key": "k", **more}


def finish(items) -> None:
    asset = Asset.objects.filter(photo_of__isnull=False).first()
    items.update(asset=asset, saved=True)


@pytest.mark.parametrize(("engine", "seeded"), [("embedded", True), (NANO, True), ("gemini", True), (GPT, False)])
def test_form_offers_a_seed_where_the_engine_takes_one(allowed, alice_client, engine, seeded):
    assert get_engine(engine).capabilities["picture"].seeded is seeded
    page = alice_client.get(reverse("content:compose"), {"persona": allowed.pk, "engine": engine}).content.decode()
    assert f'value="{engine}"\n' in page.replace(" ", "")
    assert ('name="seed"' in page, "the same pictures again" in page, "Engine and seed" in page) == (seeded,) * 3


def test_seed_that_an_engine_does_not_take_is_neither_kept_nor_shown(allowed, alice_client):
    made = alice_client.post(reverse("content:compose"), order(allowed, GPT), follow=True)
    assert made.status_code == 200
    shoot, items = Shoot.objects.get(), ContentItem.objects.all()
    assert (shoot.engine, set(items.values_list("seed", flat=True))) == (GPT, {None})
    finish(items)
    for url in (shoot.get_absolute_url(), items.first().get_absolute_url()):
        page = alice_client.get(url).content.decode()
        assert "Seed" not in page
        assert "None" not in page
    again = alice_client.get(reverse("content:compose"), {"from": items.first().pk, "engine": NANO}).content.decode()
    assert "Engine and seed" in again
    assert str(shoot.seed) not in again


def test_seed_that_an_engine_takes_is_kept_and_shown(allowed, alice_client):
    alice_client.post(reverse("content:compose"), order(allowed, NANO))
    shoot, items = Shoot.objects.get(), ContentItem.objects.order_by("position")
    assert list(items.values_list("seed", flat=True)) == [77, 78]
    finish(items)
    assert "Seed 77" in alice_client.get(shoot.get_absolute_url()).content.decode()
