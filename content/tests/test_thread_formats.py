"""The format of a conversation: it follows what was said, whoever draws, and an engine that cannot make it says so."""

import pytest
from django.urls import reverse

from content.queries import threads as queries
from content.services import threads
from content.tests.talks import say
from content.thumbnails.engines import edit_offers
from content.thumbnails.interpret import asked_format
from inflio.billing.models import CreditAccount
from inflio.common.errors import EngineRefused
from personas.services import allow_outside_engines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
GPT, NANO = "fal_gpt_image_1_5", "fal_nano_banana_2"


@pytest.fixture
def talk(thread, alice):
    """A conversation whose persona's photos may be sent to other companies."""
    allow_outside_engines(persona=thread.persona, by=alice)
    return thread


def available(thread) -> int:
    return CreditAccount.objects.get(workspace=thread.workspace).available


def test_engine_that_cannot_make_the_format_is_not_chosen(talk):
    with pytest.raises(EngineRefused, match="cannot make the format 16:9. It makes 2:3, 1:1, 3:2. Say “make it 1:1”"):
        threads.choose_engine(thread=talk, engine=GPT)
    talk.refresh_from_db()
    assert talk.engine == "embedded"


def test_offers_say_which_format_an_engine_cannot_make(talk):
    offers = {offer.name: offer for offer in edit_offers(talk.workspace, talk.persona, aspect="16:9")}
    assert (offers[NANO].needs, offers[GPT].needs) == ("", "format")
    assert "cannot make the format 16:9" in offers[GPT].why_not
    offers = {offer.name: offer for offer in edit_offers(talk.workspace, talk.persona, aspect="1:1")}
    assert not offers[GPT].why_not


def test_page_says_which_format_an_engine_cannot_make_and_why(talk, alice, alice_client):
    page = alice_client.get(talk.get_absolute_url()).content.decode()
    assert "(does not make 16:9)" in page
    assert "cannot make the format 16:9" in page
    say(talk, "make it square", alice)
    page = alice_client.get(talk.get_absolute_url()).content.decode()
    assert 'data-aspect="1:1"' in page
    assert "does not make" not in page


def test_engine_draws_the_format_that_was_made_before_it(talk, alice):
    say(talk, "make it 1:1", alice)
    threads.choose_engine(thread=talk, engine=GPT)
    params = say(talk, "put a red hat on me", alice).job.params
    assert (params["aspect"], params["width"], params["height"]) == ("1:1", 1024, 1024)


def test_format_stays_after_a_drawn_picture_and_edits_of_it(talk, alice):
    say(talk, "make it 9:16", alice)
    threads.choose_engine(thread=talk, engine=NANO)
    say(talk, "put a red hat on me", alice)
    threads.choose_engine(thread=talk, engine="embedded")
    say(talk, "warmer", alice)
    threads.choose_engine(thread=talk, engine=NANO)
    assert say(talk, "and a scarf", alice).job.params["aspect"] == "9:16"


def test_format_asked_of_an_engine_that_reads_words_is_made_and_kept(talk, alice):
    threads.choose_engine(thread=talk, engine=NANO)
    message = say(talk, "a red hat, and make it 9:16", alice)
    assert message.job.params["aspect"] == "9:16"
    assert message.reply.startswith("Format 9:16. Sent to the engine in your words, with “Keep the same person")
    assert say(talk, "a blue hat", alice).job.params["aspect"] == "9:16"
    threads.undo(thread=talk, by=alice)
    threads.undo(thread=talk, by=alice)
    assert queries.format_of(queries.head_of(talk)) == "16:9"


def test_format_that_came_back_is_refused_before_anything_is_spent(talk, alice, alice_client):
    say(talk, "make it 1:1", alice)
    threads.choose_engine(thread=talk, engine=GPT)
    threads.undo(thread=talk, by=alice)
    had, said = available(talk), talk.messages.count()
    with pytest.raises(EngineRefused, match="cannot make the format 16:9"):
        threads.send_message(thread=talk, text="put a red hat on me", by=alice)
    page = alice_client.post(reverse("content:send_message", args=[talk.pk]), {"text": "a hat"}, follow=True)
    assert "cannot make the format 16:9" in page.content.decode()
    assert (available(talk), talk.messages.count()) == (had, said)
    assert say(talk, "make it square, with a red hat", alice).job.params["aspect"] == "1:1"


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("make it 9:16", "9:16"),
        ("a hat, 16 x 9 please", "16:9"),
        ("Make it vertical and warmer", "9:16"),
        ("turn this into a square", "1:1"),
        ("youtube format", "16:9"),
        ("for reels", "9:16"),
        ("Times Square behind me", ""),
        ("a mountain landscape", ""),
        ("make it a square box in my hand", ""),
        ("a sign held upright", ""),
        ("fill 2/3 of the picture", ""),
        ("the clock says 11:15", ""),
    ],
)
def test_only_words_that_mean_the_format_are_read_as_one(text, aspect):
    assert asked_format(text) == aspect
