"""LinkedIn: our adapter and sandbox against LinkedIn's own client, and against all that goes wrong."""

import hashlib
import io
import json
import urllib.parse
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from linkedin_api.clients.auth.client import AuthClient
from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.common import constants
from PIL import Image

from scheduling.platforms.base import Account, Doubt, PlatformError
from scheduling.platforms.connect import App
from scheduling.platforms.linkedin.adapter import LinkedIn
from scheduling.platforms.linkedin.connect import LinkedInConnector
from scheduling.platforms.linkedin.text import little_text
from scheduling.sandbox import faults
from scheduling.sandbox.linkedin_rules import plain_text
from scheduling.sandbox.server import Sandbox
from scheduling.tests.clips import padded, short_clip
from scheduling.tests.driving import drive, outgoing, saved
from scheduling.tests.platforms import eventually

PART = 8_192  # bytes of a video's piece here; 4 MiB there
BACK = "http://127.0.0.1/back"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), platforms=("linkedin",)) as sandbox:
        yield sandbox


class Member:
    """One member of the sandbox, and adapters for them that keep what they record."""

    def __init__(self, sandbox: Sandbox, id: str) -> None:
        self.sandbox, self.world, self.id = sandbox, sandbox.world, id
        self.token = sandbox.connect("linkedin", id, f"handle-{id}")
        self.exchanges = []

    def adapter(self, *, version: str = "202607", timeout: float = 20) -> LinkedIn:
        hosts = {name: f"{self.sandbox.url}/linkedin/{name}" for name in LinkedIn.hosts}
        options = {"version": version}
        account = Account(self.id, self.token)
        return LinkedIn(account, hosts=hosts, options=options, record=self.exchanges.append, timeout=timeout)

    def posts(self) -> list[dict]:
        return self.world.posts("linkedin", self.id)


@pytest.fixture
def member(server, request):
    """A new member. In the end all that was said is searched for secrets."""
    member = Member(server, hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:10])
    server.world.change(linkedin_part_bytes=PART, processing_polls=1)
    yield member
    _calm(server)
    told = repr(member.exchanges)
    assert member.token not in told
    assert "vector_sandbox" not in told, "an upload address was recorded"
    assert "sandbox-upload" not in told, "an upload token was recorded"


def _calm(server) -> None:
    faults.clear(server.world)
    server.world.change(**{name: None for name in server.world.all("setting")})
    server.world.shift(0)


def picture(shade: int) -> tuple[str, bytes]:
    file = io.BytesIO()
    Image.new("RGB", (40, 50), (shade, 90, 90)).save(file, "JPEG")
    return "image/jpeg", file.getvalue()


@pytest.fixture(scope="module")
def clip() -> tuple[str, bytes]:
    return "video/mp4", padded(short_clip(), 2 * PART + 100)


def single(**changes):
    return outgoing(str(uuid4()), "image", picture(10), **changes)


# What goes out


def test_picture_goes_out_once_with_its_words(member):
    post = single(caption="Ada (AI) at 100%: *new* #MorningWalk #1")
    story = drive(member.adapter, post)
    assert (story.end, story.errors, story.doubts) == ("published", [], [])
    [public] = member.posts()
    assert public["remote_id"] == story.remote_id
    assert story.remote_id.startswith("urn:li:share:")
    assert public["caption"] == post.caption
    assert (member.world.files / public["media"][0]["file"]).read_bytes() == picture(10)[1]
    assert public["media"][0]["alt"] == "Picture 1"
    assert httpx.get(story.url).status_code == 200
    assert member.adapter().read_back(story.remote_id) == {"url": story.url}


def test_several_pictures_keep_their_order(member):
    post = outgoing(str(uuid4()), "carousel", *(picture(shade) for shade in (10, 90, 200)))
    assert drive(member.adapter, post).end == "published"
    [public] = member.posts()
    assert [(member.world.files / one["file"]).read_bytes() for one in public["media"]] == [
        picture(shade)[1] for shade in (10, 90, 200)
    ]
    assert [one["alt"] for one in public["media"]] == ["Picture 1", "Picture 2", "Picture 3"]


def test_video_goes_out_in_parts(member, clip):
    story = drive(member.adapter, outgoing(str(uuid4()), "video", clip))
    assert (story.end, story.remote_id[:15]) == ("published", "urn:li:ugcPost:")
    [public] = member.posts()
    assert (member.world.files / public["media"][0]["file"]).read_bytes() == clip[1]
    sizes = [one.sent["bytes"] for one in member.exchanges if "/part-" in one.url]
    assert sizes == [PART, PART, 100]


@pytest.mark.parametrize("format", ["image", "video"])
def test_upload_goes_on_after_a_kill_between_any_two_calls(member, clip, format):
    """The answer of each call is lost with the process: what was saved before it must do."""
    post, progress = outgoing(str(uuid4()), format, clip if format == "video" else picture(10)), {}
    for _ in range(20):
        member.adapter().prepare(post, progress)  # its answer was never saved
        step = member.adapter().prepare(post, progress)
        progress = saved(step.progress)
        if step.ready:
            break
    assert drive(member.adapter, post, progress).end == "published"
    assert len(member.posts()) == 1


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("plain", "plain"),
        ("a_b (c) [d] {e} <f> ~g* |h| @i \\", "a\\_b \\(c\\) \\[d\\] \\{e\\} \\<f\\> \\~g\\* \\|h\\| \\@i \\\\"),
        ("#Tag and #двое", "{hashtag|\\#|Tag} and {hashtag|\\#|двое}"),
        ("#my_tag", "{hashtag|\\#|my\\_tag}"),
        ("C# #1 a#b ##x", "C\\# \\#1 a\\#b \\#\\#x"),
    ],
)
def test_little_text_shows_what_was_typed(text, little):
    assert little_text(text) == little
    assert plain_text(little) == text


def test_text_that_is_not_escaped_is_cut_off_as_on_linkedin():
    assert plain_text("Up 4% today (again)") == "Up 4% today "


# What goes wrong

FAULTS = ("hang_before", "hang_after", "reset_before", "reset_after", "error_before", "error_after", "garbage", "limit")


@pytest.mark.parametrize("call", ["image", "upload", "image_status", "video", "part", "close", "video_status"])
def test_every_fault_while_preparing_ends_with_one_post(member, clip, call):
    member.world.change(hang_seconds=0.02)
    film = call in ("video", "part", "close", "video_status")
    for number, kind in enumerate(FAULTS):
        member.sandbox.fault(f"linkedin.{call}", kind, times=1)
        post = outgoing(str(uuid4()), "video" if film else "image", clip if film else picture(10))
        story = drive(member.adapter, post)
        assert (story.end, story.doubts) == ("published", []), (kind, story)
        assert len(member.posts()) == number + 1, (kind, story)


def test_every_doubtful_answer_to_a_post_needs_its_owner_and_never_doubles(member):
    member.world.change(hang_seconds=0.02)
    for kind in FAULTS:
        before = len(member.posts())
        member.sandbox.fault("linkedin.publish", kind, times=1)
        story = drive(member.adapter, single())
        if kind == "limit":
            assert (story.end, [error.kind for error in story.errors]) == ("published", ["limit"])
            assert len(member.posts()) == before + 1
            continue
        effect = 1 if kind.endswith("_after") or kind == "garbage" else 0
        assert (story.end, len(story.doubts), len(member.posts()) - before) == ("attention", 1, effect), kind
        assert story.looks[-1].fix


def test_call_that_hangs_longer_than_we_wait_is_a_doubt(member):
    member.world.change(hang_seconds=5)
    member.sandbox.fault("linkedin.publish", "hang_after", times=1)
    post, progress = single(), {}
    while not (step := member.adapter().prepare(post, progress)).ready:
        progress = saved(step.progress)
    with pytest.raises(Doubt, match="ReadTimeout"):
        member.adapter(timeout=0.5).publish(post, step.progress)
    assert len(eventually(member.posts)) == 1


def test_created_without_an_id_is_a_doubt(member):
    post, progress = single(), {}
    while not (step := member.adapter().prepare(post, progress)).ready:
        progress = saved(step.progress)
    member.sandbox.fault("linkedin.publish", "answer", status=201, body={})
    with pytest.raises(Doubt):
        member.adapter().publish(post, step.progress)


def test_what_cannot_be_read_is_said_to_be_unclear(member):
    assert LinkedIn.capabilities.can_be_looked_up is False
    look = member.adapter().look(single(), {}, datetime.now(UTC))
    assert (look.outcome, bool(look.reason), bool(look.fix)) == ("unclear", True, True)
    reading = httpx.get(f"{member.sandbox.url}/linkedin/api/rest/posts?q=author", headers=member.adapter()._headers())
    assert reading.status_code == 403


def test_duplicate_is_refused_and_settles_nothing(member):
    """LinkedIn names the earlier post even when its owner has deleted it: no proof that ours is public."""
    first = drive(member.adapter, single(caption="The same words"))
    deleted = f"{member.sandbox.url}/linkedin/api/rest/posts/{urllib.parse.quote(first.remote_id)}"
    assert httpx.delete(deleted, headers=member.adapter()._headers()).status_code == 204
    assert httpx.delete(deleted, headers=member.adapter()._headers()).status_code == 204
    assert member.posts() == []
    story = drive(member.adapter, single(caption="The same words"))
    assert (story.end, story.doubts, member.posts()) == ("refused", [], [])
    assert story.errors[-1].code == "DUPLICATE_POST"
    assert first.remote_id in story.errors[-1].fix


@pytest.mark.parametrize("version", ["202401", "209901", "2026"])
def test_version_that_is_not_there_is_a_matter_of_set_up(member, version):
    with pytest.raises(PlatformError) as caught:
        member.adapter(version=version).prepare(single(), {})
    assert (caught.value.kind, caught.value.code, caught.value.http_status) == ("setup", "NONEXISTENT_VERSION", 426)


def test_headers_are_needed(member):
    headers, url = member.adapter()._headers(), f"{member.sandbox.url}/linkedin/api/rest/posts"
    for name, status in (("Authorization", 401), ("LinkedIn-Version", 400), ("X-Restli-Protocol-Version", 400)):
        less = {key: value for key, value in headers.items() if key != name}
        assert httpx.post(url, headers=less, json={}).status_code == status, name


def test_ended_token_asks_to_reconnect(member):
    member.world.shift(366 * 86400)
    with pytest.raises(PlatformError) as caught:
        member.adapter().inspect()
    assert (caught.value.kind, caught.value.code) == ("reconnect", "EXPIRED_ACCESS_TOKEN")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, {"status": 403, "code": "ACCESS_DENIED", "message": "No"}, "reconnect"),
        (422, {"status": 422, "message": "Field is wrong"}, "invalid"),
        (400, {"status": 400, "message": "Bad"}, "invalid"),
        (429, {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "Day limit"}, "limit"),
    ],
)
def test_refusals_say_who_can_help(member, status, body, kind):
    member.sandbox.fault("linkedin.publish", "answer", status=status, body=body, times=1)
    story = drive(member.adapter, single())
    assert story.errors[0].kind == kind
    assert story.errors[0].fix
    assert story.doubts == []
    assert len(member.posts()) == (1 if kind == "limit" else 0)


def test_refusal_in_foreign_words_is_a_doubt(member):
    member.sandbox.fault("linkedin.publish", "answer", status=403, body="<h1>Proxy</h1>", times=1)
    assert drive(member.adapter, single()).end == "attention"


def test_limit_of_a_day_ends_at_midnight_utc(member):
    member.world.change(linkedin_posts_a_day=0)
    post, progress = single(), {}
    while not (step := member.adapter().prepare(post, progress)).ready:
        progress = saved(step.progress)
    with pytest.raises(PlatformError) as caught:
        member.adapter().publish(post, step.progress)
    assert caught.value.kind == "limit"
    assert 0 < caught.value.retry_after <= 86400


def test_file_that_linkedin_cannot_read_is_told(member):
    story = drive(member.adapter, outgoing(str(uuid4()), "image", ("image/jpeg", b"no picture")))
    assert (story.end, story.errors[-1].code, member.posts()) == ("refused", "UNREADABLE_FILE", [])


def test_upload_address_that_has_ended_means_a_new_upload(member):
    post = single()
    step = member.adapter().prepare(post, {})
    member.world.shift(86_500)
    with pytest.raises(PlatformError) as caught:
        member.adapter().prepare(post, step.progress)
    assert caught.value.kind == "container"
    assert drive(member.adapter, post).end == "published"


# LinkedIn's client against our sandbox


def test_linkedins_own_client_posts_to_our_sandbox(member, monkeypatch):
    monkeypatch.setattr(constants, "VERSIONED_BASE_URL", f"{member.sandbox.url}/linkedin/api/rest")
    client = RestliClient()
    with client.session:
        call = {"access_token": member.token, "version_string": "202607"}
        asked = {"initializeUploadRequest": {"owner": f"urn:li:person:{member.id}"}}
        opened = client.action(resource_path="/images", action_name="initializeUpload", action_params=asked, **call)
        assert opened.value["image"].startswith("urn:li:image:")
        body = {
            "author": f"urn:li:person:{member.id}",
            "commentary": little_text("By LinkedIn's client"),
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "lifecycleState": "PUBLISHED",
        }
        made = client.create(resource_path="/posts", entity=body, **call)
        assert made.status_code == 201
        [public] = member.posts()
        assert (public["remote_id"], public["caption"]) == (made.entity_id, "By LinkedIn's client")
        again = client.create(resource_path="/posts", entity=body, **call)
        assert again.status_code == 422
        keys = {"resource_path": "/posts/{id}", "path_keys": {"id": made.entity_id}}
        assert client.delete(**keys, **call).status_code == 204
        assert member.posts() == []


def test_our_adapter_sends_what_linkedins_client_sends(member, monkeypatch):
    """Method, address, headers of Rest.li and the body's shape, with the client's own as the measure."""
    monkeypatch.setattr(constants, "VERSIONED_BASE_URL", f"{member.sandbox.url}/linkedin/api/rest")
    drive(member.adapter, single())
    ours = next(one for one in member.exchanges if one.url.endswith("/rest/posts"))
    client = RestliClient()
    with client.session:
        made = client.create(
            resource_path="/posts", entity=ours.sent["json"], access_token=member.token, version_string="202607"
        )
    theirs = made.response.request
    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert ours.sent["json"] == json.loads(theirs.body)
    for name, value in ours.sent["headers"].items():
        assert theirs.headers[name] == value, name


# Connecting


@pytest.fixture
def connector(server):
    hosts = {name: f"{server.url}/linkedin/{name}" for name in LinkedInConnector.hosts}
    yield LinkedInConnector(App("inflio-sandbox", "inflio-sandbox-secret"), hosts=hosts, timeout=20)
    _calm(server)


def _allow(connector, account: str, *, leave_out: str = "") -> str:
    url = connector.authorize_url(state="st", redirect_uri=BACK)
    form = {"decision": "allow", "account": account} | ({f"no:{leave_out}": "1"} if leave_out else {})
    back = httpx.post(url, data=form).headers["location"]
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]


def test_member_is_connected_for_sixty_days_and_no_longer(connector, server):
    tokens = connector.exchange(code=_allow(connector, "li-ada"), redirect_uri=BACK)
    assert timedelta(days=59) < tokens.access_expires_at - datetime.now(UTC) <= timedelta(days=60)
    assert (tokens.refresh_token, connector.renewal) == ("", "none")
    [found] = connector.accounts(tokens)
    assert (found.external_id, found.name) == ("li-ada", "Ada Studio")
    with pytest.raises(PlatformError) as caught:
        connector.refresh(tokens)
    assert caught.value.kind == "reconnect"
    server.world.shift(60 * 86400)
    with pytest.raises(PlatformError) as caught:
        connector.accounts(tokens)
    assert caught.value.kind == "reconnect"


def test_code_works_once_and_posting_must_be_allowed(connector):
    code = _allow(connector, "li-ada")
    connector.exchange(code=code, redirect_uri=BACK)
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=code, redirect_uri=BACK)
    assert caught.value.kind == "reconnect"
    with pytest.raises(PlatformError) as caught:
        connector.exchange(code=_allow(connector, "li-ada", leave_out="w_member_social"), redirect_uri=BACK)
    assert caught.value.code == "scope_missing"


def test_linkedins_own_client_gets_a_token_from_our_sandbox(connector, server, monkeypatch):
    monkeypatch.setattr(constants, "OAUTH_BASE_URL", f"{server.url}/linkedin/www/oauth/v2")
    client = AuthClient("inflio-sandbox", "inflio-sandbox-secret", BACK)
    with client.session:
        answer = client.exchange_auth_code_for_access_token(_allow(connector, "li-noor"))
    assert answer.status_code == 200
    assert answer.access_token
    assert answer.expires_in == 60 * 86400 - 1
