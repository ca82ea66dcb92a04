"""What platforms call to say: access taken away, data to be deleted, news of a post."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inflio.notices.models import Notice
from scheduling.models import Channel, DataDeletion, Metric, Publication
from scheduling.platforms.tiktok.webhook import sign_webhook
from scheduling.registry import SANDBOX_APP
from scheduling.services.connecting.platform_calls import take_data_deletion
from scheduling.services.connecting.tokens import tokens_of
from scheduling.tests import makers
from scheduling.tests.connecting import connect

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiktok(alice_client, networks, ready) -> Channel:
    return connect(alice_client, networks, "tiktok", persona=ready.pk)


def planned(channel: Channel, **changes) -> Publication:
    post = makers.post(channel.persona, channel)
    return makers.publication(post, channel, due_at=timezone.now() + timedelta(days=1), **changes)


def signed_request(user: str, secret: str = SANDBOX_APP.client_secret) -> dict[str, str]:
    """Meta's form, written down here anew from its description."""
    payload = base64.urlsafe_b64encode(
        json.dumps({"algorithm": "HMAC-SHA256", "issued_at": 1_790_000_000, "user_id": user}).encode()
    ).rstrip(b"=")
    signature = hmac.new(secret.encode(), payload, hashlib.sha256).digest()
    return {"signed_request": f"{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}.{payload.decode()}"}


@pytest.fixture
def instagram(alice_client, networks) -> Channel:
    return connect(alice_client, networks, "instagram")


def test_instagram_says_that_access_was_removed(instagram):
    user = instagram.facts["app_user_id"]
    assert Client().post("/channels/calls/instagram/deauthorise", signed_request(user)).status_code == 200
    row = Channel.objects.get()
    assert (row.status, row.access_token) == ("reconnect", "")
    assert "removed at Instagram" in Notice.objects.get().text


def test_instagram_asks_for_deletion_and_its_user_can_see_that_it_was_done(instagram, ready):
    Channel.objects.update(persona=ready)
    instagram.refresh_from_db()
    waiting = planned(instagram)
    Metric.objects.create(
        channel=instagram, name="likes", day=timezone.now().date(), value=3, measured_at=timezone.now()
    )
    answer = Client().post("/channels/calls/instagram/delete", signed_request(instagram.facts["app_user_id"])).json()
    row = Channel.objects.get()
    assert (row.status, row.handle, row.name, row.facts, row.access_token) == ("revoked", "deleted", "", {}, "")
    assert not Metric.objects.exists()
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert DataDeletion.objects.get().code == answer["confirmation_code"]
    assert answer["confirmation_code"].isalnum()
    page = Client().get(answer["url"].partition("//")[2].partition("/")[2].join(("/", "")))
    assert "Your data is deleted" in page.content.decode()
    assert Client().get("/channels/deleted/made-up").status_code == 404


def test_deleted_data_of_what_was_read_back_is_not_read_back_again(instagram, ready):
    Channel.objects.update(persona=ready)
    instagram.refresh_from_db()
    read_at = timezone.now() - timedelta(hours=1)
    out = planned(instagram, state="published", published_at=read_at, readback={"url": "x"}, readback_at=read_at)
    take_data_deletion(platform="instagram", account=instagram.external_id, sandbox=True)
    out.refresh_from_db()
    assert (out.readback, out.readback_at) == ({}, read_at)


@pytest.mark.parametrize("path", ["deauthorise", "delete"])
def test_what_is_not_signed_by_the_platform_changes_nothing(instagram, path):
    user = instagram.facts["app_user_id"]
    url = f"/channels/calls/instagram/{path}"
    good = signed_request(user)["signed_request"]
    signature, payload = good.split(".")
    forged = base64.urlsafe_b64encode(json.dumps({"algorithm": "HMAC-SHA256", "user_id": user}).encode()).decode()
    for wrong in ("", "x", ".", f".{payload}", f"{signature}.", f"{signature}.{forged}", signed_request(user, "guess")):
        form = wrong if isinstance(wrong, dict) else {"signed_request": wrong}
        assert Client().post(url, form).status_code == 403
    assert Client().get(url).status_code == 405
    assert Channel.objects.get().status == "active"
    assert not DataDeletion.objects.exists()


def test_the_sandboxs_secret_counts_only_on_this_machine(instagram):
    form = signed_request(instagram.facts["app_user_id"])
    url = "/channels/calls/instagram/deauthorise"
    assert Client(REMOTE_ADDR="203.0.113.7").post(url, form).status_code == 403
    assert Client(headers={"X-Forwarded-For": "203.0.113.7"}).post(url, form).status_code == 403
    assert Channel.objects.get().status == "active"


def test_a_real_signature_touches_real_channels_only(instagram, settings):
    settings.PLATFORM_APPS = settings.PLATFORM_APPS | {"instagram": ("id", "real secret")}
    form = signed_request(instagram.facts["app_user_id"], "real secret")
    assert Client().post("/channels/calls/instagram/deauthorise", form).status_code == 200
    assert Channel.objects.get().status == "active"
    Channel.objects.update(sandbox=False)
    Client().post("/channels/calls/instagram/deauthorise", form)
    assert Channel.objects.get().status == "reconnect"


def event(name: str, account: str = "tt-ada", **content) -> bytes:
    values = {"client_key": "k", "event": name, "create_time": 1_790_000_000, "user_openid": account}
    return json.dumps(values | {"content": json.dumps(content)}).encode()


def send(body: bytes, secret: str = SANDBOX_APP.client_secret, now=None) -> int:
    header = sign_webhook(body, secret, now or timezone.now())
    headers = {"TikTok-Signature": header}
    return Client().post("/channels/calls/tiktok", body, "application/json", headers=headers).status_code


def test_tiktok_says_that_access_was_removed(tiktok):
    assert send(event("authorization.removed", reason=1)) == 200
    assert Channel.objects.get().status == "reconnect"
    assert send(event("authorization.removed", reason=1)) == 200  # it comes again
    assert Notice.objects.count() == 1


def test_tiktoks_news_of_a_post_only_makes_it_due(tiktok):
    later = timezone.now() + timedelta(minutes=5)
    asked = planned(tiktok, state="unknown", available_at=later, progress={"publish_id": "p1"})
    other = planned(tiktok, state="unknown", available_at=later, progress={"publish_id": "p2"})
    busy = planned(tiktok, state="publishing", available_at=later, progress={"publish_id": "p1"}, lease_until=later)
    over = planned(tiktok, state="published", available_at=later, progress={"publish_id": "p1"})
    assert send(event("post.publish.complete", publish_id="p1")) == 200
    for row in (asked, other, busy, over):
        row.refresh_from_db()
    assert asked.available_at <= timezone.now()
    assert (asked.state, other.available_at, busy.available_at, over.available_at) == ("unknown", later, later, later)


def test_unsigned_or_old_events_are_refused(tiktok):
    body = event("authorization.removed", reason=1)
    assert send(body, "guess") == 403
    assert send(body, now=timezone.now() - timedelta(minutes=10)) == 403
    assert Client().post("/channels/calls/tiktok", body, "application/json").status_code == 403
    assert send(b"no json") == 400
    assert send(b"x" * 200_000) == 413
    assert Channel.objects.get().status == "active"


def test_events_for_somebody_else_touch_nobody(tiktok):
    assert send(event("authorization.removed", account="tt-nobody")) == 200
    assert Channel.objects.get().status == "active"
    assert tokens_of(tiktok).access_token
