"""The pages of gallery, items, boards and export: who may, what they show, how many queries, double clicks."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from content.models import Board, BoardItem, ContentItem, Tag
from content.queries import gallery as queries
from content.services import boards, items
from content.tests.gallery_makers import finished_item, finished_items, plain_persona
from inflio.accounts.models import Level
from inflio.generation.models import Job
from personas.tests.pages import HTMX, said

pytestmark = pytest.mark.django_db
OURS = ('FROM "content_', 'FROM "personas_', 'FROM "media_', 'FROM "generation_')
ACTIONS = ("save", "unsave", "favourite", "unfavourite", "tag", "board", "delete", "export")


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def item(persona):
    return finished_item(persona)


@pytest.fixture
def board(workspace, item):
    row = boards.create_board(workspace=workspace, name="Week 1")
    boards.put_on_board(items=[item], board=row)
    return row


def own_queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(any(table in query["sql"] for table in OURS) for query in captured)


def bulk(client, rows, action: str, **more):
    data = {"item": [row.pk for row in rows], "action": action, "sure": "1"} | more
    return client.post("/gallery/bulk/", data)


def pages(item, board) -> list[str]:
    return [f"/gallery/{item.pk}/", board.get_absolute_url(), f"/gallery/export/{item.pk}.webp"]


def test_pages_are_shown_to_members_and_hidden_from_strangers(client, item, board, alice, bob, charlie, set_level):
    set_level(bob, Level.VIEWER)
    for url in (*pages(item, board), "/gallery/", "/gallery/boards/", f"/gallery/export/?items={item.pk}"):
        client.logout()
        assert client.get(url).status_code == 302
        for user in (alice, bob):
            client.force_login(user)
            assert client.get(url).status_code == 200
    client.force_login(charlie)
    for url in (*pages(item, board), f"/gallery/export/?items={item.pk}"):
        assert client.get(url).status_code == 404
    for url in ("/gallery/", "/gallery/boards/", f"/gallery/?board={board.pk}", f"/gallery/?persona={item.persona_id}"):
        text = client.get(url).content.decode()
        assert f"item-{item.pk}" not in text
        assert "Week 1" not in text


@pytest.mark.parametrize("action", ACTIONS)
def test_strangers_can_do_nothing_with_items(charlie_client, item, action):
    assert bulk(charlie_client, [item], action, tags="x", name="B").status_code == 404
    assert bulk(charlie_client, [item], action, tags="x", name="B", all="1").status_code == 404
    assert ContentItem.objects.filter(pk=item.pk, saved=True, favourite=False).exists()
    assert not Tag.objects.exists()
    assert not Board.objects.exists()


@pytest.mark.parametrize("action", ACTIONS)
def test_viewers_can_change_nothing(client, item, bob, set_level, action):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert bulk(client, [item], action, tags="x", name="B").status_code == 403
    assert ContentItem.objects.filter(pk=item.pk, saved=True, favourite=False).exists()


@pytest.mark.parametrize("verb", ["rename", "delete"])
def test_boards_are_changed_by_editors_of_their_workspace(client, board, bob, charlie, set_level, verb):
    url = f"{board.get_absolute_url()}{verb}/"
    client.force_login(charlie)
    assert client.post(url, {"name": "X"}).status_code == 404
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert client.post(url, {"name": "X"}).status_code == 403
    assert client.post("/gallery/boards/new/", {"name": "X"}).status_code == 403
    assert Board.objects.get().name == "Week 1"


def test_viewers_see_and_download_but_get_no_buttons(client, item, board, bob, set_level):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    for url in ("/gallery/", "/gallery/boards/", *pages(item, board)[:2]):
        text = client.get(url).content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        assert 'method="post"' not in main
        assert "hx-post" not in main
    answer = client.post(
        "/gallery/export/download/", {"items": item.pk, "preset": "original", "form": "jpeg", **CHOICE}
    )
    assert answer.status_code == 200


def test_foreign_keys_among_own_ones_are_left_out(alice_client, item, charlie):
    theirs = finished_item(plain_persona(charlie.workspaces.get(), charlie))
    bulk(alice_client, [item, theirs], "favourite")
    theirs.refresh_from_db()
    item.refresh_from_db()
    assert (item.favourite, theirs.favourite) == (True, False)


def test_items_get_onto_no_strangers_board_and_lose_no_strangers_tag(alice_client, item, charlie):
    theirs = boards.create_board(workspace=charlie.workspaces.get(), name="Mine")
    tag = Tag.objects.create(workspace=charlie.workspaces.get(), name="mine")
    assert bulk(alice_client, [item], "board", board=theirs.pk).status_code == 404
    assert bulk(alice_client, [item], "unboard", board=theirs.pk).status_code == 404
    assert bulk(alice_client, [item], "untag", tag=tag.pk).status_code == 404
    assert not BoardItem.objects.exists()


@pytest.mark.parametrize("query", ["", "?q=soft", "?look=lifestyle", "?show=favourites", "?month=2026-10"])
def test_gallery_takes_the_same_queries_for_one_and_three(alice_client, persona, query):
    items.favourite_item(item=finished_item(persona), favourite=True)
    alice_client.get("/gallery/")
    one = own_queries(alice_client, f"/gallery/{query}")
    for number in (2, 3):
        items.favourite_item(item=finished_item(persona, number=number), favourite=True)
    assert own_queries(alice_client, f"/gallery/{query}") == one <= 12


def test_boards_and_item_take_the_same_queries_for_one_and_three(alice_client, persona, item, board, workspace):
    urls = ["/gallery/boards/", board.get_absolute_url(), f"/gallery/{item.pk}/", f"/gallery/export/?items={item.pk}"]
    one = [own_queries(alice_client, url) for url in urls]
    rows = finished_items(persona, 2)
    for number in range(2):
        more = boards.create_board(workspace=workspace, name=f"Week {number + 2}")
        boards.put_on_board(items=[item, *rows], board=more)
        boards.put_on_board(items=rows, board=board)
        items.tag_items(items=[item], names=[f"t{number}"])
    urls[-1] = f"/gallery/export/?items={item.pk},{rows[0].pk},{rows[1].pk}"
    assert [own_queries(alice_client, url) for url in urls] == one


def test_gallery_pages_by_key_with_a_link(alice_client, persona, monkeypatch):
    rows = finished_items(persona, 5)
    monkeypatch.setattr(queries.gallery_page, "__kwdefaults__", queries.gallery_page.__kwdefaults__ | {"limit": 2})
    url, seen = "/gallery/?look=lifestyle", []
    while url:
        answer = alice_client.get(url)
        seen += [item.pk for _, group in answer.context["months"] for item in group]
        url = answer.context["next_url"]
    assert seen == [row.pk for row in reversed(rows)]
    first = alice_client.get("/gallery/?look=lifestyle").context["next_url"]
    fragment = alice_client.get(first, **HTMX, HTTP_HX_TARGET="more-items").content.decode()
    assert fragment.count("data-shot") == 2
    assert "<html" not in fragment
    assert "shots__month" not in fragment


def test_filters_answer_with_the_list_and_a_clean_address(alice_client, item):
    answer = alice_client.get("/gallery/?q=&look=lifestyle&persona=", **HTMX, HTTP_HX_TARGET="gallery-results")
    assert answer["HX-Push-Url"] == "/gallery/?look=lifestyle"
    assert f"item-{item.pk}" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_empty_gallery_and_empty_search_say_what_to_do(alice_client, persona):
    assert "fills with what you save" in alice_client.get("/gallery/").content.decode()
    assert "No boards yet" in alice_client.get("/gallery/boards/").content.decode()
    finished_item(persona)
    assert "Nothing matches" in alice_client.get("/gallery/?q=zebra").content.decode()
    assert "No favourites yet" in alice_client.get("/gallery/?show=favourites").content.decode()
    assert "1 of 500 saved images" in alice_client.get("/gallery/").content.decode()
    assert "deleted 30 days after" in alice_client.get("/gallery/?show=results").content.decode()


def test_results_that_are_not_saved_have_their_own_list(alice_client, persona):
    row = finished_item(persona, saved=False)
    assert f"item-{row.pk}" not in alice_client.get("/gallery/").content.decode()
    assert f"item-{row.pk}" in alice_client.get("/gallery/?show=results").content.decode()


def test_bulk_answers_htmx_with_the_changed_cards_and_the_gone_ones(alice_client, persona):
    first, second = finished_items(persona, 2)
    data = {"item": [first.pk, second.pk], "action": "favourite", "filter": ""}
    text = alice_client.post("/gallery/bulk/", data, **HTMX).content.decode()
    assert text.count('hx-swap-oob="true"') >= 2
    data = {"item": [first.pk], "action": "unfavourite", "filter": "show=favourites"}
    text = alice_client.post("/gallery/bulk/", data, **HTMX).content.decode()
    assert f'id="item-{first.pk}" hx-swap-oob="delete"' in text
    data = {"item": [second.pk], "action": "delete", "sure": "1"}
    text = alice_client.post("/gallery/bulk/", data, **HTMX).content.decode()
    assert f'id="item-{second.pk}" hx-swap-oob="delete"' in text
    assert "1 picture deleted." in text


def test_all_that_match_is_decided_on_the_server(alice_client, persona):
    finished_items(persona, 3)
    other = finished_item(persona, number=9, look="luxury.villa")
    text = alice_client.get("/gallery/count/?look=lifestyle").content.decode()
    assert "All 3 that match" in text
    data = {"all": "1", "filter": "look=lifestyle", "action": "delete", "sure": "1", "next": "/gallery/?look=lifestyle"}
    answer = alice_client.post("/gallery/bulk/", data)
    assert answer["Location"] == "/gallery/?look=lifestyle"
    assert said(answer) == "3 pictures deleted."
    assert ContentItem.objects.get() == other


def test_deleting_without_scripts_asks_with_the_number_first(alice_client, persona):
    rows = finished_items(persona, 2)
    page = bulk(alice_client, rows, "delete", sure="").content.decode()
    assert "2 pictures will be deleted with their files" in page
    assert ContentItem.objects.count() == 2


def test_double_click_is_one_effect(alice_client, item):
    for _ in range(2):
        bulk(alice_client, [item], "favourite")
        bulk(alice_client, [item], "tag", tags="summer, sea")
        bulk(alice_client, [item], "board", name="Week 9")
        alice_client.post("/gallery/boards/new/", {"name": "Week 10"})
    assert (Tag.objects.count(), Board.objects.count(), BoardItem.objects.count()) == (2, 2, 1)
    assert bulk(alice_client, [item], "delete").status_code == 302
    assert bulk(alice_client, [item], "delete").status_code == 404


def test_errors_are_said_where_the_person_was(alice_client, item):
    answer = bulk(alice_client, [item], "tag", tags=" ", next="/gallery/?q=soft")
    assert (answer.status_code, answer["Location"]) == (302, "/gallery/?q=soft")
    assert "Type at least one tag" in said(answer)
    assert bulk(alice_client, [item], "nonsense").status_code == 422


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(alice_client, item, target):
    assert bulk(alice_client, [item], "favourite", next=target)["Location"] == "/gallery/"


def test_board_forms_come_back_with_what_is_wrong(alice_client, workspace, board):
    boards.create_board(workspace=workspace, name="Other")
    answer = alice_client.post("/gallery/boards/new/", {"name": " "}, **HTMX)
    assert answer.status_code == 422
    assert 'id="board-form"' in answer.content.decode()
    answer = alice_client.post(f"{board.get_absolute_url()}rename/", {"name": "other"}, **HTMX)
    assert answer.status_code == 422
    assert "There is a board named other already" in answer.content.decode()
    assert alice_client.post("/gallery/boards/new/", {"name": ""}).status_code == 422
    assert alice_client.post(f"{board.get_absolute_url()}rename/", {"name": ""}).status_code == 422
    page = alice_client.post(f"{board.get_absolute_url()}rename/", {"name": "other"}).content.decode()
    assert f'action="{board.get_absolute_url()}rename/"' in page
    assert "There is a board named other already" in page
    assert 'id="board-form"' not in page
    answer = alice_client.post(f"{board.get_absolute_url()}delete/")
    assert answer["Location"] == "/gallery/boards/"
    assert ContentItem.objects.in_gallery().exists()


def test_hostile_words_are_shown_as_words(alice_client, workspace, alice):
    nasty = "<script>alert('x')</script>\"'"
    row = finished_item(plain_persona(workspace, alice, nasty), prompt=nasty)
    bulk(alice_client, [row], "tag", tags=nasty)
    bulk(alice_client, [row], "board", name=nasty)
    board = Board.objects.get()
    for url in (
        "/gallery/",
        f"/gallery/{row.pk}/",
        "/gallery/boards/",
        board.get_absolute_url(),
        f"/gallery/?q={nasty}",
    ):
        assert "<script>alert" not in alice_client.get(url).content.decode()


def test_item_shows_how_it_was_made_and_its_neighbours(alice_client, persona):
    first, row, last = finished_items(persona, 3, prompt="On the beach")
    text = " ".join(alice_client.get(f"/gallery/{row.pk}/").content.decode().split())
    for words in ("On the beach", "0.93", "Composite with synthetic parts", "240 × 300", "AI"):
        assert words in text
    assert f'rel="prev" href="/gallery/{last.pk}/"' in text
    assert f'rel="next" href="/gallery/{first.pk}/"' in text


def test_item_names_its_place_as_the_creator_knows_it(alice_client, persona):
    row = finished_item(persona, look="luxury.yacht", provenance={"place": "yacht_bow"})
    text = alice_client.get(f"/gallery/{row.pk}/").content.decode()
    assert "Bow at golden hour" in text
    assert "yacht_bow" not in text


def test_filter_offers_engines_that_make_pictures_by_their_names(alice_client, item):
    text = " ".join(alice_client.get("/gallery/").content.decode().split())
    assert '<option value="embedded" >Inflio on this machine</option>' in text
    assert '<option value="gemini" >Gemini 2.5 Flash Image</option>' in text
    assert 'value="trial"' not in text  # never offered
    assert 'value="flux_training"' not in text  # trains, and makes no picture


def test_item_that_is_not_finished_has_a_page(alice_client, persona):
    job = Job.objects.create(workspace=persona.workspace, kind="picture", engine="embedded")
    row = ContentItem.objects.create(workspace=persona.workspace, persona=persona, engine="embedded", job=job)
    assert "still being made" in alice_client.get(f"/gallery/{row.pk}/").content.decode()


CHOICE = {"quality": "90", "crop": "face"}


def download(client, rows, **choice):
    data = {"items": ",".join(str(row.pk) for row in rows), "preset": "original", "form": "jpeg"} | CHOICE | choice
    return client.post("/gallery/export/download/", data)


def test_one_picture_is_downloaded_as_a_file(alice_client, item):
    answer = download(alice_client, [item], preset="ig_feed_square")
    assert answer["Content-Type"] == "image/jpeg"
    assert "ada-lifestyle-travel" in answer["Content-Disposition"]
    assert Image.open(io.BytesIO(answer.content)).size == (1080, 1080)


def test_several_are_downloaded_as_a_zip_that_streams(alice_client, persona):
    rows = finished_items(persona, 3)
    answer = download(alice_client, rows, form="webp", captions="on")
    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="inflio-3-pictures-')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(archive.namelist()) == 6
    everything = alice_client.post(
        "/gallery/export/download/", {"all": "1", "look": "lifestyle", "preset": "original", "form": "png", **CHOICE}
    )
    assert len(zipfile.ZipFile(io.BytesIO(b"".join(everything.streaming_content))).namelist()) == 3


def test_bulk_export_leads_to_the_export_page(alice_client, persona):
    rows = finished_items(persona, 2)
    answer = bulk(alice_client, rows, "export")
    assert answer["Location"] == f"/gallery/export/?items={rows[1].pk},{rows[0].pk}"
    answer = alice_client.post("/gallery/bulk/", {"all": "1", "filter": "look=lifestyle", "action": "export"})
    page = alice_client.get(answer["Location"]).content.decode()
    assert "Export 2 pictures" in page


def test_more_than_an_address_holds_is_said(alice_client, persona, monkeypatch):
    monkeypatch.setattr("content.views.items.LONGEST_QUERY", 10)
    answer = bulk(alice_client, finished_items(persona, 3), "export")
    assert answer.status_code == 422
    assert "too many to export one by one" in answer.content.decode()


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"preset": "ig_carousel"}, "needs at least 2 pictures"),
        ({"preset": "x_image", "form": "png"}, "takes JPEG"),
        ({"quality": "1000"}, "less than or equal to 100"),
        ({"preset": "nope"}, "Select a valid choice"),
    ],
)
def test_export_that_cannot_be_comes_back_with_the_reason(alice_client, item, choice, sentence):
    answer = download(alice_client, [item], **choice)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_strangers_export_nothing(charlie_client, item):
    assert download(charlie_client, [item]).status_code == 404


def test_preview_has_the_shape_of_the_preset(alice_client, item):
    answer = alice_client.get(f"/gallery/export/{item.pk}.webp?preset=ig_story_img&crop=centre")
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert abs(width / height - 9 / 16) < 0.01
    fragment = alice_client.get(
        f"/gallery/export/?items={item.pk}&preset=master_large&form=png&quality=90&crop=face",
        **HTMX,
        HTTP_HX_TARGET="export-preview",
    ).content.decode()
    assert "it will look soft" in fragment
    assert "<html" not in fragment


def test_missing_file_is_said_and_nothing_breaks(alice_client, item, django_capture_on_commit_callbacks):
    item.asset.name = "w1/gone.jpg"
    item.asset.save()
    assert alice_client.get(f"/gallery/{item.pk}/").status_code == 200
    assert alice_client.get(f"/gallery/export/{item.pk}.webp").status_code == 404
    answer = download(alice_client, [item])
    assert answer.status_code == 409
    assert "its file is missing" in answer.content.decode()
