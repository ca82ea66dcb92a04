"""Tests of connecting TikTok: codes, tokens and their renewal, and TikTok's signed webhooks."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import App
from scheduling.platforms.tiktok.connect import TikTokConnector
from scheduling.platforms.tiktok.webhook import read_webhook, sign_webhook, verify_webhook
from scheduling.tests import tiktok_stage
from scheduling.tests.tiktok_stage import CONTRACTS, deliver, fits, public, video

world, sandbox, tiktok = tiktok_stage.world, tiktok_stage.sandbox, tiktok_stage.tiktok


# Connecting


def connector(sandbox) -> TikTokConnector:
    hosts = {host: f"{sandbox.url}/tiktok/{host}" for host in TikTokConnector.hosts}
    return TikTokConnector(App("inflio-sandbox", "inflio-sandbox-secret"), hosts=hosts, timeout=20)


def code_from(sandbox, ours: TikTokConnector, account="tt-ada", **form) -> str:
    back = "https://inflio.example/channels/back"
    page = ours.authorize_url(state="state-1", redirect_uri=back)
    assert httpx.get(page).status_code == 200
    reply = httpx.post(page, data={"account": account, "decision": "allow"} | form)
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert query["state"] == ["state-1"]
    return query["code"][0]


def test_connecting_renewing_and_how_a_reused_refresh_token_ends_it_all(sandbox):
    ours, back = connector(sandbox), "https://inflio.example/channels/back"
    code = code_from(sandbox, ours)
    tokens = ours.exchange(code=code, redirect_uri=back)
    assert tokens.scopes == TikTokConnector.scopes
    assert timedelta(hours=1) < tokens.access_expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert tokens.refresh_expires_at - datetime.now(UTC) > timedelta(days=179)
    [found] = ours.accounts(tokens)
    assert (found.external_id, found.handle, found.name) == ("tt-ada", "ada.studio", "Ada")
    with pytest.raises(PlatformError):
        ours.exchange(code=code, redirect_uri=back)  # a code works once
    renewed = ours.refresh(tokens)
    assert renewed.refresh_token != tokens.refresh_token
    assert ours.accounts(renewed)
    with pytest.raises(PlatformError) as ended:
        ours.refresh(tokens)
    assert ended.value.kind == "reconnect"
    for gone in (lambda: ours.refresh(renewed), lambda: ours.accounts(renewed)):
        with pytest.raises(PlatformError) as ended:
            gone()
        assert ended.value.kind == "reconnect"


def test_token_answers_fit_the_contract(sandbox):
    url, app = f"{sandbox.url}/tiktok/api/v2/oauth/token/", {"client_key": "inflio-sandbox"}
    app["client_secret"] = "inflio-sandbox-secret"
    code = code_from(sandbox, connector(sandbox), "tt-noor")
    form = {"code": code, "grant_type": "authorization_code", "redirect_uri": "https://inflio.example/channels/back"}
    fits(httpx.post(url, data=app | form).json(), CONTRACTS["token"]["answer"])
    for wrong in (form, form | {"grant_type": "magic"}, form | {"client_secret": "x"}):
        fits(httpx.post(url, data=app | wrong).json(), CONTRACTS["token"]["refusal"])


def test_an_account_that_may_not_be_posted_to_is_no_channel(sandbox):
    ours = connector(sandbox)
    code = code_from(sandbox, ours, "tt-quiet", **{"no:video.publish": "1"})
    tokens = ours.exchange(code=code, redirect_uri="https://inflio.example/channels/back")
    assert "video.publish" not in tokens.scopes
    with pytest.raises(PlatformError, match="not allowed to let Inflio post"):
        ours.accounts(tokens)


def test_a_revoked_connection_is_over(sandbox):
    ours = connector(sandbox)
    tokens = ours.exchange(code=code_from(sandbox, ours), redirect_uri="https://inflio.example/channels/back")
    ours.revoke(tokens)
    with pytest.raises(PlatformError) as ended:
        ours.accounts(tokens)
    assert ended.value.kind == "reconnect"


# Webhooks


def test_a_webhook_is_believed_only_with_a_fresh_signature_over_this_body():
    now, body = datetime(2026, 11, 21, 12, tzinfo=UTC), b'{"event":"authorization.removed"}'
    header = sign_webhook(body, "secret", now)
    fits(header, CONTRACTS["webhook"]["signature"])
    assert verify_webhook(body, header, "secret", now + timedelta(seconds=299))
    assert not verify_webhook(body + b" ", header, "secret", now)
    assert not verify_webhook(body, header, "other", now)
    assert not verify_webhook(body, header, "", now)
    assert not verify_webhook(body, header, "secret", now + timedelta(seconds=301))
    for broken in ("", "t=,s=", "t=1", "s=ab", "t=²,s=ab", f"{header[:-1]}é", "t=99999999999999999999,s=ab"):
        assert not verify_webhook(body, broken, "secret", now)


def test_the_sandbox_calls_back_as_tiktok_does(sandbox, tiktok):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers["TikTok-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Keep quiet."""

    ours = tiktok()
    publish_id = deliver(ours, video(sandbox)).evidence["publish_id"]
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        order = {"url": f"http://127.0.0.1:{server.server_port}/", "event": "post.publish.publicly_available"}
        order |= {"account": ours.account.external_id, "publish_id": publish_id}
        reply = httpx.post(f"{sandbox.url}/_sandbox/actions/tiktok.webhook", json=order)
    assert reply.json() == {"status": 200}
    [(body, header)] = got
    assert verify_webhook(body, header, "inflio-sandbox-secret", datetime.now(UTC))
    fits(json.loads(body), CONTRACTS["webhook"]["body"])
    event = read_webhook(body)
    assert (event.open_id, event.publish_id) == (ours.account.external_id, publish_id)
    assert event.post_id == public(sandbox, ours)[0]["remote_id"]
    for broken in (b"", b"[]", b'{"event":"x"}', b'{"event":"x","user_openid":"y","create_time":"soon"}'):
        with pytest.raises(ValueError, match="no event of TikTok"):
            read_webhook(broken)
