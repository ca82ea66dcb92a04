"""The API of scheduling: one call to schedule, reading for mobile clients, and the trigger for outside cron."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import ApiKey, Level, Membership
from inflio.accounts.services import make_api_key
from inflio.common.crypto import seal
from inflio.notices.models import Notice
from inflio.queue.leases import claim
from inflio.queue.models import PeriodicRun
from scheduling.models import Post, Publication
from scheduling.services.publishing.turn import take_turn
from scheduling.tests import makers

SCHEDULE = "/api/schedule"
JSON = "application/json"


@pytest.fixture
def order(ready) -> dict:
    """A good order: one picture on the persona's public page, tomorrow."""
    channel = makers.channel(ready, "site", handle="ada")
    item = makers.gallery_item(ready)
    tomorrow = (datetime.now() + timedelta(days=1)).replace(hour=9, minute=30)
    return {
        "persona": ready.pk,
        "items": [item.pk],
        "alt_texts": ["Ada on a bridge"],
        "channels": [channel.pk],
        "caption": "Out before the city wakes.",
        "hashtags": ["#city", "walk"],
        "at": tomorrow.isoformat(timespec="minutes"),
        "tz": "Europe/Paris",
    }


def send(client: Client, order: dict, **headers):
    return client.post(SCHEDULE, order, content_type=JSON, headers=headers)


def test_one_call_makes_and_schedules_a_post(order, bob_client, bob):
    answer = send(bob_client, order)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["tz"], made["format"]) == ("scheduled", "Europe/Paris", "image")
    assert made["hashtags"] == ["city", "walk"]
    assert made["media"][0]["alt_text"] == "Ada on a bridge"
    [publication] = made["publications"]
    assert publication["state"] == "scheduled"
    assert publication["at"] == order["at"]
    assert Post.objects.get().created_by == bob


def test_repeating_with_the_same_key_makes_nothing_new(order, bob_client):
    first = send(bob_client, order, idempotency_key="tap-1")
    again = send(bob_client, order, idempotency_key="tap-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Publication.objects.count() == 1
    other = send(bob_client, order | {"caption": "Another one"}, idempotency_key="tap-1")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    assert send(bob_client, order, idempotency_key="tap-2").status_code == 201


def test_series_and_draft(order, bob_client):
    series = send(bob_client, order | {"rrule": "FREQ=WEEKLY;COUNT=3"})
    assert len(series.json()["publications"]) == 3
    draft = send(bob_client, {name: order[name] for name in ("persona", "items", "channels")} | {"draft": True})
    assert (draft.status_code, draft.json()["state"], draft.json()["publications"]) == (201, "draft", [])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"at": "2020-01-01T09:00"}, 422),
        ({"at": "2030-01-01T09:00+01:00"}, 422),
        ({"at": None}, 422),
        ({"tz": "Mars/Olympus"}, 422),
        ({"rrule": "FREQ=SOMETIMES"}, 422),
        ({"channels": []}, 422),
        ({"channels": [999_999]}, 404),
        ({"items": [999_999]}, 404),
        ({"persona": 999_999}, 404),
        ({"slot": True}, 422),
        ({"caption": "x" * 6000}, 422),
        ({"partnership": "friends"}, 422),
        ({"at": "0001-01-01T00:00", "tz": "Asia/Tokyo"}, 422),
        ({"at": "9999-12-31T23:59", "tz": "America/New_York"}, 422),
        ({"at": "0001-01-01T00:00", "tz": "Asia/Tokyo", "draft": True}, 422),
        ({"at": "9999-12-31T23:59", "tz": "America/New_York", "draft": True}, 422),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(order, bob_client, change, status):
    answer = send(bob_client, order | change)
    assert answer.status_code == status, answer.content
    assert set(answer.json()["error"]) >= {"code", "message"}
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": {"privacy_level": []}},
        {"options": {"privacy_level": {}}},
        {"options": {"privacy_level": "\ud800"}},
        {"options": {"privacy_level": "a\0b"}},
        {"options": {"collaborators": [5, []]}},
        {"options": {"collaborators": 5}},
        {"options": {"made_for_kids": "perhaps"}},
        {"options": {"cover_index": 10**30}},
        {"options": {"privacy": "SELF_ONLY"}},
        {"options": []},
        {"cover_ms": 10**30},
    ],
    ids=str,
)
def test_wrong_options_of_a_channel_are_refused_even_for_a_draft(order, bob_client, wrong):
    [channel] = order["channels"]
    answer = send(bob_client, order | {"channels": [{"channel": channel} | wrong], "draft": True})
    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]["fields"]["channels"]
    assert not Post.objects.exists()


def test_options_of_a_channel_are_kept_as_the_composer_keeps_them(order, ready, bob_client):
    options = {"privacy_level": "SELF_ONLY", "consent": True, "ai_mark": False, "collaborators": ["eve"]}
    channel = makers.channel(ready, "tiktok")
    answer = send(bob_client, order | {"channels": [{"channel": channel.pk, "options": options}], "draft": True})
    assert answer.json()["channels"][0]["options"] == options
    post = Post.objects.get()
    for page in (post.get_absolute_url(), reverse("scheduling:edit_post", args=[post.pk])):
        assert bob_client.get(page).status_code == 200


def test_caption_with_line_breaks_of_another_system_is_taken(order, bob_client):
    for status in (201, 200):
        answer = send(bob_client, order | {"caption": "One\r\ntwo\vthree"}, idempotency_key="tap-1")
        assert (answer.status_code, answer.json()["caption"]) == (status, "One\ntwo\nthree")


def test_post_that_a_platform_would_refuse_is_refused_with_its_problems(order, ready, bob_client):
    instagram = makers.channel(ready, "instagram")
    answer = send(bob_client, order | {"channels": [instagram.pk], "items": []})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "not_ready"
    assert error["problems"][0]["text"]
    assert not Post.objects.exists()


def test_nobody_schedules_with_what_is_not_theirs(order, charlie_client, bob_client, bob, set_level):
    assert send(charlie_client, order).status_code == 404
    set_level(bob, Level.VIEWER)
    assert send(bob_client, order).status_code == 403
    assert send(Client(), order).status_code == 401
    assert not Post.objects.exists()


def test_session_needs_its_csrf_token(order, bob):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert send(strict, order).status_code == 403


def test_api_key_acts_as_its_member(order, workspace, bob, charlie):
    key, token = make_api_key(user=bob, workspace=workspace, name="Phone")
    mobile = Client(headers={"Authorization": f"Bearer {token}"})
    assert send(mobile, order).status_code == 201
    assert mobile.get("/api/posts").json()["posts"][0]["title"]
    assert token not in str(ApiKey.objects.values().get())
    key.refresh_from_db()
    assert key.used_at is not None
    wrong = Client(headers={"Authorization": f"Bearer {token}x"})
    assert wrong.get("/api/posts").status_code == 401
    _, foreign = make_api_key(user=charlie, workspace=charlie.workspaces.get(), name="Phone")
    stranger = Client(headers={"Authorization": f"Bearer {foreign}"})
    assert stranger.get(f"/api/posts/{Post.objects.get().pk}").status_code == 404
    Membership.objects.filter(user=bob, workspace=workspace).delete()
    assert mobile.get("/api/posts").status_code == 401


def test_keys_page_shows_a_key_once_and_removes_it(workspace, bob, bob_client, alice_client):
    url = reverse("accounts:api_keys")
    made = bob_client.post(url, {"name": "Phone"})
    token = made.context["token"]
    assert token.startswith("inflio_")
    assert token.encode() in made.content
    assert token.encode() not in bob_client.get(url).content
    key = ApiKey.objects.get()
    assert b"Phone" not in alice_client.get(url).content
    remove = reverse("accounts:remove_api_key", args=[key.pk])
    assert alice_client.post(remove).status_code == 404  # also a team-mate's
    assert bob_client.post(remove).status_code == 302
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/posts").status_code == 401
    assert bob_client.post(url, {"name": ""}).status_code == 422


def fill(ready, count: int) -> list[Publication]:
    channel = makers.channel(ready, "instagram")
    rows = [makers.post(ready, channel, pictures=1) for _ in range(count)]
    return [makers.publication(post, channel, due_at=timezone.now()) for post in rows]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_reading_is_for_members_only_and_costs_the_same(ready, bob_client, charlie_client):
    [row] = fill(ready, 1)
    today = timezone.now().date().isoformat()
    lists = {
        "/api/posts": "posts",
        f"/api/calendar?from={today}&to={today}": "publications",
        "/api/channels": "channels",
    }
    counted = {}
    for url, name in lists.items():
        assert len(bob_client.get(url).json()[name]) == 1
        counted[url] = queries_of(bob_client, url)
        assert charlie_client.get(url).json()[name] == []
        assert Client().get(url).status_code == 401
    for one in (f"/api/posts/{row.post_id}", f"/api/publications/{row.pk}"):
        assert bob_client.get(one).status_code == 200
        assert charlie_client.get(one).status_code == 404
    shape = bob_client.get(f"/api/publications/{row.pk}").json()
    assert shape["metrics"]["views"] == {"value": None, "note": "not measured yet"}
    assert "token" not in str(bob_client.get("/api/channels").json())
    fill(ready, 2)
    for url in lists:
        assert queries_of(bob_client, url) == counted[url], url


def test_reading_pages_and_filters(ready, bob_client):
    rows = fill(ready, 2)
    assert bob_client.get("/api/posts", {"state": "draft"}).json()["posts"] == []
    assert len(bob_client.get("/api/posts", {"persona": ready.pk}).json()["posts"]) == 2
    newest = bob_client.get("/api/posts").json()["posts"][0]["id"]
    assert [one["id"] for one in bob_client.get("/api/posts", {"before": newest}).json()["posts"]] == [rows[0].post_id]
    year = "/api/calendar?from=2026-01-01&to=2027-01-01"
    last_day = "/api/calendar?from=9999-12-31&to=9999-12-31"
    for url in ("/api/posts?state=x", "/api/posts?before=x", "/api/calendar", year, last_day):
        assert bob_client.get(url).status_code in (400, 422), url
    assert bob_client.get("/api/reliability").json()["days"] == 30
    assert bob_client.get("/api/reliability", {"days": 5}).status_code == 422
    missing = bob_client.get("/api/posts/999999").json()
    assert missing["error"]["code"] == "not_found"


# The trigger


@pytest.fixture
def token(settings) -> str:
    settings.CRON_TOKEN, settings.CRON_SECONDS = "a long secret", 3
    return settings.CRON_TOKEN


def trigger(token: str = ""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post("/api/cron/trigger", headers=headers)


def test_trigger_is_off_without_a_token_and_refuses_a_wrong_one(db, settings, alice_client):
    settings.CRON_TOKEN = ""
    assert trigger("anything").status_code == 404
    assert trigger().status_code == 404
    settings.CRON_TOKEN = "a long secret"
    assert trigger().status_code == 401
    assert trigger("a long secre").status_code == 401
    assert alice_client.post("/api/cron/trigger").status_code == 401  # a session is no token
    assert not PeriodicRun.objects.exists()


@pytest.fixture
def due(ready) -> Publication:
    """A post that is due on the persona's public page."""
    channel = makers.channel(ready, "site", handle="ada")
    return makers.publication(makers.post(ready, channel), channel)


def test_trigger_publishes_what_is_due_without_any_worker(due, token):
    answer = trigger(token)
    assert answer.status_code == 200
    assert answer.json()["taken"] >= 1
    due.refresh_from_db()
    assert due.state == Publication.State.PUBLISHED
    assert PeriodicRun.objects.filter(hook="inflio.notices.mail.mail_notices").exists()
    assert trigger(token).json()["taken"] == 0


def test_trigger_stays_with_what_a_platform_still_prepares(ready, token, networks, settings):
    """A post on LinkedIn takes several steps with pauses; one call sees it through."""
    settings.CRON_SECONDS = 15
    access = networks.connect("linkedin", "member-cron", "ada")
    sealed = seal(access, purpose=makers.TOKEN_PURPOSE)
    channel = makers.channel(ready, "linkedin", external_id="member-cron", access_token=sealed)
    row = makers.publication(makers.post(ready, channel), channel)
    assert trigger(token).status_code == 200
    row.refresh_from_db()
    assert row.state == Publication.State.PUBLISHED, row.reason
    assert len(networks.world.posts("linkedin", "member-cron")) == 1


def test_trigger_leaves_alone_what_a_worker_holds(due, token):
    """Called twice at once, or beside a worker: what is claimed is not taken again, and each hook runs once."""
    lease = claim(Publication, due.pk, 60)
    assert lease
    assert trigger(token).json()["taken"] == 0
    due.refresh_from_db()
    assert due.state == Publication.State.SCHEDULED
    ran = dict(PeriodicRun.objects.values_list("hook", "ran_at"))
    Notice.objects.create(workspace=due.workspace, kind="x", title="Look", level="bad")
    trigger(token)
    assert ran == dict(PeriodicRun.objects.filter(hook__in=ran).values_list("hook", "ran_at"))
    assert Notice.objects.get().mailed_at is None


def test_turn_without_time_takes_nothing(due):
    assert take_turn(seconds=0).taken == 0
