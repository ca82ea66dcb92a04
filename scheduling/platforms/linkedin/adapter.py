"""LinkedIn posts of a member: one picture, several, or a video.

A member's posts cannot be read by apps (r_member_social is closed), there is no key against repeating, and a refusal as
a duplicate may name a post that nobody can see. So a doubtful post stays doubtful here: its owner has to look.
Source: learn.microsoft.com/linkedin, Posts, Images and Videos API, versions 2026-07 and before.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from scheduling.platforms.base import (
    Capabilities,
    Facts,
    Look,
    Measured,
    Media,
    Outgoing,
    Platform,
    PlatformError,
    Ratio,
    Rules,
    Sent,
    Step,
)
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.linkedin.errors import RECONNECT, code_of, refusal
from scheduling.platforms.linkedin.text import little_text

VERSION = "202607"
POLL_SECONDS = 3
COMMENTARY = 3000
MB = 1_000_000


class LinkedIn(Platform):
    """One member. Options of the installation: version (YYYYMM).

    progress: {images: [{urn, put: upload address, sent, ready}]} or {video: urn, token, parts: [{put, first, last}],
    etags, closed}; files are not visible to anybody before the post is.
    """

    name = "linkedin"
    title = "LinkedIn"
    hosts = {"api": "https://api.linkedin.com", "posts": "https://www.linkedin.com/feed/update"}
    capabilities = Capabilities(
        formats={
            "image": Rules(
                mimes=("image/jpeg", "image/png"),
                most_bytes=5 * MB,
                preset="li_image",
                caption=COMMENTARY,
                alt_text=4000,
            ),
            "carousel": Rules(
                least=2,
                most=20,
                mimes=("image/jpeg", "image/png"),
                most_bytes=5 * MB,
                preset="li_image",
                caption=COMMENTARY,
                alt_text=4000,
            ),
            "video": Rules(
                kinds=("video",),
                mimes=("video/mp4",),
                most_bytes=500 * MB,
                ratio=Ratio(1 / 2.4, 2.4),
                shortest_seconds=3,
                longest_seconds=1800,
                caption=COMMENTARY,
            ),
        },
        can_be_looked_up=False,
    )

    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        """Bring the files there: announce, send, and wait until LinkedIn has read them; one request with each call."""
        return self._prepare_video(post, progress) if post.format == "video" else self._prepare_images(post, progress)

    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        """Create the post. Only 201 with an id says that it is there."""
        wire, body = self._wire(), self._post(post, progress)
        reply = wire.act("POST", self._rest("posts"), headers=self._headers(), json_body=body)
        remote_id = reply.headers.get("x-restli-id") or reply.headers.get("x-linkedin-id") or ""
        if reply.status == 201 and remote_id.startswith("urn:li:"):
            return Sent(remote_id, self._url(remote_id), progress=dict(progress))
        if reply.status < 400 or not code_of(reply):
            raise wire.doubt(reply, "gave an answer that makes no sense")
        raise refusal(wire, reply, now=datetime.now(UTC))

    def look(self, post: Outgoing, progress: Mapping[str, Any], since: datetime) -> Look:
        """It cannot be known: LinkedIn shows a member's posts to no app."""
        reason = "LinkedIn gave no clear answer, and it does not let us read your posts."
        fix = "Look at your LinkedIn profile and tell us here whether the post is there."
        return Look("unclear", reason=reason, fix=fix)

    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        """Its address; LinkedIn has no labels of AI or partnership, and shows a member's posts to no app."""
        return {"url": self._url(remote_id)}

    def inspect(self) -> Facts:
        """The member's name and picture. LinkedIn tells no handle, and not how many posts are left."""
        reply, wire = self._read(f"{self.hosts_used['api']}/v2/userinfo")
        if not reply.body.get("sub"):
            raise wire.unreachable(reply)
        name = reply.body.get("name", "")
        return Facts(handle=self.account.handle or name, name=name, avatar_url=reply.body.get("picture", ""))

    def measure(self, remote_ids: list[str]) -> Measured:
        """Nothing: LinkedIn gives members' figures to no app of this kind."""
        return Measured()

    # Pictures

    def _prepare_images(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        images = [dict(image) for image in progress.get("images", [])]
        if len(images) > len(post.media):
            images = []
        for image, media in zip(images, post.media, strict=False):
            if not image["sent"]:
                self._put(image["put"], media, 0, media.size, token=True)
                image["sent"] = True
                return Step({"images": images}, "uploading", wait=0)
        if len(images) < len(post.media):
            value = self._action("images", "initializeUpload", {"owner": self._author})
            if not value.get("image") or not value.get("uploadUrl"):
                raise self._failed("no_upload", "LinkedIn opened no upload.")
            images.append({"urn": value["image"], "put": value["uploadUrl"], "sent": False, "ready": False})
            return Step({"images": images}, "announced")
        for image in images:
            if image["ready"]:
                continue
            status = self._status("images", image["urn"])
            if status == "WAITING_UPLOAD":  # the upload was answered, and yet it is not there
                image["sent"] = False
                return Step({"images": images}, "uploading", wait=POLL_SECONDS)
            if status != "AVAILABLE":
                return Step({"images": images}, "processing", wait=POLL_SECONDS)
            image["ready"] = True
            break
        ready = all(image["ready"] for image in images)
        return Step({"images": images}, "ready" if ready else "processing", ready=ready)

    # Videos

    def _prepare_video(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        media = post.media[0]
        if progress.get("size") != media.size:
            return self._announce(media)
        if progress.get("ready"):
            return Step(progress, "ready", ready=True)
        etags, parts = list(progress["etags"]), progress["parts"]
        if len(etags) < len(parts):
            part = parts[len(etags)]
            reply = self._put(part["put"], media, part["first"], part["last"] + 1)
            if not reply.headers.get("etag"):
                raise self._failed("no_etag", "LinkedIn did not confirm a piece of the video.")
            return Step({**progress, "etags": [*etags, reply.headers["etag"]]}, "uploading")
        if not progress.get("closed"):
            self._close(progress["video"], progress["token"], etags)
            return Step({**progress, "closed": True}, "processing", wait=POLL_SECONDS)
        if self._status("videos", progress["video"]) != "AVAILABLE":
            return Step(progress, "processing", wait=POLL_SECONDS)
        return Step({**progress, "ready": True}, "ready", ready=True)

    def _announce(self, media: Media) -> Step:
        asked = {"owner": self._author, "fileSizeBytes": media.size, "uploadCaptions": False, "uploadThumbnail": False}
        value = self._action("videos", "initializeUpload", asked)
        parts = [
            {"put": one["uploadUrl"], "first": int(one["firstByte"]), "last": int(one["lastByte"])}
            for one in value.get("uploadInstructions", [])
        ]
        covered = [byte for part in parts for byte in (part["first"], part["last"] + 1)]
        if not value.get("video") or not parts or covered[0] != 0 or covered[-1] != media.size:
            raise self._failed("no_upload", "LinkedIn opened no upload.")
        progress = {"video": value["video"], "token": value.get("uploadToken", ""), "parts": parts}
        return Step({**progress, "size": media.size, "etags": [], "closed": False}, "announced")

    def _close(self, video: str, token: str, etags: list[str]) -> None:
        wanted = {"video": video, "uploadToken": token, "uploadedPartIds": etags}
        try:
            self._action("videos", "finalizeUpload", wanted)
        except PlatformError as error:
            # A first try whose answer was lost may have closed it already.
            if error.kind != "invalid" or self._status("videos", video) not in ("PROCESSING", "AVAILABLE"):
                raise

    # Requests

    def _action(self, resource: str, action: str, values: Mapping[str, Any]) -> dict[str, Any]:
        wire = self._wire()
        body = {f"{action}Request": values}
        url = self._rest(resource)
        reply = wire.act("POST", url, headers=self._headers(), params={"action": action}, json_body=body)
        if reply.status >= 400:
            raise refusal(wire, reply, now=datetime.now(UTC))
        if reply.status not in (200, 201) or (reply.text.strip() and not reply.body):
            raise wire.doubt(reply, "gave an answer that makes no sense")
        value = reply.body.get("value")
        return value if isinstance(value, dict) else {}

    def _put(self, url: str, media: Media, start: int, end: int, *, token: bool = False) -> Reply:
        with media.open() as file:
            file.seek(start)
            data = file.read(end - start)
        if len(data) != end - start:
            raise self._failed("file_changed", "The file is shorter than it was.")
        wire = self._wire(url)
        headers = {"Content-Type": "application/octet-stream"}
        if token:  # a picture's upload address wants it, a video's does not
            headers["Authorization"] = self._headers()["Authorization"]
        reply = wire.act("PUT", url, headers=headers, content=data)
        if reply.status in (401, 429):
            raise refusal(wire, reply, now=datetime.now(UTC))
        if reply.status >= 400:
            raise self._failed("upload_gone", "LinkedIn no longer takes this upload.", reply.status)
        if reply.status not in (200, 201, 204) or reply.text.strip():
            raise wire.doubt(reply, "gave an answer that makes no sense")
        return reply

    def _status(self, resource: str, urn: str) -> str:
        """WAITING_UPLOAD, PROCESSING or AVAILABLE. Raises PlatformError when LinkedIn cannot use the file."""
        reply, _ = self._read(f"{self._rest(resource)}/{quote(urn, safe='')}")
        status = str(reply.body.get("status", ""))
        if status == "PROCESSING_FAILED":
            reason = str(reply.body.get("processingFailureReason") or "processing_failed")
            raise PlatformError(
                "LinkedIn could not read the file.",
                kind="invalid",
                code=reason[:60],
                fix="Export it again, as JPEG or as MP4 (H.264), and try once more.",
            )
        return status

    def _read(self, url: str) -> tuple[Reply, Wire]:
        wire = self._wire()
        reply = wire.read("GET", url, headers=self._headers())
        if reply.status != 200 or not reply.body:
            raise refusal(wire, reply, now=datetime.now(UTC)) if reply.status >= 400 else wire.unreachable(reply)
        return reply, wire

    def _post(self, post: Outgoing, progress: Mapping[str, Any]) -> dict[str, Any]:
        content: dict[str, Any]
        if post.format == "video":
            media = {"id": progress["video"]} | ({"title": post.title.strip()} if post.title.strip() else {})
            content = {"media": media}
        else:
            pairs = zip(progress["images"], post.media, strict=True)
            images = [
                {"id": image["urn"]} | ({"altText": file.alt_text} if file.alt_text else {}) for image, file in pairs
            ]
            content = {"media": images[0]} if len(images) == 1 else {"multiImage": {"images": images}}
        return {
            "author": self._author,
            "commentary": little_text(post.caption.strip()),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "content": content,
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }

    @property
    def _author(self) -> str:
        return f"urn:li:person:{self.account.external_id}"

    def _rest(self, resource: str) -> str:
        return f"{self.hosts_used['api']}/rest/{resource}"

    def _url(self, remote_id: str) -> str:
        return f"{self.hosts_used['posts']}/{remote_id}"

    def _headers(self) -> dict[str, str]:
        if not self.account.access_token:
            raise PlatformError("There is no access to this account.", kind="reconnect", code="no_token", fix=RECONNECT)
        return {
            "Authorization": f"Bearer {self.account.access_token}",
            "LinkedIn-Version": str(self.options.get("version") or VERSION),
            "X-Restli-Protocol-Version": "2.0.0",
        }

    def _wire(self, *secrets: str) -> Wire:
        secrets = (self.account.access_token, *secrets)
        return Wire(self.title, timeout=self.timeout, secrets=secrets, record=self.record)

    def _failed(self, code: str, message: str, status: int | None = None) -> PlatformError:
        fix = "Nothing to do: we upload it anew."
        return PlatformError(message, kind="container", code=code, fix=fix, status=status)
