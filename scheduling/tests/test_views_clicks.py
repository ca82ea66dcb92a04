"""Two clicks on the composer's buttons: the same twice does it once, another one counts, and nobody is frightened."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.utils import timezone

from scheduling.models import Post, PostEvent, Publication, Review, SchedulingSettings
from scheduling.tests import makers
from scheduling.tests.test_views_posts import full, save, seen_in

pytestmark = pytest.mark.django_db
AGAIN = {"when": "series", "repeat": "weekly"}
KINDS = [{"when": "at"}, {"when": "now"}, {"when": "slot"}, AGAIN]


@pytest.fixture
def channel(ada):
    ada.slots.create(workspace=ada.workspace, weekday=2, time="18:30", tzid="Europe/Lisbon")
    return makers.channel(ada)


@pytest.fixture
def post(ada, channel) -> Post:
    return makers.post(ada, channel, state=Post.State.DRAFT, starts_local=None)


@pytest.fixture
def press(alice_client, ada, channel, post) -> Callable:
    """Press a button of one composer page; all it sends is what the page held when it was opened, and the words."""
    seen = seen_in(alice_client.get(f"/posts/{post.pk}/edit"))

    def send(do: str = "schedule", *, url: str = f"/posts/{post.pk}/edit", key: str = "tab", **changes):
        item = post.media.get().item
        data = full(ada, channel, item, post=post.pk, seen=seen, key=key, caption="Typed just now")
        return alice_client.post(url, data | {"do": do} | changes)

    return send


def rows_of(post: Post) -> list[tuple]:
    columns = ("pk", "state", "due_at", "available_at", "occurrence_local", "rule_version")
    return list(post.publications.order_by("pk").values_list(*columns))


def words_of(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["when"])
@pytest.mark.parametrize("url", ["edit", "new"])
def test_a_double_click_is_one(press, post, kind, url):
    url = f"/posts/{post.pk}/edit" if url == "edit" else "/posts/new"
    first = press(url=url, **kind)
    rows, events = rows_of(post), PostEvent.objects.count()
    second = press(url=url, **kind)
    assert (first.status_code, first["Location"], words_of(first)) == (302, f"/posts/{post.pk}", words_of(second))
    assert (second.status_code, second["Location"], len(words_of(second))) == (302, first["Location"], 1)
    assert rows
    assert (rows_of(post), PostEvent.objects.count()) == (rows, events)


def test_a_double_click_on_now_is_one_even_when_it_is_out_in_between(press, post):
    press(when="now")
    post.publications.update(state=Publication.State.PUBLISHED, published_at=timezone.now())
    answer = press(when="now")
    assert (answer.status_code, answer["Location"], words_of(answer)) == (
        302,
        f"/posts/{post.pk}",
        ["It goes out now."],
    )
    late = press(when="now", caption="Too late")
    assert late["Location"] == f"/posts/{post.pk}"
    assert "can no longer be changed" in words_of(late)[-1]
    assert Post.objects.get().caption == "Typed just now"


@pytest.mark.parametrize("first", KINDS[:3], ids=lambda kind: kind["when"])
@pytest.mark.parametrize("second", KINDS[:3], ids=lambda kind: kind["when"])
@pytest.mark.parametrize("url", ["edit", "new"])
def test_the_time_that_was_chosen_last_counts(press, post, first, second, url):
    url = f"/posts/{post.pk}/edit" if url == "edit" else "/posts/new"
    press(url=url, **first)
    answer = press(url=url, **second)
    assert (answer.status_code, answer["Location"]) == (302, f"/posts/{post.pk}")
    words = "It goes out now." if second["when"] == "now" else "Scheduled."
    assert words_of(answer)[-1] == words
    (row,) = post.publications.all()
    assert (row.due_at <= timezone.now()) is (second["when"] == "now")
    assert (row.occurrence_local.hour == 18) is (second["when"] == "slot")


@pytest.mark.parametrize(
    ("kind", "words"), [("at", "Saved. It stays scheduled."), ("now", "It goes out now."), ("slot", "Scheduled.")]
)
def test_keep_as_draft_after_schedule_says_what_is(press, post, kind, words):
    press("schedule", when=kind)
    rows = rows_of(post)
    answer = press("save", when=kind)
    assert (answer["Location"], words_of(answer)[-1]) == (f"/posts/{post.pk}", words)
    assert rows_of(post) == rows


def test_keep_as_draft_after_it_went_out_says_so(press, post):
    press("schedule", when="at")
    post.publications.update(state=Publication.State.PUBLISHED)
    assert words_of(press("save", when="at"))[-1] == "It is out already."


def test_schedule_after_keep_as_draft_schedules(press, post):
    press("save", when="now")
    assert words_of(press("schedule", when="now"))[-1] == "It goes out now."
    assert post.publications.count() == 1


def test_what_goes_out_now_shows_its_minute_and_is_not_moved_by_a_save(press, alice_client, post):
    press(when="now")
    rows = rows_of(post)
    post.refresh_from_db()
    minute = f"{post.starts_local:%Y-%m-%dT%H:%M}"
    assert f'value="{minute}"' in alice_client.get(f"/posts/{post.pk}/edit").content.decode()
    day = f"/calendar?view=day&on={timezone.now():%Y-%m-%d}"
    assert post.title in alice_client.get(day).content.decode()
    answer = press("save", when="at", starts_local=minute, tzid=post.tzid, caption="One more word")
    assert words_of(answer)[-1] == "Saved. It stays scheduled."
    assert (Post.objects.get().caption, rows_of(post)) == ("One more word", rows)


def test_what_is_no_time_is_still_asked_for(press, post):
    press("schedule", when="at")
    rows = rows_of(post)
    answer = press("save", when="later")
    assert answer.status_code == 422
    assert "A scheduled post needs a time." in answer.content.decode()
    assert rows_of(post) == rows


def test_a_planned_series_says_that_it_has_its_own_times(press, post):
    press(**AGAIN)
    rows = rows_of(post)
    answer = press(when="now")
    assert answer.status_code == 422
    assert "A series has its own times." in answer.content.decode()
    assert rows_of(post) == rows


@pytest.mark.parametrize("kind", KINDS[:3], ids=lambda kind: kind["when"])
def test_an_edit_of_another_tab_between_two_clicks_is_told(press, alice_client, post, kind):
    press(**kind)
    other = seen_in(alice_client.get(f"/posts/{post.pk}/edit"))
    assert press("save", key="other", seen=other, when="at", caption="From the other tab").status_code == 302
    rows = rows_of(post)
    answer = press(**kind)
    assert answer.status_code == 409
    assert "Changed elsewhere meanwhile" in answer.content.decode()
    assert "Typed just now</textarea>" in answer.content.decode()
    assert (Post.objects.get().caption, rows_of(post)) == ("From the other tab", rows)


def test_a_click_after_the_answer_to_the_last_save_was_lost_is_no_conflict(press, alice_client, ada, channel, post):
    seen = seen_in(alice_client.get(f"/posts/{post.pk}/edit"))
    data = full(ada, channel, post.media.get().item, post=post.pk, seen=seen, key="tab", caption="Half a sen")
    save(alice_client, **data)
    assert press(when="now").status_code == 302
    assert Post.objects.get().caption == "Typed just now"


def test_a_late_save_of_the_page_does_not_touch_what_was_scheduled_meanwhile(press, alice_client, ada, channel, post):
    press(when="now")
    rows = rows_of(post)
    data = full(ada, channel, post.media.get().item, post=post.pk, key="tab", caption="Typed before", when="now")
    assert "A scheduled post needs a time" not in save(alice_client, **data).content.decode()
    assert (Post.objects.get().caption, rows_of(post)) == ("Typed just now", rows)


def test_a_save_of_the_page_that_comes_late_does_not_bring_older_words_back(press, alice_client, ada, channel, post):
    assert press("save", when="later", turn=1002).status_code == 302
    data = full(ada, channel, post.media.get().item, post=post.pk, key="tab", when="later")
    save(alice_client, **data | {"caption": "Typed bef", "turn": 1001})
    assert Post.objects.get().caption == "Typed just now"
    save(alice_client, **data | {"caption": "Typed after", "turn": 1003})
    assert Post.objects.get().caption == "Typed after"


def test_approve_and_schedule_twice_is_one_approval(press, workspace, post):
    SchedulingSettings.objects.create(workspace=workspace, approval="team")
    first = press("approve", when="now")
    rows = rows_of(post)
    second = press("approve", when="now")
    assert words_of(first) == words_of(second) == ["It goes out now."]
    assert (rows_of(post), Review.objects.count()) == (rows, 1)


def test_a_changed_post_that_waits_for_approval_goes_out_now_when_it_is_given(press, workspace, post):
    SchedulingSettings.objects.create(workspace=workspace, approval="team")
    press("approve", when="at")
    assert words_of(press("save", when="at", caption="Other words"))[-1] == "Saved. It waits for approval."
    assert words_of(press("approve", when="now", caption="Other words"))[-1] == "It goes out now."
    (row,) = post.publications.all()
    assert row.due_at <= timezone.now()


@contextmanager
def faster(act: Callable):
    """Another request is served whole after this one has read the post and before it holds it."""
    done = []

    def before(execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT") and not done:
            done.append(True)
            act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield
    assert done


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["when"])
def test_of_two_clicks_at_the_same_moment_one_waits_for_the_other(press, post, kind):
    seen = []
    with faster(lambda: seen.append((press(**kind), rows_of(post)))):
        second = press(**kind)
    ((first, rows),) = seen
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert words_of(second) == words_of(first)
    assert rows_of(post) == rows


def test_a_save_of_the_page_that_a_click_overtakes_is_no_conflict_and_no_change(
    press, alice_client, ada, channel, post
):
    data = full(ada, channel, post.media.get().item, post=post.pk, key="tab", caption="Typed before", when="now")
    with faster(lambda: press(when="now")):
        answer = save(alice_client, **data).content.decode()
    assert "Changed elsewhere" not in answer
    assert Post.objects.get().caption == "Typed just now"


def test_a_click_that_a_save_of_the_page_overtakes_is_no_conflict(press, alice_client, ada, channel, post):
    seen = seen_in(alice_client.get(f"/posts/{post.pk}/edit"))
    data = full(ada, channel, post.media.get().item, post=post.pk, seen=seen, key="tab", caption="Half a sen")
    with faster(lambda: save(alice_client, **data)):
        assert press(when="at").status_code == 302
    assert Post.objects.get().caption == "Typed just now"


def test_a_click_that_another_tab_overtakes_is_told(press, post):
    with faster(lambda: press("save", key="other", when="later", caption="From the other tab")):
        assert press(when="at").status_code == 409
    assert Post.objects.get().caption == "From the other tab"


def test_a_click_on_what_is_deleted_meanwhile_is_told(press, alice_client, post):
    with faster(lambda: alice_client.post(f"/posts/{post.pk}/delete")):
        answer = press(when="at")
    assert (answer.status_code, "deleted meanwhile" in answer.content.decode()) == (409, True)
