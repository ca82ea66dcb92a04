"""Reviews: who has to agree, for which version, and links that show what was chosen and nothing else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from inflio.common.errors import Conflict, InvalidInput
from inflio.notices.models import Notice
from scheduling.models import Post, PostEvent, Publication, Review, ReviewLink, SchedulingSettings
from scheduling.services.composing import planning, posts
from scheduling.services.composing.parts import MediaChoice, TargetChoice
from scheduling.services.reviewing import reviews
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
YES, NO = Review.Decision.APPROVED, Review.Decision.CHANGES


@pytest.fixture
def post(ada):
    item = makers.gallery_item(ada)
    media, targets = [MediaChoice(item.asset, item, "Ada")], [TargetChoice(makers.channel(ada))]
    when = (timezone.now() + timedelta(days=3)).replace(tzinfo=None, second=0, microsecond=0)
    return posts.create_post(persona=ada, by=None, media=media, targets=targets, caption="Out early", starts_local=when)


@pytest.fixture
def link(workspace, post, alice):
    return reviews.create_link(workspace=workspace, posts=[post], name="Nora", email="nora@example.com", by=alice)


def mode(workspace, approval: str) -> None:
    SchedulingSettings.objects.update_or_create(workspace=workspace, defaults={"approval": approval})


def decide(post, decision, **how) -> Review:
    return reviews.decide(post=post, decision=decision, version=post.content_version, **how)


def state_of(post) -> str:
    return Post.objects.get(pk=post.pk).state


def test_asking_twice_asks_once(post, alice):
    for _ in range(2):
        assert reviews.ask_for_review(post=post, by=alice).state == Post.State.REVIEW
    assert PostEvent.objects.filter(post=post, text="Sent to review.").count() == 1
    assert Notice.objects.filter(kind="review_asked").count() == 1


def test_a_team_needs_a_manager_and_a_client_too_where_it_says_so(workspace, post, alice, link):
    mode(workspace, "team")
    reviews.ask_for_review(post=post, by=alice)
    decide(post, YES, link=link.link)
    assert (state_of(post), reviews.is_approved(post)) == (Post.State.REVIEW, False)
    decide(post, YES, by=alice)
    assert state_of(post) == Post.State.APPROVED
    mode(workspace, "client")
    other = posts.duplicate_post(post=post, by=None)
    reviews.ask_for_review(post=other, by=alice)
    decide(other, YES, by=alice)
    assert state_of(other) == Post.State.REVIEW
    made = reviews.create_link(workspace=workspace, posts=[other], name="Nora", by=alice)
    decide(other, YES, link=made.link)
    assert state_of(other) == Post.State.APPROVED


def test_an_approval_counts_for_one_version(workspace, post, alice):
    mode(workspace, "team")
    decide(post, YES, by=alice)
    post = planning.schedule_post(post=Post.objects.get(pk=post.pk), by=alice)
    post = posts.update_post(post=post, by=alice, caption="Other words")
    assert not reviews.is_approved(post)
    with pytest.raises(Conflict, match="changed since"):
        reviews.decide(post=post, decision=YES, version=1, by=alice)
    decide(post, YES, by=alice)
    assert state_of(post) == Post.State.SCHEDULED  # it had its times already
    assert Publication.objects.get(post=post).state == Publication.State.SCHEDULED


def test_a_double_click_decides_once_and_a_mind_may_change(post, link):
    first = decide(post, YES, link=link.link)
    assert decide(post, YES, link=link.link) == first
    assert PostEvent.objects.filter(post=post, text="Approved.").count() == 1
    changed = decide(post, NO, link=link.link, note="Brighter", name="Nora B.")
    assert (changed.pk, Review.objects.count(), state_of(post)) == (first.pk, 1, Post.State.CHANGES)
    assert PostEvent.objects.filter(post=post, by_name="Nora B.", text="Changes asked for: Brighter").exists()


def test_changes_need_words_and_take_a_scheduled_post_off(post, alice, link):
    with pytest.raises(InvalidInput, match="what should change"):
        decide(post, NO, by=alice)
    planning.schedule_post(post=post, by=alice)
    decide(post, NO, link=link.link, note="Not this week")
    assert state_of(post) == Post.State.CHANGES
    assert not Publication.objects.filter(state=Publication.State.SCHEDULED).exists()
    assert Notice.objects.get(kind="review_decided").title == "Nora asks for changes to “Out early”"


def test_a_link_is_mailed_and_only_its_hash_is_kept(workspace, post, alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = reviews.create_link(workspace=workspace, posts=[post], name="Nora", email="nora@example.com", by=alice)
    token = made.url.rsplit("/", 1)[1]
    assert [(letter.to, made.url in letter.body) for letter in mail.outbox] == [(["nora@example.com"], True)]
    assert token not in str(ReviewLink.objects.values().get())


def test_links_are_for_posts_of_the_workspace(workspace, post, alice, charlie):
    theirs = charlie.workspaces.get()
    for given in ({"posts": [post]}, {"posts": []}, {"posts": [post], "name": " "}):
        with pytest.raises(InvalidInput):
            reviews.create_link(**({"workspace": theirs, "name": "Nora", "by": charlie} | given))
    assert not ReviewLink.objects.exists()


def test_a_client_sees_exactly_the_posts_of_the_link(ada, post, link, workspace):
    hidden = makers.post(ada, title="Hidden walk")
    page = Client().get(link.url)
    text = page.content.decode()
    assert page.status_code == 200
    assert ("Out early" in text, "Hidden walk" in text) == (True, False)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "private, no-store")
    shown, other = post.media.get(), hidden.media.first()
    assert Client().get(f"{link.url}/{shown.pk}.webp?preset=ig_feed_square")["Content-Type"] == "image/webp"
    assert Client().get(f"{link.url}/{other.pk}.webp").status_code == 404
    assert Client().get(shown.asset.small_url).status_code == 302  # the gallery stays behind the log-in
    answer = Client().post(link.url, {"post": hidden.pk, "decision": "approved", "version": 1})
    assert answer.status_code == 302
    assert not Review.objects.exists()


def test_a_client_approves_and_asks_for_changes_by_link(post, link):
    client = Client(enforce_csrf_checks=True)
    form = {"post": post.pk, "version": post.content_version, "name": "Nora B."}
    assert client.post(link.url, form | {"decision": "approved"}).status_code == 403
    client.get(link.url)
    form["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    client.post(link.url, form | {"decision": "approved"})
    assert Review.objects.get().by_name == "Nora B."
    assert b"everything here has your answer" in client.get(link.url).content
    posts.update_post(post=post, by=None, caption="New words")
    assert b"changed since your last answer" in client.get(link.url).content
    said = client.post(link.url, form | {"decision": "approved"}, follow=True)
    assert b"was changed since you opened it" in said.content
    assert Review.objects.count() == 1


def test_a_client_s_words_lose_what_no_database_keeps(post, link):
    form = {
        "post": post.pk,
        "version": post.content_version,
        "decision": "changes",
        "note": "More\0 sun",
        "name": "N\0ora",
    }
    assert Client().post(link.url, form).status_code == 302
    review = Review.objects.get()
    assert (review.note, review.by_name) == ("More sun", "Nora")


@pytest.mark.parametrize("over", ["revoked", "expired", "unknown"])
def test_links_that_are_over_say_what_to_do_and_show_nothing(post, link, alice, over):
    url, row = link.url, link.link
    if over == "revoked":
        reviews.revoke_link(link=row, by=alice)
    if over == "expired":
        ReviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    url = f"{url}x" if over == "unknown" else url
    page = Client().get(url)
    assert page.status_code == 404
    assert b"This link does not work" in page.content
    assert b"Out early" not in page.content
    assert Client().get(f"{url}/{post.media.get().pk}.webp").status_code == 404
    assert Client().post(url, {"post": post.pk, "decision": "approved", "version": 1}).status_code == 404
    if over != "unknown":
        with pytest.raises(reviews.LinkOver):
            decide(post, YES, link=row)
    assert not Review.objects.exists()


def test_deleted_and_cancelled_posts_have_clear_pages(post, link):
    form = {"post": post.pk, "version": 1, "decision": "approved"}
    planning.cancel_post(post=post, by=None)
    assert b"no longer planned" in Client().get(link.url).content
    assert b"no longer planned" in Client().post(link.url, form, follow=True).content
    posts.delete_post(post=post, by=None)
    assert b"were deleted" in Client().get(link.url).content
    assert b"deleted meanwhile" in Client().post(link.url, form, follow=True).content


def test_guessing_links_is_slowed_down(link, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)  # twenty tries within one minute
    wrong = link.url[:-4] + "zzzz"
    for _ in range(20):
        assert b"not complete" in Client().get(wrong).content
    assert b"Too many links" in Client().get(wrong).content
    assert b"Too many links" in Client().get(link.url).content


def test_the_client_s_page_asks_as_much_for_three_posts_as_for_one(
    ada, workspace, alice, django_assert_max_num_queries
):
    counts = []
    for number in (1, 3):
        channel = makers.channel(ada)
        rows = [makers.post(ada, channel, title=f"Post {n}") for n in range(number)]
        made = reviews.create_link(workspace=workspace, posts=rows, name="Nora", by=alice)
        Client().get(made.url)
        with django_assert_max_num_queries(40) as captured:
            assert Client().get(made.url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
