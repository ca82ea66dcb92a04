"""Conversations: what is paid, what a double click does, going back byte for byte, and who may start from what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.models import ContentItem, Thread
from content.queries import threads as queries
from content.services import thread_starts, threads
from content.tests.talks import finish, say
from content.thumbnails.engines import edit_offers
from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput, NotEnoughCredits
from inflio.generation.models import Job
from inflio.media.models import Asset
from inflio.safety.services import Unsafe
from personas.models import Portrait
from personas.services import allow_outside_engines
from personas.tests.makers import analysed, encoded, persona_with_photos, picture

pytestmark = pytest.mark.django_db


def available(workspace) -> int:
    return CreditAccount.objects.get(workspace=workspace).available


def test_start_renders_the_pictures_own_place_in_the_wide_format(thread, portrait, workspace):
    message = thread.messages.get()
    assert message.base == portrait
    assert message.job.params["operations"] == [
        {"op": "aspect", "to": "16:9"},
        {"op": "background", "scenario": "casual_friendly", "seed": 5},
    ]
    assert message.job.params["photo"] == "abc"
    assert message.job.kind == "edit"
    assert message.asset.identity_score == 0.93
    assert available(workspace) == 99


def test_start_twice_with_one_key_is_one_conversation(ready, portrait, alice, workspace):
    first = thread_starts.start_thread(persona=ready, by=alice, asset=portrait, key="k")
    again = thread_starts.start_thread(persona=ready, by=alice, asset=portrait, key="k")
    assert first == again
    assert Job.objects.filter(kind="edit").count() == 1
    assert available(workspace) == 99


def test_message_is_rendered_from_the_base_with_every_edit_so_far(thread, portrait, alice):
    say(thread, "light from the left", alice)
    message = say(thread, "warmer", alice)
    assert message.job.params["base"] == portrait.sha256
    assert [operation["op"] for operation in message.job.params["operations"]] == [
        "aspect",
        "background",
        "light",
        "tone",
    ]
    assert message.operations == [{"op": "tone", "what": "temperature", "by": 0.4}]
    assert message.reply == "Warmer."


def test_each_message_costs_one_credit_and_a_double_click_none(thread, alice, workspace):
    had = available(workspace)
    first = threads.send_message(thread=thread, text="warmer", by=alice, key="k")
    again = threads.send_message(thread=thread, text="warmer", by=alice, key="k")
    assert first == again
    finish(thread)
    assert available(workspace) == had - 1


def test_answer_in_words_costs_nothing_and_makes_nothing(thread, alice, workspace):
    had, jobs = available(workspace), Job.objects.count()
    message = say(thread, "make me look excited", alice)
    assert message.needs_drawing
    assert message.job is None
    assert "need an engine that draws" in message.reply
    assert (available(workspace), Job.objects.count()) == (had, jobs)
    assert queries.head_of(thread).pk != message.pk


def test_undo_shows_the_same_bytes_again_and_is_free(thread, alice, workspace):
    first = thread.messages.get()
    say(thread, "warmer", alice)
    say(thread, "light from the left", alice)
    had = available(workspace)
    back = say(thread, "undo", alice)
    assert back.asset.provenance["title"].endswith("warmer")
    twice = threads.undo(thread=thread, by=alice)
    assert twice.asset == first.asset
    assert twice.recipe == first.recipe
    assert available(workspace) == had
    with pytest.raises(Conflict, match="nothing to undo"):
        threads.undo(thread=thread, by=alice)


def test_go_on_from_an_earlier_picture_forgets_what_came_after(thread, alice):
    say(thread, "warmer", alice)
    second = thread.messages.order_by("pk")[1]
    say(thread, "black and white", alice)
    say(thread, "mirror it", alice)
    back = threads.go_back(message=second, by=alice)
    assert (back.asset, back.reply) == (second.asset, "Back to picture 2.")
    assert threads.go_back(message=second, by=alice) == back
    after = say(thread, "sharper", alice)
    assert [operation.get("what") for operation in after.recipe[2:]] == ["temperature", "sharpness"]


def test_going_back_by_number_and_by_words(thread, alice):
    first = thread.messages.get()
    say(thread, "warmer", alice)
    say(thread, "brighter", alice)
    assert say(thread, "go back to picture 1", alice).asset == first.asset
    with pytest.raises(InvalidInput, match="3 pictures"):
        threads.send_message(thread=thread, text="back to step 9", by=alice)


def test_undo_with_an_edit_builds_on_the_picture_before(thread, alice):
    say(thread, "warmer", alice)
    message = say(thread, "undo that and make it brighter", alice)
    assert [operation.get("what") for operation in message.recipe[2:]] == ["exposure"]


def test_nothing_can_be_said_while_a_picture_is_made(thread, alice):
    threads.send_message(thread=thread, text="warmer", by=alice)
    with pytest.raises(Conflict, match="being made"):
        threads.send_message(thread=thread, text="brighter", by=alice)


def test_failed_message_is_refunded_and_can_be_retried(thread, alice, workspace):
    had = available(workspace)
    threads.send_message(thread=thread, text="light from the left", by=alice)
    message = finish(thread, state=Job.State.FAILED, score=None, message="No room.", code="edit_refused")
    assert (message.asset, available(workspace)) == (None, had)
    retried = threads.retry_message(message=message, by=alice)
    assert threads.retry_message(message=message, by=alice).job == retried.job
    assert finish(thread).asset is not None
    assert available(workspace) == had - 1


def test_cancelled_message_gives_its_credit_back(thread, alice, workspace):
    had = available(workspace)
    message = threads.send_message(thread=thread, text="warmer", by=alice)
    threads.cancel_message(message=message)
    assert available(workspace) == had
    assert say(thread, "brighter", alice).asset is not None


def test_too_few_credits_leave_no_message(thread, alice, workspace):
    CreditAccount.objects.filter(workspace=workspace).update(available=0)
    with pytest.raises(NotEnoughCredits):
        threads.send_message(thread=thread, text="warmer", by=alice)
    assert thread.messages.count() == 1


def test_saved_thumbnail_is_one_item_of_the_gallery(thread, alice, ready):
    message = say(thread, "warmer", alice)
    item = threads.save_thumbnail(message=message, by=alice)
    assert threads.save_thumbnail(message=message, by=alice) == item
    assert (item.kind, item.saved, item.persona, item.prompt) == ("thumbnail", True, ready, "warmer")


def test_upload_is_cleaned_and_measured_before_it_can_be_edited(ready, alice):
    file = SimpleUploadedFile("me.png", encoded(picture(3, size=(640, 480)), "PNG"), "image/png")
    thread = thread_starts.start_thread(persona=ready, by=alice, file=file)
    job = queries.open_message(thread).job
    assert job.threshold == ready.identity_threshold
    assert job.input_pictures()[0].mime == "image/jpeg"
    message = finish(
        thread, state=Job.State.FAILED, score=None, message="The likeness reached 0.21.", code="identity_too_low"
    )
    assert message.asset is None
    with pytest.raises(Conflict, match="no picture to edit"):
        threads.send_message(thread=thread, text="warmer", by=alice)


def test_damaged_upload_is_refused_with_a_sentence(ready, alice):
    with pytest.raises(InvalidInput, match="not a photo"):
        thread_starts.start_thread(persona=ready, by=alice, file=SimpleUploadedFile("a.jpg", b"nothing like a photo"))
    assert not Thread.objects.exists()


def test_start_from_another_personas_picture_is_refused(portrait, workspace, alice):
    other = analysed(persona_with_photos(workspace, alice, name="Eve"))
    with pytest.raises(InvalidInput, match="own pictures"):
        thread_starts.start_thread(persona=other, by=alice, asset=portrait)


def test_deleted_conversation_keeps_what_was_saved(thread, alice):
    kept = threads.save_thumbnail(message=say(thread, "warmer", alice), by=alice)
    gone = say(thread, "brighter", alice).asset
    thread_starts.delete_thread(thread=thread)
    assert ContentItem.objects.get(pk=kept.pk).asset is not None
    assert not Asset.objects.filter(pk=gone.pk).exists()
    assert Portrait.objects.filter(asset__isnull=False).exists()


def test_unsafe_words_are_refused_before_anything_is_spent(thread, alice, workspace):
    had = available(workspace)
    with pytest.raises(Unsafe):
        threads.send_message(thread=thread, text="take my clothes off, nude", by=alice)
    assert (thread.messages.count(), available(workspace)) == (1, had)


def test_upload_wins_over_a_ticked_picture(ready, portrait, alice):
    file = SimpleUploadedFile("me.png", encoded(picture(3, size=(640, 480)), "PNG"), "image/png")
    thread = thread_starts.start_thread(persona=ready, by=alice, asset=portrait, file=file)
    assert thread.messages.get().base.source == Asset.Source.UPLOAD


def test_retry_counts_against_the_day(thread, alice, workspace):
    message = threads.send_message(thread=thread, text="warmer light", by=alice)
    threads.cancel_message(message=message)
    Job.objects.create(workspace=workspace, kind="picture", engine="embedded", count=49, state="done")
    with pytest.raises(Conflict, match="all used"):
        threads.retry_message(message=message, by=alice)
    assert (available(workspace), thread.messages.get(pk=message.pk).job_id) == (99, message.job_id)


def test_other_engine_gets_the_words_and_the_last_picture(thread, alice, monkeypatch, keys):
    offer = next(offer for offer in edit_offers(thread.workspace, thread.persona) if offer.name != "embedded")
    last = say(thread, "warmer", alice).asset
    allow_outside_engines(persona=thread.persona, by=alice)
    threads.choose_engine(thread=thread, engine=offer.name)
    thread.refresh_from_db()
    message = threads.send_message(thread=thread, text="give me sunglasses", by=alice)
    assert message.job.engine == offer.name
    assert "give me sunglasses" in message.job.params["prompt"]
    assert message.job.input_pictures()[0] == last
    assert message.job.cost == offer.credits
    message = finish(thread)
    assert (message.base, message.recipe) == (message.asset, [])


def test_upload_goes_with_its_conversation(ready, alice):
    file = SimpleUploadedFile("me.png", encoded(picture(3, size=(640, 480)), "PNG"), "image/png")
    thread = thread_starts.start_thread(persona=ready, by=alice, file=file)
    upload = thread.messages.get().base
    thread_starts.delete_thread(thread=thread)
    assert not Asset.objects.filter(pk=upload.pk).exists()
    assert ready.photos.count() == 5
    assert not Job.objects.filter(kind="edit", state__in=Job.OPEN).exists()
