"""Tests of the sandbox's core: faults around calls, its memory after a kill, who may talk to it, OAuth and pages."""

import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings

from scheduling.registry import SANDBOX_APP
from scheduling.sandbox import faults, oauth
from scheduling.sandbox.faults import KINDS
from scheduling.sandbox.server import Sandbox
from scheduling.sandbox.state import World
from scheduling.tests.platforms import jpeg, mp4

GRAPH = "/instagram/graph/v26.0"
ADA = "17841400000000001"
BACK = "http://127.0.0.1:8000/back?here=1"


@pytest.fixture(scope="module")
def plain():
    """A client without an account, made once: its certificates take a while to load."""
    with httpx.Client(timeout=20) as client:
        yield client


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox(tmp_path, platforms=("instagram",)) as sandbox:
        sandbox.world.change(hang_seconds=0.05)
        yield sandbox


class Browser:
    """Calls one account of Instagram in the sandbox, as any client could."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.token = sandbox.connect("instagram", ADA, "ada.sandbox")
        self.picture = f"{sandbox.url}/_sandbox/files/{sandbox.world.store(jpeg(), 'image/jpeg')}"
        auth = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.Client(base_url=sandbox.url, headers=auth, timeout=20)

    def create(self, caption: str = "Hello") -> httpx.Response:
        return self.client.post(f"{GRAPH}/{ADA}/media", data={"image_url": self.picture, "caption": caption})

    def publish(self, container: str) -> httpx.Response:
        return self.client.post(f"{GRAPH}/{ADA}/media_publish", data={"creation_id": container})


@pytest.fixture
def browser(sandbox):
    browser = Browser(sandbox)
    with browser.client:
        yield browser


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "answer"])
def test_a_fault_hides_the_effect_or_prevents_it_as_its_name_says(sandbox, browser, kind):
    container = browser.create().json()["id"]
    sandbox.fault("instagram.publish", kind, times=1)
    try:
        reply = browser.client.post(f"{GRAPH}/{ADA}/media_publish", data={"creation_id": container})
        told = reply.status_code == 200 and not reply.content.startswith(b"\x00")
    except httpx.HTTPError:
        told = False
    assert not told
    with_effect = kind == "garbage" or kind.endswith("_after")
    assert len(sandbox.world.posts("instagram", ADA)) == int(with_effect)
    assert browser.publish(container).status_code == (400 if with_effect else 200)
    assert len(sandbox.world.posts("instagram", ADA)) == 1


def test_a_fault_can_be_any_answer_and_is_played_as_often_as_ordered(sandbox, browser):
    order = {"call": "instagram.*", "kind": "answer", "times": 2, "status": 418, "body": {"error": {"code": 9}}}
    assert browser.client.post("/_sandbox/faults", json=order).status_code == 201
    assert [browser.create().status_code for _ in range(3)] == [418, 418, 200]
    assert [fault["played"] for fault in browser.client.get("/_sandbox/faults").json()["faults"]] == [2]
    assert browser.client.delete("/_sandbox/faults").json() == {"faults": []}
    assert browser.client.post("/_sandbox/faults", json={"call": "*", "kind": "smoke"}).status_code == 400


def test_a_rate_is_drawn_alike_from_the_same_seed_also_over_a_restart(tmp_path):
    def drawn(folder, restart):
        sandbox = World(folder)
        faults.order(sandbox, "*", "limit", rate=0.3, seed=7)
        hits = []
        for number in range(200):
            if restart and number == 100:
                sandbox.close()
                sandbox = World(folder)
            hits.append(faults.draw(sandbox, "x") is not None)
        sandbox.close()
        return hits

    once, again = drawn(tmp_path / "a", False), drawn(tmp_path / "b", True)
    assert once == again
    assert 40 <= sum(once) <= 80


def test_of_many_who_publish_one_container_at_once_one_succeeds(sandbox, browser):
    container = browser.create().json()["id"]
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: browser.publish(container).status_code, range(16)))
    assert sorted(codes) == [200] + [400] * 15
    assert len(sandbox.world.posts()) == 1


def test_a_failing_view_leaves_nothing_behind(sandbox):
    def fail() -> None:
        with sandbox.world.transaction():
            sandbox.world.put("thing", "a", 1)
            sandbox.world.hit("count")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (sandbox.world.get("thing", "a"), sandbox.world.count("count", 60)) == (None, 0)


def test_the_clock_can_be_moved_and_windows_move_with_it(sandbox, browser):
    sandbox.world.hit("posts", 3)
    assert sandbox.world.count("posts", 3600) == 3
    before = sandbox.world.now()
    browser.client.post("/_sandbox/clock", json={"shift": 3601})
    assert sandbox.world.count("posts", 3600) == 0
    assert (sandbox.world.now() - before).total_seconds() >= 3600


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "localhost:1"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 421),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 421),
    ],
)
def test_it_answers_only_to_its_own_name_and_no_other_site_may_steer_it(plain, sandbox, headers, status):
    assert plain.get(f"{sandbox.url}/_sandbox/health", headers=headers).status_code == status


def test_it_listens_on_this_computer_only(sandbox):
    assert sandbox._server.server_address[0] == "127.0.0.1"


def test_files_are_served_by_their_name_only(plain, sandbox):
    (sandbox.world.folder / "secret.txt").write_text("no")
    for name in ("../secret.txt", "..%2Fsecret.txt", "%2e%2e/secret.txt", "", "missing.jpg"):
        assert plain.get(f"{sandbox.url}/_sandbox/files/{name}").status_code == 404


def _ask(sandbox: Sandbox, **changes: str) -> str:
    asked = {"client_id": SANDBOX_APP.client_id, "redirect_uri": BACK, "response_type": "code", "state": "st"}
    asked |= {"scope": "instagram_business_basic,instagram_business_content_publish"} | changes
    return str(httpx.URL(f"{sandbox.url}/instagram/www/oauth/authorize", params=asked))


def test_oauth_offers_several_accounts_and_sends_the_user_back_with_a_code(plain, sandbox):
    page = plain.get(_ask(sandbox))
    assert page.status_code == 200
    assert "Sandbox" in page.text
    assert len(re.findall(r"type='radio'", page.text)) >= 2
    reply = plain.post(_ask(sandbox), data={"decision": "allow", "account": ADA})
    back = urlsplit(reply.headers["location"])
    values = parse_qs(back.query)
    assert (reply.status_code, values["here"], values["state"], back.fragment) == (302, ["1"], ["st"], "_")
    assert oauth.redeem(sandbox.world, "instagram", values["code"][0], redirect_uri=BACK)["account"] == ADA
    with pytest.raises(oauth.Refused, match="used already"):
        oauth.redeem(sandbox.world, "instagram", values["code"][0], redirect_uri=BACK)


def test_oauth_says_no_when_the_user_does_or_the_question_is_wrong(plain, sandbox):
    denied = plain.post(_ask(sandbox), data={"decision": "deny"}).headers["location"]
    assert parse_qs(urlsplit(denied).query)["error"] == ["access_denied"]
    assert "code" not in parse_qs(urlsplit(denied).query)
    for wrong in ({"client_id": "other"}, {"response_type": "token"}, {"redirect_uri": "javascript:1"}, {"scope": ""}):
        assert plain.get(_ask(sandbox, **wrong)).status_code == 400
    assert plain.post(_ask(sandbox), data={"decision": "allow", "account": "nobody"}).status_code == 400


def test_a_code_is_bound_to_its_address_its_time_and_its_verifier(plain, sandbox):
    def code(**changes):
        reply = plain.post(_ask(sandbox, **changes), data={"decision": "allow", "account": ADA})
        return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]

    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}  # the pair of RFC 7636
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.redeem(sandbox.world, "instagram", code(**challenge), redirect_uri=BACK, verifier=verifier)
    for values in ({"redirect_uri": "http://127.0.0.1/x"}, {"redirect_uri": BACK, "verifier": "wrong"}):
        with pytest.raises(oauth.Refused):
            oauth.redeem(sandbox.world, "instagram", code(**challenge), **values)
    late = code()
    sandbox.world.shift(oauth.CODE_SECONDS + 1)
    with pytest.raises(oauth.Refused, match="expired"):
        oauth.redeem(sandbox.world, "instagram", late, redirect_uri=BACK)


def test_pages_show_what_is_public_with_its_labels_and_never_as_markup(sandbox, browser):
    media = [{"kind": "image", "file": sandbox.world.store(jpeg(), "image/jpeg"), "alt": 'a "bridge"'}]
    media += [{"kind": "video", "file": sandbox.world.store(mp4(), "video/mp4"), "alt": ""}]
    raw = {"product": "FEED", "media_type": "CAROUSEL_ALBUM"}
    values = (ADA, "77", "<script>alert(1)</script> Hi", media, {"is_ai_generated": True}, raw)
    sandbox.world.publish("instagram", *values)
    for address in ("/instagram/accounts/ada.sandbox", "/instagram/posts/77"):
        page = browser.client.get(address)
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert "<script" not in page.text
        assert "AI info" in page.text
        assert "a &quot;bridge&quot;" in page.text
        assert "<video" in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        for file in re.findall(r"src='(/_sandbox/files/[^']+)'", page.text):
            assert browser.client.get(file).status_code == 200
    assert "/instagram/accounts/ada.sandbox" in browser.client.get("/").text
    assert browser.client.get("/instagram/accounts/nobody").status_code == 404
    assert browser.client.get("/_sandbox/style.css").headers["content-type"].startswith("text/css")


def test_it_and_the_product_agree_on_the_app():
    assert (SANDBOX_APP.client_id, SANDBOX_APP.client_secret) == (oauth.CLIENT_ID, oauth.CLIENT_SECRET)


ALONE = """
import sys, threading
from scheduling.sandbox.server import Sandbox
with Sandbox(sys.argv[1], platforms=("instagram",)) as sandbox:
    print(sandbox.url, flush=True)
    threading.Event().wait()
"""


class Process:
    """The sandbox as a process that can be killed: alone, which starts faster, or as `manage.py sandbox`."""

    def __init__(self, folder, *, alone: bool) -> None:
        self.command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--folder", str(folder)]
        if alone:
            self.command = [sys.executable, "-c", ALONE, str(folder)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1].rstrip("/")
        return self

    def __exit__(self, *exc_info) -> None:
        self.kill()

    def kill(self, number: int = signal.SIGKILL) -> int:
        """End it; its exit status."""
        self.process.send_signal(number)
        status = self.process.wait(10)
        self.process.stdout.close()
        return status


def test_a_kill_loses_nothing_that_was_answered(plain, tmp_path):
    with Process(tmp_path, alone=True) as first:
        account = {"platform": "instagram", "id": "55", "handle": "eve", "token": "the-token"}
        plain.post(f"{first.url}/_sandbox/accounts", json=account)
        plain.post(f"{first.url}/_sandbox/faults", json={"call": "instagram.limit", "kind": "limit"})
        plain.post(f"{first.url}/_sandbox/settings", json={"check_media": False})
        auth = {"Authorization": "Bearer the-token"}
        containers, published = [], []

        def work() -> None:
            base, sent = f"{first.url}{GRAPH}/55", {"image_url": "http://127.0.0.1/x.jpg", "caption": "x"}
            while True:
                container = plain.post(f"{base}/media", data=sent, headers=auth).json()["id"]
                containers.append(container)
                plain.post(f"{base}/media_publish", data={"creation_id": container}, headers=auth).raise_for_status()
                published.append(container)
                if len(published) == 12:
                    killed.start()

        killed = threading.Thread(target=first.kill)
        with pytest.raises(httpx.HTTPError):
            work()
        killed.join()
    with Process(tmp_path, alone=False) as second:
        with httpx.Client(base_url=second.url, headers=auth) as client:
            public = client.get("/_sandbox/posts", params={"account": "55"}).json()["posts"]
            out = [post["raw"]["container"] for post in public]
            assert len(out) == len(set(out))
            assert set(published) <= set(out) <= set(containers)
            for container in containers:
                state = client.get(f"{GRAPH}/{container}", params={"fields": "status_code"}).json()["status_code"]
                assert state == ("PUBLISHED" if container in out else "FINISHED")
            assert client.get(f"{GRAPH}/55/content_publishing_limit").status_code == 403  # the order stands
            client.delete("/_sandbox/faults")
            usage = client.get(f"{GRAPH}/55/content_publishing_limit", params={"fields": "quota_usage"}).json()
            assert usage["data"] == [{"quota_usage": len(out)}]
        assert second.kill(signal.SIGTERM) == 0
