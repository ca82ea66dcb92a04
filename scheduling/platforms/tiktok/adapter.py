"""TikTok by its Content Posting API: videos by either way of upload, and photos.

What makes a post public, and how a doubt about it is settled:
- FILE_UPLOAD: the last chunk. Opening the upload and all chunks before belong to `prepare`. An upload has one
  publish_id and can become one post only, so the last chunk may be sent again once TikTok says it lacks it.
- PULL_FROM_URL: the one call that opens the post. When its answer is lost there is no publish_id; the account's list
  of public videos may show the post, and no list can prove that there is none.

The label for AI: videos have `is_aigc` in post_info. Photos have no sure field. Code in public repositories sends
`is_aigc` beside post_info, but TikTok's own reference of photo posts lists media_type, post_mode, post_info and
source_info only, and Buffer's reference, Postiz' documentation and AiToEarn's tests call the label video-only. A field
that is ignored would be a label nobody sees, so `ai_flag` holds videos only, photos carry the words in the caption, and
a flag that reaches a photo post is refused instead of dropped.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from scheduling.platforms.base import (
    Capabilities,
    Facts,
    Look,
    Measured,
    Outgoing,
    Platform,
    PlatformError,
    Rules,
    Sent,
    Step,
)
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.tiktok import bodies, figures, rules, upload
from scheduling.platforms.tiktok.api import Api, refusal
from scheduling.platforms.tiktok.look import find_post_id, is_post_id, look_by_id, look_in_list, status_of

MB = 1_000_000
REFUSED = (400, 403, 404, 416)  # wrong headers, an address that is over, unknown, or not where the upload stands
_PHOTO = {
    "mimes": ("image/jpeg", "image/webp"),
    "most_bytes": 20 * MB,
    "widest": 1080,
    "preset": "tt_photo",
    "caption": 4000,
    "count_in": "utf16",
    "title": 90,
}
_VIDEO = Rules(
    kinds=("video",),
    mimes=("video/mp4", "video/quicktime", "video/webm"),
    most_bytes=4_000 * MB,
    widest=4096,
    shortest_seconds=3,
    longest_seconds=600,
    caption=2200,
    count_in="utf16",
    cover=True,
)
# Of tiktok_rules' problems: those that TikTok itself would refuse, or that nobody could take back.
_STOPPING = frozenset({"privacy_missing", "privacy_not_offered", "branded_private", "video_too_long"})


class TikTok(Platform):
    """One TikTok account. options["upload"] of the installation: "file", or "pull" from addresses verified there."""

    name = "tiktok"
    title = "TikTok"
    capabilities = Capabilities(
        formats={
            "image": Rules(**_PHOTO),
            "carousel": Rules(least=2, most=35, **_PHOTO),
            "video": _VIDEO,
        },
        ai_flag=frozenset({"video"}),
        paid_flag=frozenset({"image", "carousel", "video"}),
        metrics=tuple(figures.OF_POST.values()),
        account_metrics=tuple(figures.OF_ACCOUNT.values()),
        needs_public_media=True,
    )
    hosts = {
        "api": "https://open.tiktokapis.com",
        "upload": "https://open-upload.tiktokapis.com",
        "www": "https://www.tiktok.com",
    }
    clock = staticmethod(time.time)

    @property
    def _wire(self) -> Wire:
        return Wire(self.title, timeout=self.timeout, secrets=(self.account.access_token,), record=self.record)

    @property
    def _api(self) -> Api:
        return Api(self._wire, self.hosts_used["api"], self.account.access_token)

    # Preparing

    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        """Check with the account; for an uploaded video also open the upload and send every chunk but the last."""
        if self._pulls(post):
            closed = self._check(post)
            return Step({"way": "pull", "closed": closed}, "TikTok will fetch the media", ready=True)
        if not self._is_usable(post, progress):
            return self._open(post)
        cut = upload.Plan(progress["size"], progress["chunk"], progress["count"])
        number = cut.number_at(progress["sent"])
        if number is None:
            return self._open(post)
        if number < cut.count - 1:
            progress = {**progress, "sent": self._send_chunk(post, progress, cut, number)}
        done = cut.number_at(progress["sent"]) == cut.count - 1
        stage = f"Uploaded {progress['sent'] // MB} of {cut.size // MB} MB"
        return Step(progress, stage, ready=done, container_id=progress["publish_id"])

    def _open(self, post: Outgoing) -> Step:
        closed = self._check(post)
        cut = upload.plan(post.media[0].size)
        until = self.clock() + upload.URL_SECONDS
        data = self._api.act(*bodies.upload(post, closed, cut), needs=("publish_id", "upload_url"))
        progress = {"way": "file", "publish_id": data["publish_id"], "upload_url": data["upload_url"], "until": until}
        progress |= {"size": cut.size, "chunk": cut.chunk, "count": cut.count, "sent": 0}
        ready = cut.count == 1
        return Step(progress, "Upload opened", ready=ready, container_id=data["publish_id"])

    def _is_usable(self, post: Outgoing, progress: Mapping[str, Any]) -> bool:
        same = progress.get("way") == "file" and progress.get("size") == post.media[0].size
        return same and self.clock() < progress["until"] - self.timeout

    def _send_chunk(self, post: Outgoing, progress: Mapping[str, Any], cut: upload.Plan, number: int) -> int:
        """Send one chunk that makes nothing public; how many bytes TikTok has then."""
        first, last = cut.range(number)
        reply = self._put(post, progress, first, last)
        if reply.status == 206:
            return last + 1
        if reply.status == 416:  # an answer was lost before: TikTok knows how far it is
            return int(status_of(self._api, progress["publish_id"]).get("uploaded_bytes", -1))
        if reply.status in REFUSED:
            raise self._over(reply)
        raise self._unexpected(reply)

    def _put(self, post: Outgoing, progress: Mapping[str, Any], first: int, last: int) -> Reply:
        try:
            with post.media[0].open() as file:
                data = upload.read(file, first, last)
        except (EOFError, OSError) as error:
            text = "The video cannot be read from our storage."
            raise PlatformError(text, kind="later", code="file", fix="Choose the video again.") from error
        headers = {"Content-Type": post.media[0].mime, "Content-Range": f"bytes {first}-{last}/{progress['size']}"}
        return self._wire.act("PUT", progress["upload_url"], headers=headers, content=data)

    def _over(self, reply: Reply) -> PlatformError:
        return PlatformError(
            "TikTok's upload address does not work any more.",
            kind="container",
            code="upload_over",
            fix="It is uploaded again by itself.",
            status=reply.status,
            answer=self._wire.cleaned(reply.text),
        )

    def _unexpected(self, reply: Reply) -> Exception:
        slow_down = refusal(reply, self._wire) if reply.status == 429 else None
        return slow_down or self._wire.doubt(reply, "gave an unexpected answer to the upload")

    def _lacks_the_end(self, progress: Mapping[str, Any]) -> bool:
        """Whether TikTok itself says so; its refusal of a chunk alone may also mean that it has it already."""
        try:
            return look_by_id(self._api, progress, expired=True).outcome == "gone"
        except PlatformError:
            return False

    # Publishing

    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        """Send the last chunk, or the call that lets TikTok fetch the media. TikTok works on it from then on."""
        if progress.get("way") == "file":
            return self._publish_file(post, progress)
        if progress.get("way") != "pull":
            raise _new_container("The upload to TikTok was not prepared.")
        body = bodies.pull_video if post.format == "video" else bodies.photos
        data = self._api.act(*body(post, progress["closed"]), needs=("publish_id",))
        return Sent(final=False, progress={**progress, "publish_id": data["publish_id"]})

    def _publish_file(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        if not self._is_usable(post, progress):
            raise _new_container("TikTok's upload address is over after an hour.")
        cut = upload.Plan(progress["size"], progress["chunk"], progress["count"])
        first, last = cut.range(cut.count - 1)
        if progress["sent"] != first:
            raise _new_container("The upload to TikTok is not complete.")
        reply = self._put(post, progress, first, last)
        if reply.status in REFUSED and self._lacks_the_end(progress):
            raise self._over(reply)
        if reply.status != 201:
            raise self._unexpected(reply)
        kept = {name: value for name, value in progress.items() if name != "upload_url"}
        return Sent(final=False, progress={**kept, "sent": cut.size})

    # Reading

    def look(self, post: Outgoing, progress: Mapping[str, Any], since: datetime) -> Look:
        """By publish_id TikTok tells how it ended; without one only a public video that shows it proves anything.

        A public post has no id before TikTok's moderation let it out: its publish_id stands in until `read_back` tells
        the id. Other posts never get one.
        """
        if progress.get("publish_id"):
            found = look_by_id(self._api, progress, expired=self.clock() > progress.get("until", float("inf")))
        else:
            found = look_in_list(self._api, self.account.scopes, post, since)
        if found.outcome != "published" or found.url:
            return found
        if found.remote_id:
            return replace(found, url=self._url(found.remote_id))
        if post.options.get("privacy_level") == "PUBLIC_TO_EVERYONE":
            return replace(found, remote_id=progress["publish_id"])
        return replace(found, url=self._url())

    def is_post_id(self, remote_id: str) -> bool:
        """A publish_id stands in for an id that TikTok's moderation keeps back."""
        return is_post_id(remote_id)

    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        """Address and `is_aigc` of a public video. A publish_id is taken too; `remote_id` is the post's then.

        Raises PlatformError of kind "later" while TikTok's moderation keeps the id back.
        """
        if not (remote_id := find_post_id(self._api, remote_id)):
            text = "TikTok's moderation has not let the post out yet."
            raise PlatformError(text, kind="later", code="in_moderation", fix="It is read again by itself.")
        fields = "id,share_url,is_aigc"
        body = {"filters": {"video_ids": [remote_id]}}
        videos = self._api.read("/v2/video/query/", body, fields=fields).get("videos") or []
        found: dict[str, Any] = {"remote_id": remote_id, "url": self._url(remote_id)}
        for video in videos:
            if str(video.get("id")) == remote_id:
                found |= {"url": str(video.get("share_url") or found["url"]).partition("?")[0]}
                found |= {"is_aigc": video["is_aigc"]} if "is_aigc" in video else {}
        return found

    def inspect(self) -> Facts:
        """creator_info: TikTok wants it read whenever the screen for a post is shown."""
        data = self._api.read("/v2/post/publish/creator_info/query/", {})
        options = {
            "privacy_levels": list(data.get("privacy_level_options") or ()),
            "comment_disabled": bool(data.get("comment_disabled")),
            "duet_disabled": bool(data.get("duet_disabled")),
            "stitch_disabled": bool(data.get("stitch_disabled")),
            "longest_seconds": int(data.get("max_video_post_duration_sec") or 0),
            "nickname": str(data.get("creator_nickname", "")),
        }
        return Facts(
            handle=str(data.get("creator_username") or self.account.handle),
            name=options["nickname"],
            avatar_url=str(data.get("creator_avatar_url", "")),
            options=options,
            raw=data,
        )

    def measure(self, remote_ids: list[str]) -> Measured:
        """Followers, likes and posts of the account; views, likes, comments and shares of public videos."""
        return figures.measure(self._api, self.account.scopes, remote_ids)

    # Small things

    def _check(self, post: Outgoing) -> list[str]:
        """Refuse what TikTok would refuse, before anything is sent; which interactions the account has switched off."""
        limits = self.capabilities.formats.get(post.format)
        if limits is None:
            raise _invalid("format", "TikTok takes pictures and videos only.", "Choose another format for TikTok.")
        if post.format != "video" and post.flags.get("is_aigc"):
            text = "TikTok has no field for the AI label of photos."
            raise _invalid("ai_label", text, "Keep the label's words in the caption, or post it as a video.")
        for name, text, longest in (("caption", post.caption, limits.caption), ("title", post.title, limits.title)):
            if longest and (length := bodies.utf16(text)) > longest:
                text = f"The {name} has {length} of at most {longest} characters, emoji counting twice."
                raise _invalid(f"{name}_too_long", text, f"Shorten the {name}.")
        facts = self.inspect()
        seconds = post.media[0].seconds if post.format == "video" else None
        for problem in rules.check_options(post.options, facts, post.format, seconds=seconds, labels=post.flags):
            if problem.code in _STOPPING:
                raise _invalid(problem.code, problem.text, "Open the post and change its TikTok choices.")
        closed = {"allow_comment": "comment_disabled", "allow_duet": "duet_disabled", "allow_stitch": "stitch_disabled"}
        return [field for field, name in closed.items() if facts.options[name]]

    def _pulls(self, post: Outgoing) -> bool:
        return post.format != "video" or self.options.get("upload", "file") == "pull"

    def _url(self, remote_id: str = "") -> str:
        """The address of a post (TikTok leads on from it to photos), or of the profile."""
        profile = f"{self.hosts_used['www']}/@{self.account.handle}"
        return f"{profile}/video/{remote_id}" if remote_id else profile


def _invalid(code: str, text: str, fix: str) -> PlatformError:
    return PlatformError(text, kind="invalid", code=code, fix=fix)


def _new_container(text: str) -> PlatformError:
    return PlatformError(text, kind="container", code="upload_over", fix="It is uploaded again by itself.")
