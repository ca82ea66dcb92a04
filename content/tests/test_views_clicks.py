"""The key of a click, on every form of the studio: what no database can keep is left out before anything is asked."""

import pytest
from django.urls import reverse

from content.models import Batch, ContentItem, Message, Shoot, Thread
from content.services.shoots import start_shoot
from content.tests.talks import say
from personas.tests.makers import end

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prompt_templates")]
SENT, KEPT = "a\0b", "ab"  # PostgreSQL refuses the first
LOOK = {"look": "lifestyle.travel", "aspect": "4:5", "count": "1", "engine": "embedded"}
GRID = {"looks": ["lifestyle.travel"], "styles": ["natural"], "seeds": 1, "count": 1, "aspect": "4:5"}


@pytest.fixture
def made(ready, alice) -> ContentItem:
    """A finished result."""
    item = start_shoot(persona=ready, by=alice, look="lifestyle.travel", seed=100, count=1).items.get()
    end(item.job, score=0.9)
    return item


def key_kept(model) -> str:
    return model.objects.latest("pk").click_key


def test_new_shoot_conversation_and_batch_keep_a_key_without_nul(alice_client, ready, portrait):
    forms = {
        "compose": (Shoot, {"persona": ready.pk} | LOOK),
        "new_thread": (Thread, {"persona": ready.pk, "asset": portrait.pk, "aspect": "16:9"}),
        "new_batch": (Batch, {"personas": [ready.pk], "engine": "embedded"} | GRID),
    }
    for name, (model, data) in forms.items():
        assert alice_client.post(reverse(f"content:{name}"), data | {"key": SENT}).status_code == 302
        assert key_kept(model) == KEPT


def test_turns_of_a_conversation_keep_a_key_without_nul(alice_client, alice, thread):
    say(thread, "warmer", alice)
    first = thread.messages.first()
    for name, more in (("undo_message", ()), ("send_message", ()), ("go_back", (first.pk,))):
        sent = f"{SENT}-{name}"
        url = reverse(f"content:{name}", args=[thread.pk, *more])
        assert alice_client.post(url, {"key": sent, "text": "back to picture 2"}).status_code == 302
        assert key_kept(Message) == sent.replace("\0", "")


@pytest.mark.parametrize("name", ["repeat_result", "vary_result"])
def test_remakes_keep_a_key_without_nul(alice_client, made, name):
    alice_client.post(reverse(f"content:{name}", args=[made.pk]), {"key": SENT})
    assert key_kept(Shoot) == KEPT
