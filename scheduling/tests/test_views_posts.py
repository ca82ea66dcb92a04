"""The pages of posts: who may, what a draft keeps, conflicts of two tabs, double clicks, how much they ask."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inflio.accounts.models import Level
from personas.services import create_persona
from personas.tests.pages import HTMX
from scheduling.models import Post, Publication, Review, SchedulingSettings
from scheduling.services.reviewing import reviews
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
SOON = (datetime.now() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)


@pytest.fixture
def post(ada):
    return makers.post(ada, makers.channel(ada), state=Post.State.DRAFT, starts_local=SOON)


def form(persona, **changes) -> dict:
    """What the composer sends for a post without pictures."""
    return {"persona": persona.pk, "kind": "post", "caption": "Hello", "when": "later", "key": "tab-1"} | changes


def full(persona, channel, item, **changes) -> dict:
    """What it sends for a post that can be scheduled."""
    own = {"channel": channel.pk, "shown_channel": channel.pk, "media": f"i{item.pk}", f"alt-i{item.pk}": "Ada"}
    at = {"when": "at", "starts_local": SOON.strftime("%Y-%m-%dT%H:%M"), "tzid": "Europe/Paris"}
    return form(persona) | own | at | changes


def save(client, **data):
    return client.post("/posts/save", data, **HTMX, HTTP_HX_TARGET="post-side")


def seen_in(response) -> str:
    return re.search(rb'name="seen" value="(\w*)"', response.content)[1].decode()


def test_pages_are_for_members_of_the_workspace_only(client, post, bob_client, charlie_client):
    for url in (f"/posts/{post.pk}", f"/posts/{post.pk}/edit", "/posts", "/reviews"):
        assert client.get(url).status_code == 302
        assert bob_client.get(url).status_code == 200
    for url in (f"/posts/{post.pk}", f"/posts/{post.pk}/edit"):
        assert charlie_client.get(url).status_code == 404
    assert post.title not in charlie_client.get("/posts").content.decode()
    assert post.title not in charlie_client.get("/reviews").content.decode()


def test_strangers_can_do_nothing(charlie, charlie_client, post, ada):
    item = post.media.first().item
    for what in ("edit", "duplicate", "schedule", "review", "back", "cancel", "delete"):
        assert charlie_client.post(f"/posts/{post.pk}/{what}", form(ada)).status_code == 404
    assert charlie_client.post(f"/reviews/posts/{post.pk}", {"decision": "approved", "version": 1}).status_code == 404
    assert charlie_client.get(f"/posts/new?item={item.pk}").status_code in (200, 404)  # he may have no persona yet
    create_persona(workspace=charlie.workspaces.get(), name="Theirs", by=charlie)
    assert charlie_client.get(f"/posts/new?item={item.pk}").status_code == 404
    assert save(charlie_client, **form(ada, post=post.pk)).status_code == 404
    save(charlie_client, **form(ada, media=f"i{item.pk}", channel=post.targets.first().channel_id))
    made = Post.objects.exclude(pk=post.pk).get()
    assert (made.persona.name, made.media.count(), made.targets.count()) == ("Theirs", 0, 0)
    assert Post.objects.get(pk=post.pk).state == Post.State.DRAFT


def test_viewers_look_editors_write_and_managers_decide(bob, bob_client, post, set_level):
    assert bob_client.post(f"/reviews/posts/{post.pk}", {"decision": "approved", "version": 1}).status_code == 403
    assert bob_client.get("/posts/settings").status_code == 403
    assert bob_client.post("/reviews/links/new", {"name": "Nora", "posts": post.pk}).status_code == 403
    set_level(bob, Level.VIEWER)
    assert bob_client.get(f"/posts/{post.pk}").status_code == 200
    assert bob_client.get("/posts/new").status_code == 403
    for what in ("edit", "schedule", "cancel", "delete"):
        assert bob_client.post(f"/posts/{post.pk}/{what}").status_code == 403
    assert not Review.objects.exists()


def test_a_draft_is_saved_at_each_change_and_resumes(alice_client, ada):
    first = save(alice_client, **form(ada, caption="Out"))
    made = Post.objects.get()
    assert first["HX-Replace-Url"] == f"/posts/{made.pk}/edit"
    save(alice_client, **form(ada, caption="Out early", post=made.pk, seen=seen_in(first), hashtags="#sun river"))
    made.refresh_from_db()
    assert (made.caption, made.hashtags, made.title) == ("Out early", ["sun", "river"], "Out early")
    page = alice_client.get(f"/posts/{made.pk}/edit").content.decode()
    assert "Out early</textarea>" in page
    assert 'value="#sun #river"' in page


def test_a_save_whose_answer_was_lost_is_repeated_without_harm(alice_client, ada):
    for _ in range(2):
        save(alice_client, **form(ada, caption="Out"))
    made = Post.objects.get()
    save(alice_client, **form(ada, caption="Out early", post=made.pk, seen="lost-on-the-way"))
    assert Post.objects.get().caption == "Out early"


@pytest.mark.parametrize("told", [True, False])
def test_the_button_of_a_new_post_keeps_what_was_typed_after_the_last_save(alice_client, ada, told):
    first = save(alice_client, **form(ada, caption="Out"))
    made = Post.objects.get()
    known = {"post": made.pk, "seen": seen_in(first)} if told else {}
    answer = alice_client.post("/posts/new", form(ada, caption="Out early", do="save", **known))
    assert answer["Location"] == f"/posts/{made.pk}"
    assert Post.objects.get().caption == "Out early"


def test_the_second_of_two_tabs_is_told_and_can_keep_a_copy(alice_client, ada):
    seen = seen_in(save(alice_client, **form(ada)))
    made = Post.objects.get()
    save(alice_client, **form(ada, caption="First tab", post=made.pk, seen=seen))
    mine = form(ada, caption="Second tab", post=made.pk, seen=seen, key="tab-2")
    answer = save(alice_client, **mine)
    assert "Changed elsewhere meanwhile" in answer.content.decode()
    assert Post.objects.get().caption == "First tab"
    plain = alice_client.post(f"/posts/{made.pk}/edit", mine | {"do": "save"})
    assert (plain.status_code, "Second tab" in plain.content.decode()) == (409, True)
    for _ in range(2):
        alice_client.post("/posts/new", mine | {"do": "copy"})
    assert sorted(Post.objects.values_list("caption", flat=True)) == ["First tab", "Second tab"]


def test_one_wrong_field_does_not_cost_the_others(alice_client, ada):
    save(alice_client, **form(ada, caption="Kept", link="no address"))
    assert Post.objects.get().caption == "Kept"
    answer = alice_client.post("/posts/new", form(ada, link="no address", key="other", do="schedule"))
    assert answer.status_code == 422
    assert "Enter a valid URL" in answer.content.decode()
    assert Post.objects.count() == 1


@pytest.mark.parametrize(("at", "zone"), [("0001-01-01T00:00", "Asia/Tokyo"), ("9999-12-31T23:59", "America/New_York")])
def test_a_time_that_cannot_be_is_said_and_not_saved(alice_client, ada, at, zone):
    data = form(ada, when="at", starts_local=at, tzid=zone)
    for answer in (save(alice_client, **data), alice_client.post("/posts/new", data)):
        assert "between the years 2000 and 2099" in answer.content.decode()
    assert not Post.objects.exists()


def test_pictures_are_picked_moved_and_taken_out(alice_client, ada):
    one, two = makers.gallery_item(ada), makers.gallery_item(ada, 2)
    picks = {"pick": [f"i{one.pk}", f"i{two.pk}"], "pick_seen": [f"i{one.pk}", f"i{two.pk}"], "command": "add"}
    answer = save(alice_client, **form(ada, **picks))
    made = Post.objects.get()
    assert (made.format, 'id="post-media"' in answer.content.decode()) == (Post.Format.CAROUSEL, True)
    both = {"media": [f"i{one.pk}", f"i{two.pk}"], "post": made.pk}
    save(alice_client, **form(ada, **both, command=f"up:i{two.pk}"))
    assert list(made.media.values_list("item", flat=True)) == [two.pk, one.pk]
    save(alice_client, **form(ada, **both, command=f"out:i{one.pk}"))
    unticked = {"media": f"i{two.pk}", "pick_seen": f"i{two.pk}", "command": "add"}
    save(alice_client, **form(ada, post=made.pk, **unticked))
    assert not made.media.exists()
    plain = alice_client.post(f"/posts/{made.pk}/edit", form(ada, **picks))
    assert plain["Location"] == f"/posts/{made.pk}/edit#post-media"
    assert made.media.count() == 2


def test_scheduling_from_the_form_and_again_by_a_double_click(alice_client, ada):
    channel, item = makers.channel(ada), makers.gallery_item(ada)
    for _ in range(2):
        answer = alice_client.post("/posts/new", full(ada, channel, item, do="schedule"))
        made = Post.objects.get()
        assert answer["Location"] == made.get_absolute_url()
    row = Publication.objects.get()
    assert (made.state, row.occurrence_local, row.state) == ("scheduled", SOON, Publication.State.SCHEDULED)


def test_what_cannot_go_out_is_kept_as_a_draft_with_the_reasons(alice_client, ada):
    answer = alice_client.post("/posts/new", form(ada, do="schedule"))
    assert answer.status_code == 422
    assert "Choose when this post goes out." in answer.content.decode()
    assert Post.objects.get().state == Post.State.DRAFT


def test_a_series_is_written_in_plain_words(alice_client, ada):
    channel, item = makers.channel(ada), makers.gallery_item(ada)
    rule = {"when": "series", "repeat": "weekly", "every": "2", "days": ["MO", "TH"], "ends": "after", "count": "6"}
    save(alice_client, **full(ada, channel, item, **rule))
    made = Post.objects.get()
    assert made.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=6"
    page = alice_client.get(f"/posts/{made.pk}/edit").content.decode()
    assert re.search(r'value="TH"\s+checked', page)
    assert "starts_local=" in page  # the next ten times are asked for
    Post.objects.update(rrule="FREQ=MONTHLY;BYDAY=-1FR")
    page = alice_client.get(f"/posts/{made.pk}/edit").content.decode()
    assert "by a rule of its own" in page
    kept = {"when": "series", "repeat": "own", "own_rule": "FREQ=MONTHLY;BYDAY=-1FR"}
    save(alice_client, **full(ada, channel, item, **kept, post=made.pk))
    made.refresh_from_db()
    assert made.rrule == "FREQ=MONTHLY;BYDAY=-1FR"


def test_tiktok_s_screen_has_no_default_and_keeps_the_consent(alice_client, alice, ada):
    facts = {"options": {"privacy_levels": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"], "comment_disabled": True}}
    channel, item = makers.channel(ada, "tiktok", facts=facts), makers.gallery_item(ada)
    page = save(alice_client, **full(ada, channel, item, part="channels")).content.decode()
    screen = " ".join(page[page.index("Who can see this post") : page.index("After it is published")].split())
    assert re.findall(r'value="(\w*)" selected', screen) == [""]
    assert "checked" not in screen
    assert "The account has switched comments off" in screen
    assert "Choose who can see this post on TikTok." in page
    made = Post.objects.get()
    chosen = {f"c{channel.pk}-privacy_level": "PUBLIC_TO_EVERYONE", f"c{channel.pk}-consent": "on", "post": made.pk}
    answer = save(alice_client, **full(ada, channel, item, **chosen)).content.decode()
    assert "Everything fits" in answer
    agreed = made.targets.get().options["agreed"]
    assert (agreed["by"], agreed["settings"]["privacy_level"]) == (alice.pk, "PUBLIC_TO_EVERYONE")
    assert "Music Usage Confirmation" in agreed["text"]


def test_a_scheduled_post_changes_by_its_button_only(alice_client, post, ada):
    alice_client.post(f"/posts/{post.pk}/schedule")
    row = post.media.first()
    data = full(ada, post.targets.get().channel, row.item, caption="Half a sen", post=post.pk)
    assert "Changes count when you save them" in save(alice_client, **data).content.decode()
    assert Post.objects.get().caption == post.caption
    seen = seen_in(alice_client.get(f"/posts/{post.pk}/edit"))
    assert alice_client.post(f"/posts/{post.pk}/edit", data | {"do": "save", "seen": seen}).status_code == 302
    assert Post.objects.get().caption == "Half a sen"


def test_review_by_the_team(alice_client, bob_client, workspace, post):
    SchedulingSettings.objects.create(workspace=workspace, approval="team")
    bob_client.post(f"/posts/{post.pk}/schedule")
    assert Post.objects.get().state == Post.State.DRAFT
    for _ in range(2):
        bob_client.post(f"/posts/{post.pk}/review")
    assert "Waiting for you" in (page := alice_client.get("/reviews").content.decode())
    assert post.title in page
    decision = {"decision": "approve_and_schedule", "version": post.content_version}
    for _ in range(2):
        alice_client.post(f"/reviews/posts/{post.pk}", decision)
    assert (Post.objects.get().state, Review.objects.count(), Publication.objects.count()) == ("scheduled", 1, 1)


def test_copies_of_two_posts_of_the_list_are_two(alice_client, post, ada):
    other = makers.post(ada, title="Evening walk")
    page = alice_client.get("/posts").content.decode()
    for row in (post, other, other):
        key = re.search(rf'posts/{row.pk}/duplicate".*?name="key" value="(\w+)"', page, re.DOTALL)[1]
        alice_client.post(f"/posts/{row.pk}/duplicate", {"key": key})
    assert sorted(Post.objects.values_list("title", flat=True)) == [
        "Evening walk",
        "Evening walk (copy)",
        "Morning walk",
        "Morning walk (copy)",
    ]


def test_a_link_for_a_client_is_shown_once(alice_client, post):
    data = {"name": "Nora", "posts": [post.pk], "key": "k1"}
    assert alice_client.post("/reviews/links/new", {"name": "Nora"}).status_code == 422
    for _ in range(2):
        alice_client.post("/reviews/links/new", data)
    assert b"/review/" in alice_client.get("/reviews").content
    page = alice_client.get("/reviews").content
    assert (b"/review/" in page, page.count(b"Take back")) == (False, 1)


def test_a_link_that_could_not_be_made_says_why_and_can_be_tried_again(alice_client, post, monkeypatch):
    data = {"name": "Nora", "posts": [post.pk], "key": "k1"}
    monkeypatch.setattr(reviews, "OPEN_LINKS", 0)
    answer = alice_client.post("/reviews/links/new", data)
    assert answer.status_code == 409
    assert "Take some back first." in answer.content.decode()
    assert 'value="Nora"' in answer.content.decode()
    monkeypatch.setattr(reviews, "OPEN_LINKS", 1)
    alice_client.post("/reviews/links/new", data)
    assert b"/review/" in alice_client.get("/reviews").content


def test_a_picture_in_use_is_kept_and_the_post_is_linked(alice_client, post):
    alice_client.post(f"/posts/{post.pk}/schedule")
    item = post.media.first().item
    answer = alice_client.post("/gallery/bulk/", {"item": item.pk, "action": "delete", "sure": "1"}, **HTMX)
    assert f'<a href="{post.get_absolute_url()}">' in answer.content.decode()
    assert type(item).objects.filter(pk=item.pk).exists()


def test_ways_in_from_the_gallery(alice_client, ada):
    one, two = makers.gallery_item(ada), makers.gallery_item(ada, 2)
    assert f"/posts/new?item={one.pk}" in alice_client.get(f"/gallery/{one.pk}/").content.decode()
    answer = alice_client.post("/gallery/bulk/", {"item": [one.pk, two.pk], "action": "schedule"})
    assert answer["Location"] == f"/posts/new?items={one.pk},{two.pk}"
    page = alice_client.get(answer["Location"]).content.decode()
    assert page.index(f'value="i{one.pk}"') < page.index(f'value="i{two.pk}"')
    assert not Post.objects.exists()


def test_a_post_and_its_publication_ask_again_only_while_something_happens(alice_client, post):
    now = timezone.now()
    row = makers.publication(post, post.targets.get().channel, due_at=now + timedelta(hours=1))
    pages = (post.get_absolute_url(), row.get_absolute_url())
    for changes, asks in (
        ({}, False),
        ({"due_at": now + timedelta(seconds=50)}, True),
        ({"state": "unknown", "due_at": now - timedelta(hours=3)}, True),
        ({"state": "published", "published_at": now}, True),
        ({"readback_at": now}, False),
        ({"state": "failed", "published_at": None}, False),
    ):
        Publication.objects.filter(pk=row.pk).update(**changes)
        for page in pages:
            assert (b'hx-trigger="every' in alice_client.get(page).content) is asks, (changes, page)


def test_lists_and_pages_ask_as_much_for_three_as_for_one(alice_client, ada):
    counts = []
    for number in (1, 3):
        channels = [makers.channel(ada) for _ in range(number)]
        rows = [makers.post(ada, *channels, pictures=number, title=f"P{n}") for n in range(number)]
        urls = ("/posts", "/reviews", f"/posts/{rows[0].pk}", f"/posts/{rows[0].pk}/edit")
        counts.append([queries(alice_client, url) for url in urls])
    assert counts[0] == counts[1]


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_choosing_channels_alone_makes_no_draft(alice_client, ada):
    channel = makers.channel(ada)
    page = save(alice_client, **form(ada, caption="", channel=channel.pk)).content.decode()
    assert not Post.objects.exists()
    assert "Before it can go out" not in page
    save(alice_client, **form(ada, caption="", channel=channel.pk, hashtags="#sea"))
    assert Post.objects.get().hashtags == ["sea"]


def test_published_posts_have_a_tab_of_their_own(alice_client, ada):
    channel = makers.channel(ada)
    titles = {"out": "published", "half out": "scheduled", "waits": None}
    for title, state in titles.items():
        post = makers.post(ada, channel, pictures=0, title=title)
        makers.publication(post, channel, state=state or "scheduled")
        if title == "half out":
            makers.publication(post, makers.channel(ada, "linkedin"), state="published")
    shown = {tab: alice_client.get(f"/posts?state={tab}").content.decode() for tab in ("published", "scheduled")}
    found = {tab: [title for title in titles if f">{title}<" in page] for tab, page in shown.items()}
    assert found == {"published": ["out"], "scheduled": ["half out", "waits"]}
