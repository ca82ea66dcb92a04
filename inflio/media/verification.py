"""Check a file that anybody brings: what it says about its making, and whether this site made it. Nothing is stored."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from inflio.common.errors import InflioError, InvalidInput
from inflio.media import storage
from inflio.media.credentials import Report, read_credentials
from inflio.media.credentials.xmp import picture_digest
from inflio.media.models import Asset

# How files of each type begin: (offset, bytes, type).
SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"avif", "image/avif"),
    (8, b"heic", "image/heic"),
    (8, b"heix", "image/heic"),
    (8, b"mif1", "image/heif"),
    (8, b"qt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
)


class TooManyChecks(InflioError):
    """One address checks more files than the limit allows."""

    code = "too_many"
    status = 429


@dataclass(frozen=True)
class Verification:
    """The result: the file's own statements, and `made_on`: the day this site made exactly this picture, or None."""

    report: Report
    mime: str
    made_on: date | None

    @property
    def made_here(self) -> bool:
        """Whether this site made it, by its signature or by the picture itself."""
        return self.report.ours or self.made_on is not None

    @property
    def stripped(self) -> bool:
        """Whether it is ours though the file does not say so any more."""
        return self.made_on is not None and self.report.state == "none"

    @property
    def title(self) -> str:
        """The result in a few words."""
        if self.report.state == "invalid":
            return "Changed after it was signed"
        if self.made_here:
            return "Made with Inflio on this site"
        return {"trusted": "Signed by a trusted signer", "valid": "Signed by an unknown signer"}.get(
            self.report.state, "Nothing to rely on"
        )

    @property
    def tone(self) -> str:
        """The tone the result is shown in."""
        if self.report.state == "invalid":
            return "bad"
        return "good" if self.made_here or self.report.state == "trusted" else "warn"

    def as_dict(self) -> dict[str, Any]:
        """Everything, for the API."""
        made_on = self.made_on.isoformat() if self.made_on else None
        return {"mime": self.mime, "made_here": self.made_here, "made_on": made_on} | self.report.as_dict()


def refuse_too_often(request: HttpRequest) -> None:
    """Raise TooManyChecks when this address has checked too many files lately."""
    if not ratelimit.consume(request, action="verify_file"):
        raise TooManyChecks("That were many files in a short time. Wait a minute, then check the next one.")


def verify_file(file) -> Verification:
    """Check an uploaded file; raises InvalidInput with a sentence for what is not a picture or video."""
    if not file.size:
        raise InvalidInput("This file is empty. Choose another one.", code="empty")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise InvalidInput(f"This file is {file.size / 1048576:.0f} MB; the limit is {limit} MB.", code="too_heavy")
    file.seek(0)
    data = file.read()
    mime = sniff_type(data)
    if not mime:
        raise InvalidInput(
            "This is not a picture or video we can read. Use JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC or MP4.",
            code="not_a_picture",
        )
    return Verification(read_credentials(data, mime), mime, _made_on(data, mime))


def sniff_type(data: bytes) -> str:
    """The type by the first bytes, "" when unknown; names and headers of uploads are never believed."""
    return next((mime for at, mark, mime in SIGNATURES if data[at : at + len(mark)] == mark), "")


def _made_on(data: bytes, mime: str) -> date | None:
    """The day an engine here made this very picture; says nothing of whose it is. Uploads are never confirmed."""
    copies = Q(source=Asset.Source.DERIVED, parent__source=Asset.Source.ENGINE)
    made = Asset.objects.filter(Q(source=Asset.Source.ENGINE) | copies)
    exact = made.filter(sha256=storage.sha256(data))
    bare = picture_digest(data, mime)
    found = exact.order_by("pk").first() or (bare and made.filter(picture_sha256=bare).order_by("pk").first())
    return found.created_at.date() if found else None
