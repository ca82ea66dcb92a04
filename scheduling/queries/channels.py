"""What the pages of channels show: each platform with its accounts, how each is, and when its access ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from inflio.accounts.models import Workspace
from inflio.common.params import read_key
from personas.models import Persona
from scheduling.models import Channel, Publication
from scheduling.registry import NAMES, app_of, connector_class

SOON = timedelta(days=10)  # an end nearer than this is shown as a warning
SHOWN = timedelta(days=30)  # a renewal may still move an end that is farther away than this
LAST_PUBLICATIONS = 10
STATE_TONES = {
    Publication.State.PUBLISHED: "good",
    Publication.State.FAILED: "bad",
    Publication.State.MISSED: "bad",
    Publication.State.ATTENTION: "warn",
    Publication.State.UNKNOWN: "warn",
    Publication.State.PENDING: "busy",
    Publication.State.CONTAINER: "busy",
    Publication.State.PUBLISHING: "busy",
}
CALLBACKS = {
    "instagram": (
        ("Deauthorise callback", "scheduling:instagram_deauthorised"),
        ("Data deletion request", "scheduling:instagram_deletion"),
    ),
    "tiktok": (("Webhook callback", "scheduling:tiktok_event"),),
}


@dataclass(frozen=True)
class Health:
    """How a channel is, in a tone and a word or two; `line` says more where there is more to say."""

    tone: str
    label: str
    line: str = ""


@dataclass
class ChannelCard:
    """One account as its card shows it. `left`: posts the platform still takes, None when it does not say."""

    channel: Channel
    health: Health
    waiting: int = 0
    last_at: datetime | None = None
    left: int | None = None
    resets_at: datetime | None = None
    ends_at: datetime | None = None
    missing: list[str] = field(default_factory=list)


@dataclass
class PlatformCard:
    """One platform: its accounts, whether more can be connected, and what whoever runs the installation has to do."""

    name: str
    title: str
    is_ready: bool
    has_sandbox: bool
    steps: tuple[str, ...] = ()
    addresses: list[tuple[str, str]] = field(default_factory=list)
    channels: list[ChannelCard] = field(default_factory=list)
    ended: list[ChannelCard] = field(default_factory=list)


def can_renew(channel: Channel) -> bool:
    """Whether the access can be renewed without its user."""
    renewal = connector_class(channel.platform).renewal
    return renewal == "extend" or (renewal in ("rotate", "keep") and bool(channel.refresh_token))


def user_deadline(channel: Channel) -> datetime | None:
    """When the access ends unless the user connects again; None when it renews itself for ever."""
    if channel.is_site or channel.status != Channel.Status.ACTIVE:
        return None
    if not can_renew(channel):
        return channel.access_expires_at
    return channel.refresh_expires_at if connector_class(channel.platform).renewal != "extend" else None


def health_of(channel: Channel, now: datetime) -> Health:
    """How the channel is now, worst first."""
    if channel.status == Channel.Status.REVOKED:
        return Health("plain", "Closed" if channel.is_site else "Disconnected", channel.problem)
    if channel.status == Channel.Status.RECONNECT:
        return Health("bad", "Connect again", channel.problem)
    if channel.paused_until and channel.paused_until > now:
        return Health("warn", "Paused", channel.pause_reason)
    deadline = user_deadline(channel)
    if deadline and deadline - now <= SOON:
        days = (deadline - now).days
        left = "Ends today" if days < 1 else f"Ends in {days} day{'' if days == 1 else 's'}"
        return Health("warn", left, "Only you can renew this access: connect the account again.")
    return Health("good", "Open" if channel.is_site else "Connected")


def missing_scopes(channel: Channel) -> list[str]:
    """What was asked for and not granted; empty when the platform did not say."""
    if channel.is_site or not channel.scopes:
        return []
    return [scope for scope in connector_class(channel.platform).scopes if scope not in channel.scopes]


def channel_card(channel: Channel, now: datetime) -> ChannelCard:
    """A channel from `channels_with_counts` as its card and its page show it; no query."""
    left, resets_at = channel.facts.get("left"), channel.facts.get("resets_at")
    deadline = user_deadline(channel)
    return ChannelCard(
        channel=channel,
        health=health_of(channel, now),
        waiting=channel.waiting,
        last_at=channel.last_at,
        left=left if isinstance(left, int) and channel.status == Channel.Status.ACTIVE else None,
        resets_at=parse_datetime(resets_at) if isinstance(resets_at, str) else None,
        ends_at=deadline if deadline and (deadline - now <= SHOWN or not can_renew(channel)) else None,
        missing=missing_scopes(channel),
    )


def channels_with_counts(workspace: Workspace) -> QuerySet[Channel]:
    """The workspace's channels, each with `waiting` (publications to come) and `last_at` (of the last one out)."""
    rows = Publication.objects.filter(channel=OuterRef("pk")).order_by()
    waiting = rows.filter(state__in=Publication.OPEN).values("channel").annotate(n=Count("pk")).values("n")
    last = rows.filter(state=Publication.State.PUBLISHED).order_by("-due_at").values("published_at")[:1]
    return (
        Channel.objects.filter(workspace=workspace)
        .select_related("persona__avatar", "connected_by", "workspace")
        .annotate(waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0), last_at=Subquery(last))
        .order_by("platform", "sandbox", F("persona__name").asc(nulls_last=True), "handle", "pk")
    )


def platform_cards(*, workspace: Workspace) -> list[PlatformCard]:
    """All platforms in their order, with this workspace's accounts on each; one query."""
    now = timezone.now()
    cards = {name: _platform_card(name) for name in NAMES}
    for channel in channels_with_counts(workspace).exclude(platform=Channel.Platform.SITE):
        card = cards[channel.platform]
        over = channel.status == Channel.Status.REVOKED
        (card.ended if over else card.channels).append(channel_card(channel, now))
    return list(cards.values())


def _platform_card(name: str) -> PlatformCard:
    addresses = [("Redirect address", absolute("scheduling:connected", name))]
    addresses += [(label, absolute(view)) for label, view in CALLBACKS.get(name, ())]
    return PlatformCard(
        name=name,
        title=Channel.Platform(name).label,
        is_ready=bool(app_of(name, sandbox=False)),
        has_sandbox=settings.SANDBOX,
        steps=connector_class(name).steps,
        addresses=addresses,
    )


def page_cards(*, workspace: Workspace) -> tuple[list[ChannelCard], list[Persona]]:
    """The public pages of the workspace, and the personas that could have one; two queries."""
    now = timezone.now()
    rows = channels_with_counts(workspace).filter(platform=Channel.Platform.SITE, persona__isnull=False)
    cards = [channel_card(channel, now) for channel in rows]
    with_page = [card.channel.persona_id for card in cards]
    personas = Persona.objects.for_workspace(workspace).active().exclude(pk__in=with_page)
    return cards, list(personas.select_related("avatar").order_by("name", "pk"))


def last_publications(channel: Channel, *, before: str = "") -> tuple[list[Publication], int | None]:
    """The newest that are not merely planned, each with its `tone`, and the key that leads to older ones.

    before: the key, as an address brings it, of the last one on the page before.
    """
    rows = Publication.objects.filter(channel=channel).exclude(state=Publication.State.SCHEDULED)
    last = rows.filter(pk=read_key(before)).first()
    if last:
        rows = rows.filter(Q(due_at__lt=last.due_at) | Q(due_at=last.due_at, pk__lt=last.pk))
    found = list(rows.select_related("post", "channel").order_by("-due_at", "-pk")[: LAST_PUBLICATIONS + 1])
    page = found[:LAST_PUBLICATIONS]
    for row in page:
        row.tone = STATE_TONES.get(row.state, "plain")
    return page, page[-1].pk if len(found) > len(page) else None


def absolute(name: str, *args) -> str:
    """The full address of one of our views, as other sites know it."""
    return settings.SITE_URL + reverse(name, args=args)
