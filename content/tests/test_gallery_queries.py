"""Filters and pages of the gallery: right rows, no gaps, no doubles, and a search that keeps up."""

from datetime import UTC, datetime

import pytest
from django.db import connection, models
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import ContentItem
from content.queries.gallery import GalleryFilter, by_month, gallery_page, items_of, keys_of, months_of, neighbours
from content.queries.saved import saved_count
from content.queries.search import ensure_index, words_of
from content.services import boards, items
from content.tests.gallery_makers import finished_item, finished_items, plain_persona

pytestmark = pytest.mark.django_db


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def found(workspace):
    """Keys that a filter of an address finds."""

    def find(address: str, limit: int = 50) -> list[int]:
        return keys_of(workspace, GalleryFilter.read(QueryDict(address)), limit=limit)

    return find


def bare_items(persona, count: int) -> list[ContentItem]:
    """Saved items that share one picture, made in one go."""
    asset = finished_item(persona, saved=False).asset
    ContentItem.objects.all().delete()
    rows = [
        ContentItem(workspace=persona.workspace, persona=persona, asset=asset, engine="embedded", saved=True)
        for _ in range(count)
    ]
    return ContentItem.objects.bulk_create(rows)


def test_each_filter_finds_its_items(persona, workspace, alice, found):
    other = plain_persona(workspace, alice, "Grace")
    travel = finished_item(persona, number=1, prompt="On the beach at dawn")
    yacht = finished_item(persona, number=2, look="luxury.yacht", engine="fal", prompt="On deck")
    villa = finished_item(other, number=3, look="luxury.villa", prompt="Beach house")
    result = finished_item(other, number=4, saved=False, prompt="beach")
    items.favourite_item(item=villa, favourite=True)
    (tag,) = items.tag_items(items=[travel, villa], names=["sea"])
    board = boards.create_board(workspace=workspace, name="B")
    boards.put_on_board(items=[yacht, travel], board=board)
    t, y, v = travel.pk, yacht.pk, villa.pk
    assert found("") == [v, y, t]
    assert found("show=favourites") == [v]
    assert found("show=results") == [result.pk]
    assert found("look=luxury") == [v, y]
    assert found("look=luxury.yacht") == [y]
    assert found(f"persona={persona.pk}") == [y, t]
    assert found("engine=fal") == [y]
    assert found(f"tag={tag.pk}") == [v, t]
    assert found(f"board={board.pk}") == [y, t]
    assert found("q=beach") == [v, t]
    assert found("q=BEA") == [v, t]
    assert found("q=beach+dawn") == [t]
    assert found("q=beach&show=results") == [result.pk]
    assert found(f"q=beach&tag={tag.pk}&persona={other.pk}") == [v]
    assert found(f"q=on&board={board.pk}&look=luxury") == [y]
    assert found(f"tag={tag.pk}&board={board.pk}") == [t]
    assert found("q=beach&look=portrait") == []
    assert found("look=luxury", limit=1) == [v]


def test_other_workspaces_are_never_found(persona, charlie, found):
    theirs = plain_persona(charlie.workspaces.get(), charlie)
    row = finished_item(theirs, prompt="secret beach")
    (tag,) = items.tag_items(items=[row], names=["sea"])
    board = boards.create_board(workspace=theirs.workspace, name="B")
    boards.put_on_board(items=[row], board=board)
    for address in ("", "q=secret", f"tag={tag.pk}", f"board={board.pk}", f"persona={theirs.pk}", "look=lifestyle"):
        assert found(address) == []


def test_month_is_the_readers_own(persona, found, settings):
    first, second, third = finished_items(persona, 3)
    for row, when in ((first, (2026, 9, 30, 23, 30)), (second, (2026, 10, 1, 0, 30)), (third, (2026, 10, 31, 23, 59))):
        ContentItem.objects.filter(pk=row.pk).update(created_at=datetime(*when, tzinfo=UTC))
    assert found("month=2026-10") == [third.pk, second.pk]
    assert found("month=2026-09") == [first.pk]
    assert found("month=2026-08") == []
    settings.TIME_ZONE = "Europe/Berlin"
    assert found("month=2026-10") == [second.pk, first.pk]
    rows, _ = gallery_page(workspace=persona.workspace, chosen=GalleryFilter())
    assert [(month.month, len(group)) for month, group in by_month(rows)] == [(11, 1), (10, 2)]
    assert [month.month for month in months_of(persona.workspace)] == [11, 10]


def test_search_follows_every_change(persona, found):
    row = finished_item(persona, prompt="Café in Zürich", saved=False)
    assert found("q=cafe&show=results") == [row.pk]
    items.save_items(items=[row])
    assert found("q=zurich") == [row.pk]
    ContentItem.objects.filter(pk=row.pk).update(prompt="A bridge")
    assert found("q=cafe") == []
    assert found("q=bridge") == [row.pk]
    items.delete_items(items=[row])
    assert found("q=bridge") == []


@pytest.mark.django_db(transaction=True)
def test_search_outlives_a_migration_that_remakes_the_table(persona, found):
    before, after = models.CharField(max_length=31), ContentItem._meta.get_field("engine")
    before.set_attributes_from_name("engine")
    with connection.schema_editor() as editor:
        editor.alter_field(ContentItem, after, before)
        editor.alter_field(ContentItem, before, after)
    row = finished_item(persona, prompt="dunes")
    ensure_index()  # as after every migrate
    assert found("q=dunes") == [row.pk]
    items.delete_items(items=[row])
    assert found("q=dunes") == []


@pytest.mark.parametrize(
    "text", ['"', "'; DROP TABLE", "a AND OR NOT", "*", "scope:w1s", "x" * 500, "\0", "😀", "(", "^a"]
)
def test_hostile_words_are_only_words(persona, found, text):
    finished_item(persona, prompt="quiet")
    query = QueryDict(mutable=True)
    query["q"] = text
    assert isinstance(found(query.urlencode()), list)
    assert all(word.isalnum() for word in words_of(text))


@pytest.mark.parametrize(
    "address",
    ["persona=x", "tag=99999999999999999999", "month=2026-13", "month=0001-01", "look=nope", "show=all", "q=%00"],
)
def test_what_cannot_be_understood_is_left_out(address):
    assert GalleryFilter.read(QueryDict(address)) == GalleryFilter()


def test_address_and_filter_are_the_same(workspace):
    chosen = GalleryFilter(show="favourites", look="luxury", persona=3, month="2026-10", q="a b&c")
    assert GalleryFilter.read(QueryDict(chosen.query)) == chosen
    assert GalleryFilter().query == ""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 7), new=st.lists(st.integers(0, 2), max_size=8), gone=st.sets(st.integers(0, 11), max_size=4)
)
def test_pages_have_no_gaps_and_no_doubles_while_items_come_and_go(persona, workspace, limit, new, gone):
    ContentItem.objects.all().delete()
    rows = bare_items(persona, 12)
    template, seen, before, arrivals = rows[0], [], None, list(new)
    lost = {rows[place].pk for place in gone}
    while True:
        page, before = gallery_page(workspace=workspace, chosen=GalleryFilter(), before=before, limit=limit)
        seen += [row.pk for row in page]
        if before is None:
            break
        for _ in range(arrivals.pop() if arrivals else 0):
            ContentItem.objects.create(
                workspace=workspace, persona=persona, asset=template.asset, engine="embedded", saved=True
            )
        ContentItem.objects.filter(pk__in=lost - set(seen)).delete()
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    assert {row.pk for row in rows} - lost <= set(seen)


@pytest.mark.parametrize("address", ["", "look=lifestyle", "q=soft"])
def test_neighbours_are_those_of_the_list(persona, workspace, found, address):
    chosen = GalleryFilter.read(QueryDict(address))
    finished_items(persona, 2, look="lifestyle.home")
    finished_items(persona, 2, look="lifestyle.travel")
    keys = found(address)
    assert len(keys) == 4
    for place, key in enumerate(keys):
        newer = keys[place - 1] if place else None
        older = keys[place + 1] if place + 1 < len(keys) else None
        assert neighbours(workspace=workspace, chosen=chosen, key=key) == (newer, older)


def test_saved_images_are_counted_no_further_than_asked(persona, workspace):
    bare_items(persona, 9)
    assert saved_count(workspace, 500) == 9
    assert saved_count(workspace, 4) == 4


def test_gallery_reads_its_index_in_order(persona, workspace):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own words")
    for chosen in (GalleryFilter(), GalleryFilter(persona=persona.pk), GalleryFilter(look="luxury.yacht")):
        plan = items_of(workspace, chosen).order_by("-pk")[:10].explain()
        assert "USING" in plan
        assert "TEMP B-TREE" not in plan
