"""Figures as pages show them: the newest value, how it came about, and what a platform does not tell."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from personas.models import Persona
from scheduling.models import Channel, Metric, Publication
from scheduling.registry import platform_class

DAYS = 30
USUAL = ("views", "likes", "comments", "shares")  # what people ask for; said to be missing where it is
USUAL_ACCOUNT = ("followers",)
NOT_YET = "not measured yet"
LABELS = {"average_watch_ms": "Average watch time (ms)", "engaged": "Accounts engaged"}
WIDTH, HEIGHT, EDGE = 120, 32, 2  # of a curve, in its own units


@dataclass(frozen=True)
class Line:
    """One figure over time. `value` None: there is none, and `note` says why."""

    name: str
    points: tuple[tuple[date, int], ...] = ()
    note: str = ""

    @property
    def short_note(self) -> str:
        """The note for a narrow place, where the platform is named beside it."""
        return "not yet" if self.note == NOT_YET else "not given" if self.note else ""

    @property
    def label(self) -> str:
        return LABELS.get(self.name, self.name.replace("_", " ").capitalize())

    @property
    def value(self) -> int | None:
        return self.points[-1][1] if self.points else None

    @property
    def change(self) -> int | None:
        """Since the first of the days shown; None when there is only one."""
        return self.points[-1][1] - self.points[0][1] if len(self.points) > 1 else None

    @property
    def days(self) -> int:
        """How many days the curve spans."""
        return (self.points[-1][0] - self.points[0][0]).days if self.points else 0

    @property
    def curve(self) -> str:
        """The points of an SVG polyline, placed by their days; empty when there is nothing to draw."""
        if len(self.points) < 2:
            return ""
        first, span = self.points[0][0], self.days or 1
        low, high = min(value for _, value in self.points), max(value for _, value in self.points)
        tall = (high - low) or 1
        middle = HEIGHT / 2 if high == low else None
        places = []
        for day, value in self.points:
            x = EDGE + (WIDTH - 2 * EDGE) * (day - first).days / span
            y = middle or HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / tall
            places.append(f"{x:.1f},{y:.1f}")
        return " ".join(places)


@dataclass(frozen=True)
class AccountRow:
    """A channel with its figures."""

    channel: Channel
    lines: list[Line]

    @property
    def shown(self) -> list[Line]:
        """The figures that there are."""
        return given_of(self.lines)

    @property
    def missing(self) -> list[str]:
        """What there is not, in sentences."""
        return missing_of(self.lines)


@dataclass(frozen=True)
class PostRow:
    """A published post with the usual figures, in the order of USUAL."""

    publication: Publication
    lines: list[Line]


def given_of(lines: list[Line]) -> list[Line]:
    """The figures that there are."""
    return [line for line in lines if not line.note]


def missing_of(lines: list[Line]) -> list[str]:
    """What there is not, one sentence for each reason: "Reach, saves: not given by Instagram so far"."""
    reasons: dict[str, list[str]] = {}
    for line in lines:
        if line.note:
            reasons.setdefault(line.note, []).append(line.label)
    return [f"{', '.join(names).capitalize()}: {note}" for note, names in reasons.items()]


def measures_anything(platform: str) -> bool:
    """Whether a platform tells any figures at all."""
    capabilities = platform_class(platform).capabilities
    return bool(capabilities.metrics or capabilities.account_metrics)


def metrics_of(publication: Publication) -> list[Line]:
    """All figures of one publication over the last days; one query."""
    points = _points(Metric.objects.filter(publication=publication))[publication.pk]
    return _lines(publication.channel, _given(publication.channel), USUAL, points)


def account_metrics_of(channel: Channel) -> list[Line]:
    """All figures of one account over the last days; one query."""
    points = _points(Metric.objects.filter(channel=channel, publication=None))[None]
    return _lines(channel, _given(channel, account=True), USUAL_ACCOUNT, points)


def accounts_of(persona: Persona) -> list[AccountRow]:
    """A persona's accounts with their figures; two queries."""
    channels = list(Channel.objects.filter(persona=persona).exclude(platform=Channel.Platform.SITE))
    points: dict[int, dict[str, list]] = defaultdict(dict)
    for row in _recent(Metric.objects.filter(channel__in=channels, publication=None)):
        points[row.channel_id].setdefault(row.name, []).append((row.day, row.value))
    return [AccountRow(one, _lines(one, _given(one, account=True), USUAL_ACCOUNT, points[one.pk])) for one in channels]


def posts_of(persona: Persona, *, before: int | None = None, limit: int = 20) -> list[PostRow]:
    """A persona's published posts, newest first, with the usual figures; two queries."""
    rows = Publication.objects.filter(post__persona=persona, state=Publication.State.PUBLISHED)
    rows = rows.exclude(channel__platform=Channel.Platform.SITE).select_related("channel", "post")
    rows = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])
    points = _points(Metric.objects.filter(publication__in=rows, name__in=USUAL))
    return [
        PostRow(row, [line for line in _lines(row.channel, _given(row.channel), USUAL, points[row.pk], only=USUAL)])
        for row in rows
    ]


def _given(channel: Channel, *, account: bool = False) -> tuple[str, ...]:
    """The names a platform can tell."""
    if channel.is_site:
        return ()
    capabilities = platform_class(channel.platform).capabilities
    return capabilities.account_metrics if account else capabilities.metrics


def _recent(rows) -> Iterable[Metric]:
    return rows.filter(day__gte=timezone.now().date() - timedelta(days=DAYS)).order_by("day", "pk")


def _points(rows) -> dict[int | None, dict[str, list[tuple[date, int]]]]:
    """Figures by publication and name, oldest first."""
    found: dict[int | None, dict[str, list[tuple[date, int]]]] = defaultdict(dict)
    for row in _recent(rows):
        found[row.publication_id].setdefault(row.name, []).append((row.day, row.value))
    return found


def _lines(
    channel: Channel, given: tuple[str, ...], usual: tuple[str, ...], points: dict, only: tuple[str, ...] = ()
) -> list[Line]:
    """The platform's figures, and the usual ones that it does not tell, each with why it is missing."""
    names = only or tuple(dict.fromkeys([*(name for name in usual if name in given), *given, *points, *usual]))
    place = channel.get_platform_display()
    lines = []
    for name in names:
        if name in points:
            note = ""
        elif name not in given:
            note = f"not given by {place}"
        else:
            note = f"not given by {place} so far" if points else NOT_YET
        lines.append(Line(name, tuple(points.get(name, ())), note))
    return lines
