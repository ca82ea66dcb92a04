"""What strangers see of a persona: its public page while it is open, and the posts that were published there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from inflio.media.models import Asset
from personas.models import Consent, Persona
from scheduling.models import Channel, PageAddress, Post, Publication

PAGE = 13  # the first of a page leads, twelve fill rows of two and of three
TAKEN_DOWN = "taken_down"  # code of a publication that was published and is shown no more
AI_LABEL = "Made with AI"


@dataclass(frozen=True)
class Picture:
    """One picture or video of an entry, as its page addresses it."""

    number: int
    asset: Asset
    alt: str
    base: str  # address without its ending

    @property
    def is_video(self) -> bool:
        return self.asset.mime.startswith("video/")

    @property
    def original_url(self) -> str:
        return f"{self.base}.{self.asset.extension}"

    @property
    def small_url(self) -> str:
        return f"{self.base}-320.webp"

    @property
    def medium_url(self) -> str:
        return f"{self.base}-640.webp"

    @property
    def large_url(self) -> str:
        return f"{self.base}-1280.webp"


@dataclass(frozen=True)
class Entry:
    """One published post. `labels`: what the law and the platforms' users want to know, AI first.

    words: its caption without the lines that say the same.
    """

    pk: int
    uid: str
    title: str
    caption: str
    words: str
    published_at: datetime
    pictures: tuple[Picture, ...]
    labels: tuple[str, ...]
    url: str

    @property
    def cover(self) -> Picture | None:
        return self.pictures[0] if self.pictures else None

    @property
    def headline(self) -> str:
        """Its title, or the beginning of its words; never empty."""
        words = self.title or " ".join(self.words.split())
        return (words[:79] + "…") if len(words) > 80 else words or "Picture"

    @property
    def summary(self) -> str:
        """Words and labels in one text, for readers that show no labels."""
        return "\n\n".join(part for part in (self.caption, ". ".join(self.labels) + "." if self.labels else "") if part)

    @property
    def made_with_ai(self) -> bool:
        return AI_LABEL in self.labels


def shown_pages() -> QuerySet[Channel]:
    """Pages that strangers may see: open, of a persona that is not put away and whose face may be used."""
    consent = Consent.objects.filter(persona=OuterRef("persona"), withdrawn_at=None)
    allowed = Q(persona__look=Persona.Look.ILLUSTRATED) | Exists(consent)
    rows = Channel.objects.filter(allowed, platform=Channel.Platform.SITE, status=Channel.Status.ACTIVE)
    return rows.filter(persona__archived_at=None, persona__isnull=False).select_related("persona__avatar")


def page_at(slug: str) -> Channel | None:
    """The page at this address, if it is shown."""
    return shown_pages().filter(handle=slug).first()


def page_moved_from(slug: str) -> Channel | None:
    """The page that had this address before, if it is shown."""
    address = PageAddress.objects.filter(slug=slug).values("channel")
    return shown_pages().filter(pk__in=address).exclude(handle=slug).first()


def entries(page: Channel, *, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """Its published posts, newest first; `before` is the key of the last one of the page before; 2-3 queries."""
    rows = _published(page)
    if before is not None:
        last = Publication.objects.filter(pk=before, channel=page).values("due_at", "pk").first()
        if last is None:
            return []
        rows = rows.filter(Q(due_at__lt=last["due_at"]) | Q(due_at=last["due_at"], pk__lt=last["pk"]))
    return _with_pictures(page, list(rows.order_by("-due_at", "-pk")[:limit]))


def entry(page: Channel, pk: int) -> Entry | None:
    """One published post of the page."""
    found = _with_pictures(page, list(_published(page).filter(pk=pk)))
    return found[0] if found else None


def page_asset(page: Channel, pk: int, number: int) -> Asset | None:
    """The file behind one picture of the page."""
    found = entry(page, pk)
    return next((picture.asset for picture in found.pictures if picture.number == number), None) if found else None


def is_ai_made(asset: Asset) -> bool:
    """Whether people have to be told; an upload counts too, unless somebody stated otherwise."""
    return asset.provenance.get("ai_made") is not False


def _published(page: Channel) -> QuerySet[Publication]:
    rows = Publication.objects.filter(channel=page, state=Publication.State.PUBLISHED)
    return rows.exclude(code=TAKEN_DOWN).select_related("post")


def _with_pictures(page: Channel, rows: list[Publication]) -> list[Entry]:
    media = {row.pk: row.payload.get("media", []) for row in rows}
    keys = {one["asset"] for files in media.values() for one in files}
    assets = Asset.objects.filter(workspace=page.workspace_id).in_bulk(keys)
    return [_entry(page, row, media[row.pk], assets) for row in rows]


def _entry(page: Channel, row: Publication, media: list[dict], assets: dict[int, Asset]) -> Entry:
    url = reverse("scheduling:page_entry", args=[page.handle, row.pk])
    title, caption = row.payload.get("title", ""), row.payload.get("caption", "")
    if caption.startswith(title.rstrip("….")):  # a title that was made of the first words says nothing twice
        title = ""
    pictures = tuple(
        Picture(number, assets[one["asset"]], one.get("alt_text") or _alt(page, title), f"{url}/{number}")
        for number, one in enumerate(media, 1)
        if one["asset"] in assets
    )
    return Entry(
        pk=row.pk,
        uid=str(row.key),
        title=title,
        caption=caption,
        words=_without(caption, row.payload.get("disclosure", {}).get("caption_lines", ())),
        published_at=row.published_at or row.due_at,
        pictures=pictures,
        labels=_labels(row.post, pictures),
        url=url,
    )


def _without(caption: str, lines: Sequence[str]) -> str:
    return "\n".join(line for line in caption.splitlines() if line.strip() not in lines)


def _alt(page: Channel, title: str) -> str:
    return f"{page.name}: {title}" if title else f"A picture of {page.name}"


def _labels(post: Post, pictures: tuple[Picture, ...]) -> tuple[str, ...]:
    labels = [AI_LABEL] if any(is_ai_made(picture.asset) for picture in pictures) else []
    if post.partnership == Post.Partnership.THIRD_PARTY:
        labels.append(f"Paid partnership with {post.sponsor_name}" if post.sponsor_name else "Paid partnership")
    elif post.partnership == Post.Partnership.OWN_BRAND:
        labels.append("Advertising for its own brand")
    return tuple(labels)
