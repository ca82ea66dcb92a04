"""What is done with many pictures of the gallery at once: which ones are meant, and what is refused in words."""

import pytest

from content.models import Board, ContentItem, Tag
from content.services import boards
from content.tests.browser_forms import sent_fields
from content.tests.gallery_makers import finished_items, plain_persona
from personas.tests.pages import HTMX, said

pytestmark = pytest.mark.django_db
BULK = "/gallery/bulk/"


@pytest.fixture
def rows(workspace, alice) -> list[ContentItem]:
    """Three pictures; the first one is on a board."""
    rows = finished_items(plain_persona(workspace, alice), 3)
    boards.put_on_board(items=rows[:1], board=boards.create_board(workspace=workspace, name="Spring"))
    return rows


def form_of(client, url: str = "/gallery/") -> dict[str, list[str]]:
    return sent_fields(client.get(url).content.decode(), "bulk-form")


def test_all_of_the_whole_gallery_is_all_though_the_dialog_names_a_board(alice_client, rows):
    form = form_of(alice_client)
    assert form["board"] == [str(Board.objects.get().pk)]
    alice_client.post(BULK, form | {"all": "1", "action": "favourite"})
    assert ContentItem.objects.filter(favourite=True).count() == 3
    alice_client.post(BULK, form | {"all": "1", "action": "board"})
    assert Board.objects.get().items.count() == 3


def test_all_of_a_board_or_a_filter_stays_within_it(alice_client, rows):
    for url in (Board.objects.get().get_absolute_url(), f"/gallery/?board={Board.objects.get().pk}"):
        ContentItem.objects.update(favourite=False)
        alice_client.post(BULK, form_of(alice_client, url) | {"all": "1", "action": "favourite"})
        assert list(ContentItem.objects.filter(favourite=True)) == rows[:1]


def test_ticked_cards_of_the_whole_gallery_stay_on_the_page(alice_client, rows):
    form = form_of(alice_client) | {"item": [rows[2].pk], "action": "favourite"}
    page = alice_client.post(BULK, form, **HTMX).content.decode()
    assert f'id="item-{rows[2].pk}" data-shot hx-swap-oob="true"' in page
    assert 'hx-swap-oob="delete"' not in page


def test_as_many_as_one_action_changes_can_be_ticked_and_more_are_told(alice_client, rows):
    keys = [rows[0].pk, *range(10**6, 10**6 + 999)]
    form = form_of(alice_client) | {"action": "favourite"}
    assert alice_client.post(BULK, form | {"item": keys}).status_code == 302
    answer = alice_client.post(BULK, form | {"item": [*keys, 10**7]})
    assert answer.status_code == 422
    assert "You ticked 1001 pictures, and at most 1000 are changed at once." in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"action": "tag", "tags": ""}, "Type at least one tag."),
        ({"action": "tag", "tags": " ,; "}, "Type at least one tag."),
        ({"action": "tag", "tags": "a" * 900}, "Use tags of at most 40 characters."),
        ({"action": "tag", "tags": ",".join(f"t{number}" for number in range(21))}, "Give at most 20 tags at once."),
        ({"action": "board", "name": " "}, "Choose a board, or give a new one a name."),
        ({"action": "board", "name": "b" * 81}, "Use a name of at most 80 characters."),
    ],
)
def test_words_that_cannot_be_kept_are_told_why(alice_client, rows, fields, sentence):
    answer = alice_client.post(BULK, form_of(alice_client) | {"item": [rows[0].pk], "board": ""} | fields)
    assert sentence in said(answer)
    assert (Tag.objects.count(), Board.objects.count()) == (0, 1)
