"""Connecting a YouTube channel against the sandbox's Google: consent, codes, renewal, and what is not taken."""

import base64
import hashlib
import urllib.parse
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import App
from scheduling.platforms.youtube.connect import READ, UPLOAD, YouTubeConnector
from scheduling.sandbox.server import Sandbox

BACK = "http://127.0.0.1/back"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), platforms=("youtube",)) as sandbox:
        yield sandbox


@pytest.fixture
def connector(server) -> YouTubeConnector:
    hosts = {name: f"{server.url}/youtube/{name}" for name in YouTubeConnector.hosts}
    yield YouTubeConnector(App("inflio-sandbox", "inflio-sandbox-secret"), hosts=hosts, timeout=20)
    server.world.change(**{name: None for name in server.world.all("setting")})
    server.world.shift(0)


VERIFIER = "a-verifier-that-is-long-enough-for-pkce-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def _allow(connector, account: str, *, leave_out: str = "", **changes: str) -> str:
    url = connector.authorize_url(state="st", redirect_uri=BACK, challenge=CHALLENGE)
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query)) | changes
    url = parts._replace(query=urllib.parse.urlencode(query)).geturl()
    form = {"decision": "allow", "account": account} | ({f"no:{leave_out}": "1"} if leave_out else {})
    answer = httpx.post(url, data=form)
    back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.headers["location"]).query))
    assert back["state"] == "st"
    return back["code"]


def test_channel_is_connected_renewed_and_disconnected(connector, server):
    code = _allow(connector, "UCsandboxAda000000000001")
    tokens = connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert set(tokens.scopes) == {UPLOAD, READ}
    assert timedelta(minutes=55) < tokens.access_expires_at - datetime.now(UTC) < timedelta(minutes=61)
    [found] = connector.accounts(tokens)
    assert (found.external_id, found.handle) == ("UCsandboxAda000000000001", "ada.films")
    renewed = connector.refresh(tokens)
    assert renewed.access_token != tokens.access_token
    assert renewed.refresh_token == ""
    assert connector.refresh(tokens).access_token  # the refresh token stays
    connector.revoke(tokens)
    connector.revoke(tokens)
    with pytest.raises(PlatformError) as caught:
        connector.refresh(tokens)
    assert (caught.value.kind, caught.value.code) == ("reconnect", "invalid_grant")
    assert tokens.refresh_token not in caught.value.answer


def test_code_works_once_and_only_with_its_verifier(connector):
    code = _allow(connector, "UCsandboxAda000000000001")
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=code, redirect_uri=BACK, verifier="another")
    assert caught.value.code == "invalid_grant"
    code = _allow(connector, "UCsandboxAda000000000001")
    connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    with pytest.raises(PlatformError):
        connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)


def test_grant_without_uploads_or_renewal_is_not_taken(connector):
    code = _allow(connector, "UCsandboxAda000000000001", leave_out=UPLOAD)
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert caught.value.code == "scope_missing"
    code = _allow(connector, "UCsandboxAda000000000001", prompt="none")
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert caught.value.code == "no_refresh_token"


def test_connection_of_an_app_in_testing_ends_after_seven_days(connector, server):
    server.world.change(youtube_testing=True)
    code = _allow(connector, "UCsandboxNoor00000000002")
    tokens = connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert tokens.refresh_expires_at - datetime.now(UTC) < timedelta(days=7, minutes=1)
    server.world.shift(7.1 * 86400)
    with pytest.raises(PlatformError) as caught:
        connector.refresh(tokens)
    assert caught.value.kind == "reconnect"


def test_wrong_keys_of_the_installation_are_a_matter_of_set_up(connector):
    code = _allow(connector, "UCsandboxAda000000000001")
    stranger = YouTubeConnector(App("other", "other"), hosts=connector.hosts_used, timeout=2)
    with pytest.raises(PlatformError) as caught:
        stranger.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert caught.value.kind == "setup"


def test_google_account_without_a_channel_has_no_accounts(connector):
    code = _allow(connector, "google-without-channel")
    tokens = connector.exchange(code=code, redirect_uri=BACK, verifier=VERIFIER)
    assert connector.accounts(tokens) == []
