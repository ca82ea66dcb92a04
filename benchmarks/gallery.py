"""The gallery's first page with 100 and with 100,000 saved items, and the memory of a zip of 500 pictures."""

import io
import random
import time

import psutil
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from benchmarks.table import Row
from content.models import ContentItem, Tag
from content.services.exports import MOST, ExportOptions, export_zip
from inflio.accounts.models import User, Workspace
from inflio.accounts.services import create_workspace
from inflio.billing.models import CreditAccount
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from personas.models import Persona

FEW, MANY = 100, 100_000
ROUNDS = 15
AT_ONCE = 5000
WORDS = (
    "golden",
    "hour",
    "soft",
    "light",
    "city",
    "street",
    "morning",
    "beach",
    "wind",
    "warm",
    "window",
    "market",
    "harbour",
    "linen",
    "denim",
    "lamp",
    "train",
)
PAGES = {
    "first page": "",
    "one look": "look=luxury.yacht",
    "a category": "look=luxury",
    "one persona": "persona={persona}",
    "favourites": "show=favourites",
    "a tag": "tag={tag}",
    "this month": "month={month}",
    "searched, a word of every prompt": "q=photo",
    "searched, two words": "q=golden+beach",
    "searched, a rare word": "q=zebra",
}


def measure() -> list[Row]:
    """Two workspaces side by side: the small one shares its tables and indexes with the large one."""
    call_command("migrate", verbosity=0)
    few, many = (_Gallery(f"gallery{count}@example.com", count) for count in (FEW, MANY))
    rows = []
    for name, query in PAGES.items():
        small, large = _side_by_side(few, many, query)
        (small_queries, small_ms), (large_queries, large_ms) = small, large
        rows.append(Row(f"Gallery, {name}: {MANY} items", large_ms, "ms", "1.2x", small_ms))
        rows.append(
            Row(f"Gallery, {name}: queries, {FEW} and {MANY}", f"{small_queries} and {large_queries}", "", "same")
        )
    return rows + _zip(many)


class _Gallery:
    """A user with so many saved items that share one picture; half of them have each thing that is filtered by, so that
    both galleries fill a page."""

    def __init__(self, email: str, count: int) -> None:
        user = User.objects.create_user(email, "a-long-quiet-evening")
        self.workspace: Workspace = create_workspace(owner=user).workspace
        CreditAccount.objects.filter(workspace=self.workspace).update(plan="creator")
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.personas = [Persona.objects.create(workspace=self.workspace, name=f"Persona {n}") for n in range(2)]
        self.tag = Tag.objects.create(workspace=self.workspace, name="bench")
        self.asset = _picture(self.workspace)
        rng, looks = random.Random(count), ["lifestyle.home", "luxury.yacht"]
        for start in range(0, count, AT_ONCE):
            self._add([_item(self, number, looks, rng) for number in range(start, min(count, start + AT_ONCE))])

    def _add(self, items: list[ContentItem]) -> None:
        through = ContentItem.tags.through
        made = ContentItem.objects.bulk_create(items)
        through.objects.bulk_create([through(contentitem_id=row.pk, tag_id=self.tag.pk) for row in made[::2]])

    def url(self, query: str) -> str:
        month = ContentItem.objects.filter(workspace=self.workspace).latest("pk").created_at
        return "/gallery/?" + query.format(persona=self.personas[0].pk, tag=self.tag.pk, month=f"{month:%Y-%m}")


def _item(gallery: _Gallery, number: int, looks: list[str], rng: random.Random) -> ContentItem:
    rare = " zebra" if number % 2 == 0 and number < FEW else ""  # as many in both
    return ContentItem(
        workspace=gallery.workspace,
        persona=gallery.personas[number % 2],
        asset=gallery.asset,
        look=looks[number % 2],
        engine="embedded",
        prompt=f"A photo of a woman, {' '.join(rng.choices(WORDS, k=40))}{rare}",
        seed=number,
        saved=True,
        favourite=number % 2 == 0,
    )


def _picture(workspace: Workspace) -> Asset:
    noise = Image.effect_noise((256, 320), 60).resize((1024, 1280)).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=90)
    file = store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=1024, height=1280
    )
    return create_asset(workspace=workspace, file=file, source=Asset.Source.ENGINE, identity_score=0.9)


def _side_by_side(few: _Gallery, many: _Gallery, query: str) -> tuple[tuple[int, float], tuple[int, float]]:
    """Queries and least milliseconds of the same page of both, asked in turns so that both meet the same weather."""
    urls = [(gallery.client, gallery.url(query)) for gallery in (few, many)]
    counts, times = [], [[], []]
    for client, url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    for _ in range(ROUNDS):
        for place, (client, url) in enumerate(urls):
            start = time.perf_counter()
            client.get(url)
            times[place].append((time.perf_counter() - start) * 1000)
    few_ms, many_ms = (min(row) for row in times)
    return (counts[0], few_ms), (counts[1], many_ms)


def _zip(gallery: _Gallery) -> list[Row]:
    """Stream a zip of as many pictures as one export takes; how far the memory climbs after the first twenty."""
    items = ContentItem.objects.filter(workspace=gallery.workspace).select_related("asset", "persona")[:MOST]
    process, size, after_some, most = psutil.Process(), 0, 0, 0
    start = time.perf_counter()
    for number, piece in enumerate(export_zip(items=items, options=ExportOptions("ig_feed_portrait"))):
        size += len(piece)
        if number == 20:
            after_some = process.memory_info().rss
        most = max(most, process.memory_info().rss)
    took = time.perf_counter() - start
    return [
        Row(
            f"Zip of {MOST} pictures: memory it climbs while {size / 1e6:.0f} MB pass",
            (most - after_some) / 1e6,
            "MB",
            "flat",
        ),
        Row(f"Zip of {MOST} pictures: time for each, cut, encoded and signed", took / MOST * 1000, "ms"),
    ]
