"""Tests of connecting Instagram: codes, tokens and their renewal, and Meta's signed callbacks."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from facebook_business.adobjects.igaccesstokenforigonlyapi import IGAccessTokenForIGOnlyAPI
from facebook_business.adobjects.igrefreshaccesstokenforigonlyapi import IGRefreshAccessTokenForIGOnlyAPI

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import App
from scheduling.platforms.instagram.connect import InstagramConnector, signed_request
from scheduling.sandbox import oauth
from scheduling.sandbox.server import Sandbox

BACK = "http://127.0.0.1:8000/back"
ADA, CARLA = "17841400000000001", "17841400000000003"
APP = App(oauth.CLIENT_ID, oauth.CLIENT_SECRET)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), platforms=("instagram",)) as sandbox:
        yield sandbox


@pytest.fixture
def connector(sandbox):
    hosts = {name: f"{sandbox.url}/instagram/{name}" for name in InstagramConnector.hosts}
    yield InstagramConnector(APP, hosts=hosts, timeout=20)
    sandbox.world.shift(0)
    sandbox.world.change(instagram_flat_tokens=None)


def _code(connector: InstagramConnector, account: str = ADA, **decision: str) -> str:
    url = connector.authorize_url(state="st", redirect_uri=BACK)
    reply = httpx.post(url, data={"decision": "allow", "account": account} | decision)
    return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]


def _tokens(connector: InstagramConnector, account: str = ADA, **decision: str):
    return connector.exchange(code=_code(connector, account, **decision), redirect_uri=BACK)


@pytest.mark.parametrize("flat", [True, False])
def test_a_code_becomes_a_token_of_60_days_in_either_form_of_the_answer(sandbox, connector, flat):
    sandbox.world.change(instagram_flat_tokens=flat)
    tokens = _tokens(connector)
    assert timedelta(days=59) < tokens.access_expires_at - datetime.now(UTC) <= timedelta(days=60)
    assert tokens.scopes == connector.scopes
    (account,) = connector.accounts(tokens)
    assert (account.external_id, account.handle) == (ADA, "ada.sandbox")
    assert account.facts["app_user_id"] not in ("", ADA)  # Meta's callbacks name the user, not the account


def test_the_mark_that_instagram_hangs_on_a_code_is_taken_off(connector):
    assert connector.exchange(code=f"{_code(connector)}#_", redirect_uri=BACK).access_token


def test_a_permission_that_was_switched_off_is_missing_in_the_scopes(connector):
    tokens = _tokens(connector, **{"no:instagram_business_manage_insights": "1"})
    assert set(connector.scopes) - set(tokens.scopes) == {"instagram_business_manage_insights"}


def test_a_code_works_once_and_the_error_keeps_the_secret(connector):
    code = _code(connector)
    connector.exchange(code=code, redirect_uri=BACK)
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=code, redirect_uri=BACK)
    assert caught.value.kind == "reconnect"
    assert caught.value.fix
    assert APP.client_secret not in repr(vars(caught.value))


def test_wrong_keys_are_said_to_be_wrong(connector):
    connector.app = App(APP.client_id, "wrong")
    with pytest.raises(PlatformError, match="id or secret is wrong"):
        _tokens(connector)


def test_a_personal_account_is_told_how_to_become_a_professional_one(connector):
    with pytest.raises(PlatformError, match="personal account") as caught:
        connector.accounts(_tokens(connector, CARLA))
    assert (caught.value.kind, "professional" in caught.value.fix) == ("blocked", True)


def test_a_token_is_renewed_after_a_day_and_lives_on(sandbox, connector):
    tokens = _tokens(connector)
    assert connector.refresh(tokens) is tokens  # younger than a day: Instagram would refuse
    sandbox.world.shift(86_400 * 30)
    aged = replace(tokens, access_expires_at=tokens.access_expires_at - timedelta(days=30))
    renewed = connector.refresh(aged)
    assert renewed.access_token != tokens.access_token
    assert renewed.access_expires_at > aged.access_expires_at + timedelta(days=29)
    assert (renewed.scopes, renewed.refresh_token) == (tokens.scopes, "")
    assert connector.accounts(tokens)  # "extend": the old one lives until its end


def test_instagram_itself_refuses_what_is_too_young_too_old_or_too_short(sandbox, connector):
    tokens = _tokens(connector)
    unaware = replace(tokens, access_expires_at=None)
    with pytest.raises(PlatformError, match="not renew its access yet") as young:
        connector.refresh(unaware)
    assert young.value.kind == "later"
    sandbox.world.shift(86_400 * 61)
    with pytest.raises(PlatformError) as old:
        connector.refresh(unaware)
    assert old.value.kind == "reconnect"
    assert tokens.access_token not in repr(vars(old.value))
    with pytest.raises(PlatformError) as known:
        connector.refresh(replace(tokens, access_expires_at=datetime.now(UTC)))
    assert known.value.kind == "reconnect"


def test_instagram_away_is_no_reason_to_connect_again(sandbox, connector):
    tokens = _tokens(connector)
    sandbox.fault("instagram.refresh", "error_before", times=1)
    with pytest.raises(PlatformError) as caught:
        connector.refresh(replace(tokens, access_expires_at=None))
    assert caught.value.kind == "later"


def test_answers_have_the_fields_that_metas_sdk_knows(sandbox, connector):
    tokens = _tokens(connector)
    sandbox.world.shift(86_400 * 2)
    asked = {"grant_type": "ig_refresh_token", "access_token": tokens.access_token}
    body = httpx.get(f"{connector.hosts_used['graph']}/refresh_access_token", params=asked).json()
    assert set(body) <= set(IGRefreshAccessTokenForIGOnlyAPI._field_types)
    short = oauth.issue(sandbox.world, "instagram", ADA, scopes=connector.scopes, seconds=60, length="short")
    asked = {"grant_type": "ig_exchange_token", "client_secret": APP.client_secret, "access_token": short}
    body = httpx.get(f"{connector.hosts_used['graph']}/access_token", params=asked).json()
    assert {"access_token", "token_type", "expires_in"} <= set(body) & set(IGAccessTokenForIGOnlyAPI._field_types)


def test_the_page_is_asked_for_with_what_instagram_needs(connector):
    url = InstagramConnector(APP).authorize_url(state="st", redirect_uri=BACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith("https://www.instagram.com/oauth/authorize?")
    assert asked["scope"].split(",") == list(InstagramConnector.scopes)
    assert (asked["response_type"], asked["state"], asked["redirect_uri"]) == ("code", "st", BACK)


class TestSignedRequest:
    @pytest.fixture
    def listener(self):
        """Where Meta calls back: the bodies that came."""
        came: list[dict] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                came.append({name: values[0] for name, values in parse_qs(body).items()})
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"confirmation_code": "1"}')

            def log_message(self, *args) -> None:
                """Quiet."""

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/", came
            server.shutdown()

    def test_removing_the_app_ends_the_tokens_and_calls_back_signed(self, sandbox, connector, listener):
        url, came = listener
        tokens = _tokens(connector)
        (account,) = connector.accounts(tokens)
        order = {"account": ADA, "url": url}
        reply = httpx.post(f"{sandbox.url}/_sandbox/actions/instagram.deauthorize", json=order)
        assert reply.json()["status"] == 200
        said = signed_request(came[0]["signed_request"], APP.client_secret)
        assert said["user_id"] == account.facts["app_user_id"]
        with pytest.raises(PlatformError) as caught:
            connector.accounts(tokens)
        assert caught.value.kind == "reconnect"

    @pytest.mark.parametrize("text", ["", ".", "a.b", "no", "%%.%%"])
    def test_what_meta_has_not_signed_is_refused(self, text):
        with pytest.raises(ValueError, match=r"signature|form|base64|Incorrect"):
            signed_request(text, APP.client_secret)

    def test_metas_own_example_is_understood(self):
        """From developers.facebook.com/docs/games/gamesonfacebook/login, "parsing the signed request"."""
        text = "vlXgu64BQGFSQrY0ZcJBZASMvYvTHu9GQ0YM9rjPSso.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsIjAiOiJwYXlsb2FkIn0"
        assert signed_request(text, "secret") == {"algorithm": "HMAC-SHA256", "0": "payload"}
        with pytest.raises(ValueError, match="signature"):
            signed_request(text, "")
