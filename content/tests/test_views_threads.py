"""The screens of conversations: pages, actions, the live stream, and who may see them."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import Message, Thread
from content.queries import threads as queries
from content.services import thread_starts, threads
from content.tests.talks import finish, say
from content.views import thread_live
from inflio.accounts.models import Level
from inflio.generation.models import Job

pytestmark = pytest.mark.django_db


def url(name, thread, *more):
    return reverse(f"content:{name}", args=[thread.pk, *more])


def htmx(target="thread-live"):
    return {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": target}


def actions(thread):
    message = thread.messages.first()
    yield url("send_message", thread), {"text": "warmer"}
    yield url("undo_message", thread), {}
    yield url("choose_thread_engine", thread), {"engine": "embedded"}
    yield url("delete_thread", thread), {}
    for name in ("go_back", "retry_message", "cancel_message", "save_thumbnail"):
        yield url(name, thread, message.pk), {}


def test_stranger_finds_nothing(thread, charlie_client, workspace):
    for address in (url("thread", thread), url("thread_live", thread)):
        assert charlie_client.get(address).status_code == 404
    for address, data in actions(thread):
        assert charlie_client.post(address, data).status_code == 404
    assert thread.title not in charlie_client.get(reverse("content:threads")).content.decode()
    assert Thread.objects.get() == thread


def test_stranger_cannot_start_from_somebody_elses_picture(charlie_client, ready, portrait):
    answer = charlie_client.post(
        reverse("content:new_thread"), {"persona": ready.pk, "asset": portrait.pk, "aspect": "16:9"}
    )
    assert answer.status_code == 422
    assert not Thread.objects.exists()


def test_viewer_looks_but_does_not_touch(thread, bob, bob_client, set_level):
    set_level(bob, Level.VIEWER)
    page = bob_client.get(url("thread", thread))
    assert page.status_code == 200
    assert "composer" not in page.content.decode().replace("composer.css", "")
    for address, data in actions(thread):
        assert bob_client.post(address, data).status_code == 403
    assert bob_client.get(reverse("content:new_thread")).status_code == 403


def test_start_page_offers_pictures_and_starts_once(ready, portrait, alice_client):
    page = alice_client.get(reverse("content:new_thread"))
    assert f'value="{portrait.pk}"' in page.content.decode()
    data = {"persona": ready.pk, "asset": portrait.pk, "aspect": "16:9", "key": "k"}
    answers = [alice_client.post(reverse("content:new_thread"), data) for _ in range(2)]
    assert {answer.url for answer in answers} == {Thread.objects.get().get_absolute_url()}


def test_start_without_a_picture_says_so(ready, alice_client):
    answer = alice_client.post(reverse("content:new_thread"), {"persona": ready.pk, "aspect": "16:9"})
    assert answer.status_code == 422
    assert "Choose a picture to start from" in answer.content.decode()


def test_conversation_shows_words_reply_picture_and_price(thread, alice, alice_client):
    say(thread, "light from the left", alice)
    page = alice_client.get(url("thread", thread)).content.decode()
    for words in ("light from the left", "Light from the left.", "Picture 2", "0.93", "1 credit a picture"):
        assert words in page


def test_message_by_htmx_gives_the_fragment_with_an_empty_field(thread, alice_client):
    answer = alice_client.post(url("send_message", thread), {"text": "warmer", "key": "k"}, **htmx())
    page = answer.content.decode()
    assert "<html" not in page
    assert 'data-live="' in page
    assert 'hx-swap-oob="true"' in page
    assert "warmer" in page


def test_message_without_words_is_422_with_the_field(thread, alice_client):
    answer = alice_client.post(url("send_message", thread), {"text": "  "}, **htmx())
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#composer"
    assert "Say what to change." in answer.content.decode()
    assert alice_client.post(url("send_message", thread), {"text": ""}).status_code == 422


def test_every_action_works_without_htmx(thread, alice, alice_client):
    alice_client.post(url("send_message", thread), {"text": "warmer"})
    finish(thread)
    alice_client.post(url("undo_message", thread))
    assert queries.head_of(thread).asset == thread.messages.first().asset
    second = thread.messages.order_by("pk")[1]
    assert alice_client.post(url("go_back", thread, second.pk)).url == thread.get_absolute_url()
    assert queries.head_of(thread).asset == second.asset
    alice_client.post(url("save_thumbnail", thread, second.pk))
    assert "In the gallery" in alice_client.get(url("thread", thread)).content.decode()
    alice_client.post(url("send_message", thread), {"text": "brighter"})
    alice_client.post(url("cancel_message", thread, queries.open_message(thread).pk))
    assert queries.open_message(thread) is None
    alice_client.post(url("retry_message", thread, thread.messages.last().pk))
    assert queries.open_message(thread) is not None
    assert alice_client.post(url("delete_thread", thread)).url == reverse("content:threads")
    assert not Thread.objects.exists()


def test_error_of_an_action_is_shown_on_the_page(thread, alice_client):
    page = alice_client.post(url("undo_message", thread), follow=True).content.decode()
    assert "there is nothing to undo" in page


def test_message_of_another_conversation_is_404(thread, ready, portrait, alice, alice_client):
    other = thread_starts.start_thread(persona=ready, by=alice, asset=portrait)
    message = other.messages.get()
    assert alice_client.post(url("go_back", thread, message.pk)).status_code == 404


def test_what_needs_drawing_leads_to_the_engines(thread, alice, alice_client):
    say(thread, "make me look excited", alice)
    assert reverse("generation:engines") in alice_client.get(url("thread", thread)).content.decode()


def test_list_costs_the_same_for_one_and_three(thread, ready, portrait, alice, alice_client):
    def queries_of():
        with CaptureQueriesContext(connection) as caught:
            assert alice_client.get(reverse("content:threads")).status_code == 200
        return len(caught)

    queries_of()
    one = queries_of()
    for _ in range(2):
        finish(thread_starts.start_thread(persona=ready, by=alice, asset=portrait))
    assert queries_of() == one


def test_list_goes_on_by_key(thread, alice_client, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)
    Thread.objects.create(workspace=thread.workspace, persona=thread.persona, title="Second", engine="embedded")
    first = alice_client.get(reverse("content:threads")).content.decode()
    assert "Second" in first
    rest = alice_client.get(reverse("content:threads"), {"before": Thread.objects.latest("pk").pk}).content.decode()
    assert thread.title in rest
    assert "Second" not in rest


def test_live_stream_tells_progress_and_preview_and_ends(thread, alice, alice_client):
    message = threads.send_message(thread=thread, text="warmer", by=alice)
    Job.objects.filter(pk=message.job_id).update(progress=0.5, stage="Rendering it in full", findings={"preview": 2})
    answer = alice_client.get(url("thread_live", thread))
    assert answer["Content-Type"] == "text/event-stream"
    stream = iter(answer.streaming_content)
    assert next(stream) == b"retry: 500\n\n"
    name, data = read_event(next(stream))
    assert (name, data["progress"], data["stage"]) == ("state", 50, "Rendering it in full")
    assert data["preview"] == reverse("generation:preview", args=[message.job_id]) + "?v=2"
    finish(thread)
    assert read_event(next(stream)) == ("end", {"state": "done"})
    assert list(stream) == []


def test_live_stream_ends_by_itself(thread, alice):
    message = threads.send_message(thread=thread, text="warmer", by=alice)
    events = list(thread_live.follow_job(message.job_id, seconds=0.01))
    assert len(events) == 2


def test_nothing_to_follow_is_204_and_so_is_one_stream_too_many(thread, alice, alice_client):
    assert alice_client.get(url("thread_live", thread)).status_code == 204
    threads.send_message(thread=thread, text="warmer", by=alice)
    streams = [alice_client.get(url("thread_live", thread)) for _ in range(thread_live.MOST_STREAMS)]
    assert {answer.status_code for answer in streams} == {200}
    assert alice_client.get(url("thread_live", thread)).status_code == 204
    for answer in streams:
        answer.close()
    again = alice_client.get(url("thread_live", thread))
    assert again.status_code == 200
    again.close()


def read_event(raw: bytes) -> tuple[str, dict]:
    name, data = raw.decode().strip().split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_admin_shows_conversations(thread, admin_client):
    page = admin_client.get(reverse("admin:content_thread_change", args=[thread.pk]))
    assert page.status_code == 200
    assert Message.objects.count() == 1
