"""Instagram by its API with Instagram Login: pictures, carousels, reels and stories, made in two phases.

Contracts: developers.facebook.com/docs/instagram-platform (content publishing, ig-user/media, ig-container, insights;
read in November 2026) and the parameter types in Meta's own SDK for v26.0.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from scheduling.platforms.base import (
    Doubt,
    Facts,
    Look,
    Measured,
    Media,
    Outgoing,
    Platform,
    PlatformError,
    Sent,
    Step,
)
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.instagram.errors import ended, error_in, is_doubtful, problem
from scheduling.platforms.instagram.insights import account_figures, post_figures
from scheduling.platforms.instagram.rules import CAPABILITIES

VERSION = "v26.0"
FLAGS = frozenset({"is_ai_generated"})
PICTURE_WAITS = (2, 5, 10, 20, 30)  # seconds between looks at a container, the last one again and again
VIDEO_WAITS = (10, 20, 30, 60)  # Meta asks for at most one look a minute
PATIENCE = timedelta(minutes=30)
CLOCKS = timedelta(minutes=2)  # by which Instagram's clock and ours may differ
MEDIA_FIELDS = "id,permalink,caption,media_type,media_product_type,timestamp"
LABELS = "id,permalink,media_type,media_product_type,is_ai_generated,timestamp"


class Instagram(Platform):
    """One professional account. A container is made, waited for and published; it is what proves afterwards."""

    name = "instagram"
    title = "Instagram"
    hosts: ClassVar[Mapping[str, str]] = {"graph": "https://graph.instagram.com"}
    capabilities = CAPABILITIES

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        secrets = (self.account.access_token,)
        self._wire = Wire(self.title, timeout=self.timeout, secrets=secrets, record=self.record)
        self._base = f"{self.hosts_used['graph']}/{self.options.get('version') or VERSION}"

    # Preparing

    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        """Make one container, or look at one. `progress`: {children?, ready?, container?, made?, looks}."""
        if unknown := set(post.flags) - FLAGS:
            text = f"Instagram has no field for {', '.join(sorted(unknown))}."
            raise PlatformError(text, kind="invalid", code="flag", fix="Say it in the caption instead.")
        if progress.get("container"):
            return self._wait_for(progress, "container", progress["container"], self._is_slow(post))
        if post.format == "carousel" and (step := self._prepare_children(post, progress)):
            return step
        container = self._create(self._parameters(post, progress))
        made = {"container": container, "made": datetime.now(UTC).isoformat(), "looks": 0}
        waits = VIDEO_WAITS if self._is_slow(post) else PICTURE_WAITS
        return Step({**progress, **made}, "container", wait=waits[0], container_id=container)

    def _prepare_children(self, post: Outgoing, progress: Mapping[str, Any]) -> Step | None:
        """The next step towards the parts of a carousel; None when all of them are there."""
        children, ready = list(progress.get("children", ())), list(progress.get("ready", ()))
        if len(children) < len(post.media):
            media = post.media[len(children)]
            child = self._create({**_file(media), "is_carousel_item": "true", **_alt(media)})
            now = datetime.now(UTC).isoformat()
            progress = {**progress, "children": [*children, child], "made": progress.get("made") or now, "looks": 0}
            return Step(progress, f"part {len(children) + 1} of {len(post.media)}")
        for child, media in zip(children, post.media, strict=True):
            if media.kind == "video" and child not in ready:
                step = self._wait_for(progress, "part", child, slow=True)
                if not step.ready:
                    return step
                return Step({**progress, "ready": [*ready, child], "looks": 0}, "part")
        return None

    def _parameters(self, post: Outgoing, progress: Mapping[str, Any]) -> dict[str, str]:
        """What the container of a whole post is made from."""
        if post.format == "carousel":
            sent = {"media_type": "CAROUSEL", "children": ",".join(progress["children"])}
        elif post.format == "story":
            sent = {"media_type": "STORIES", **_file(post.media[0], plain=True)}
        elif post.format == "video":
            sent = {"media_type": "REELS", **_file(post.media[0], plain=True)}
            sent["share_to_feed"] = "true" if post.options.get("share_to_feed", True) else "false"
            if post.cover_ms is not None:
                sent["thumb_offset"] = str(post.cover_ms)
        else:
            sent = {**_file(post.media[0]), **_alt(post.media[0])}
        if post.format != "story":
            sent["caption"] = post.caption
            if names := [name.strip().lstrip("@") for name in post.options.get("collaborators", ())]:
                sent["collaborators"] = json.dumps(names)
        if post.flags.get("is_ai_generated"):
            sent["is_ai_generated"] = "true"
        return sent

    def _create(self, sent: Mapping[str, str]) -> str:
        reply = self._wire.act("POST", f"{self._base}/{self.account.external_id}/media", form=sent, headers=self._auth)
        if error_in(reply) or reply.status >= 400:
            raise problem(reply, self._wire)
        if not isinstance(container := reply.body.get("id"), str):
            raise self._wire.doubt(reply, "gave an answer that makes no sense")
        return container

    def _wait_for(self, progress: Mapping[str, Any], stage: str, container: str, slow: bool) -> Step:
        try:
            status, text, answer = self._status(container)
        except PlatformError as error:
            if error.kind != "invalid":
                raise
            raise ended(2207006, error.message, error.answer) from error  # it knows no such container
        # One that is public already is handed on: its publish is refused, and the look after it finds the post.
        if status in ("FINISHED", "PUBLISHED"):
            return Step(progress, stage, ready=True, container_id=container)
        if status == "EXPIRED":
            raise ended(2207020, text, answer)
        if status == "ERROR":
            raise ended(_subcode(text), text, answer)
        if datetime.now(UTC) - datetime.fromisoformat(progress["made"]) > PATIENCE:
            raise ended(2207003, text, answer)
        looks = int(progress.get("looks", 0)) + 1
        waits = VIDEO_WAITS if slow else PICTURE_WAITS
        wait = waits[min(looks, len(waits) - 1)]
        return Step({**progress, "looks": looks}, "processing", wait=wait, container_id=container)

    def _status(self, container: str) -> tuple[str, str, str]:
        """(status code, its words, the whole answer) of a container."""
        reply = self._get(container, fields="status_code,status")
        status = reply.body.get("status_code")
        if not isinstance(status, str):
            raise self._wire.unreachable(reply)
        return status, str(reply.body.get("status", "")), self._wire.cleaned(reply.text)

    @staticmethod
    def _is_slow(post: Outgoing) -> bool:
        return any(media.kind == "video" for media in post.media)

    # Publishing

    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        """Publish the container, by one request. A no that a used container gets too, or that is not Instagram's own,
        is a Doubt.
        """
        url = f"{self._base}/{self.account.external_id}/media_publish"
        reply = self._wire.act("POST", url, form={"creation_id": progress["container"]}, headers=self._auth)
        if error_in(reply) or reply.status >= 400:
            if is_doubtful(reply):
                raise self._wire.doubt(reply, "said no in a way that does not prove that nothing became public")
            raise problem(reply, self._wire)
        remote_id = reply.body.get("id")
        if not isinstance(remote_id, str):
            raise self._wire.doubt(reply, "gave an answer that makes no sense")
        return Sent(remote_id)

    def look(self, post: Outgoing, progress: Mapping[str, Any], since: datetime) -> Look:
        """Ask the container, then find the post among the newest ones."""
        try:
            status, text, _ = self._status(progress["container"])
        except PlatformError as error:
            if error.kind not in ("container", "invalid"):
                raise
            status, text = "UNKNOWN", error.message  # after a day Instagram may have forgotten it
        evidence: dict[str, Any] = {"container": progress["container"], "status_code": status, "status": text}
        if status == "FINISHED":
            return Look("absent", reason="Instagram has what was prepared and has not published it.", evidence=evidence)
        if status == "IN_PROGRESS":
            return Look("working", wait=PICTURE_WAITS[-1], evidence=evidence)
        newest = self._newest(post.format, since - CLOCKS)
        same = sorted((media for media in newest if _is_it(media, post)), key=lambda media: abs(_time(media) - since))
        evidence["newest"] = newest[:10]
        if status == "PUBLISHED":
            best = same[0] if same else {}
            reason = "" if same else "Instagram says that it is public."
            return Look("published", best.get("id", ""), best.get("permalink", ""), reason, evidence=evidence)
        if len(same) == 1 and _time(same[0]) >= since.replace(microsecond=0) and post.format != "story":
            return Look("published", same[0]["id"], same[0].get("permalink", ""), evidence=evidence)
        if same:  # stories carry no words, and a twin may have gone out shortly before
            return Look("unclear", reason="Instagram shows a post that could be this one.", evidence=evidence)
        reason = "Instagram shows no such post, and what was prepared cannot be used any more."
        return Look("gone", reason=reason, evidence=evidence)

    def _newest(self, format: str, since: datetime) -> list[dict[str, Any]]:
        """Media published after `since`, newest first."""
        edge = "stories" if format == "story" else "media"
        asked = {"fields": MEDIA_FIELDS, "limit": "50"}
        if edge == "media":  # stories are those of the last 24 hours anyway
            asked["since"] = str(int(since.timestamp()))
        reply = self._get(f"{self.account.external_id}/{edge}", **asked)
        found = reply.body.get("data")
        if not isinstance(found, list):
            raise self._wire.unreachable(reply)
        return [media for media in found if _time(media) >= since]

    # Reading

    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        """Its address as `url` and what it is labelled with; a label that Instagram does not give is absent."""
        body = dict(self._get(remote_id, fields=LABELS).body)
        return {"url": body.pop("permalink", ""), **body}

    def inspect(self) -> Facts:
        """Read the profile and how many posts are left in this window of 24 hours."""
        fields = "user_id,username,name,profile_picture_url,account_type,followers_count,media_count"
        me = self._get("me", fields=fields).body
        since = int((datetime.now(UTC) - timedelta(hours=24)).timestamp()) + 60
        path = f"{self.account.external_id}/content_publishing_limit"
        usage = self._get(path, fields="quota_usage,config", since=str(since)).body
        left = None
        if rows := usage.get("data"):
            total = rows[0].get("config", {}).get("quota_total")
            left = max(0, total - rows[0]["quota_usage"]) if total is not None else None
        return Facts(
            handle=me.get("username", ""),
            name=me.get("name") or me.get("username", ""),
            avatar_url=me.get("profile_picture_url", ""),
            left=left,
            raw={"profile": me, "limit": usage},
        )

    def measure(self, remote_ids: list[str]) -> Measured:
        """Figures of the last day for the account, and of all time for each post. Deleted posts are absent."""
        posts = {}
        for remote_id in remote_ids:
            try:
                posts[remote_id] = post_figures(self._get, remote_id)
            except PlatformError as error:
                if error.kind != "invalid":
                    raise
        return Measured(account_figures(self._get, self.account.external_id), posts)

    def comment(self, post: Outgoing, remote_id: str) -> str:
        """Write the first comment under our own post."""
        sent = {"message": post.first_comment}
        reply = self._wire.act("POST", f"{self._base}/{remote_id}/comments", form=sent, headers=self._auth)
        if error_in(reply) or reply.status >= 400:
            raise problem(reply, self._wire)
        if not isinstance(comment := reply.body.get("id"), str):
            raise Doubt("Instagram did not say whether it took the comment.", status=reply.status)
        return comment

    @property
    def _auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.account.access_token}"}

    def _get(self, path: str, **params: str) -> Reply:
        """Read something; raises PlatformError."""
        reply = self._wire.read("GET", f"{self._base}/{path}", params=params, headers=self._auth)
        if error_in(reply) or reply.status >= 400:
            raise problem(reply, self._wire)
        if not reply.body:
            raise self._wire.unreachable(reply)
        return reply


def _file(media: Media, *, plain: bool = False) -> dict[str, str]:
    """Where Instagram fetches a file; `plain`: the kind is told by the post."""
    if media.kind == "image":
        return {"image_url": media.url}
    return {"video_url": media.url} if plain else {"media_type": "VIDEO", "video_url": media.url}


def _alt(media: Media) -> dict[str, str]:
    return {"alt_text": media.alt_text} if media.kind == "image" and media.alt_text else {}


def _subcode(status: str) -> int:
    """The number in "Error: Media upload has failed with error code 2207026"."""
    found = re.search(r"\b22\d{5}\b", status)
    return int(found.group()) if found else 0


def _is_it(media: Mapping[str, Any], post: Outgoing) -> bool:
    """Whether a public post may be this one: stories have no words, the others have the same."""
    products = {"story": "STORY", "video": "REELS"}
    if media.get("media_product_type", "FEED") != products.get(post.format, "FEED"):
        return False
    if post.format == "story":
        return True
    return " ".join(str(media.get("caption") or "").split()) == " ".join(post.caption.split())


def _time(media: Mapping[str, Any]) -> datetime:
    """When it was published; Instagram writes 2026-11-21T10:00:00+0000."""
    return datetime.fromisoformat(media["timestamp"])
