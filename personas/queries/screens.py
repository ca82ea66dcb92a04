"""What the persona screens show, each with a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inflio.accounts.models import Workspace
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import ActivityEntry, Persona, Portrait, ReferencePhoto
from personas.queries.live import LiveJob
from personas.scenarios import SCENARIOS, Scenario

Verdict = ReferencePhoto.Verdict
SCORES = ("lighting", "clarity", "angle", "overall")


def gallery(
    *, workspace: Workspace, archived: bool = False, before: int | None = None, limit: int = 24
) -> list[Persona]:
    """Personas with their avatar and `portrait_count`, newest first; `before` is the last key of the page before."""
    rows = Persona.objects.for_workspace(workspace)
    rows = rows.archived() if archived else rows.active()
    if before:
        rows = rows.filter(pk__lt=before)
    return list(with_portrait_count(rows.select_related("avatar")).order_by("-pk")[:limit])


def with_portrait_count(rows: QuerySet[Persona]) -> QuerySet[Persona]:
    """Add `portrait_count`, counted for the rows that are read and no others."""
    made = Portrait.objects.filter(persona=OuterRef("pk"), asset__isnull=False).order_by().values("persona")
    count = Subquery(made.annotate(count=Count("pk")).values("count"))
    return rows.annotate(portrait_count=Coalesce(count, 0))


def latest_portraits(*, workspace: Workspace, limit: int = 10) -> list[Portrait]:
    """The newest finished portraits of a workspace, with picture and persona."""
    rows = Portrait.objects.filter(persona__workspace=workspace, persona__archived_at=None, asset__isnull=False)
    return list(rows.select_related("asset", "persona").order_by("-asset_id")[:limit])


def activity_page(*, persona: Persona, before: int | None = None, limit: int = 30) -> list[ActivityEntry]:
    """A page of the persona's log, newest first."""
    rows = persona.activity.select_related("user")
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


@dataclass(frozen=True)
class PortraitCard:
    """One of the five places: its picture, and what is being made or what failed."""

    scenario: Scenario
    portrait: Portrait | None
    live: LiveJob | None
    is_avatar: bool = False

    @property
    def asset(self) -> Asset | None:
        return self.portrait and self.portrait.asset

    @property
    def src(self) -> str:
        return self.asset.medium_url if self.asset else ""

    @property
    def href(self) -> str:
        return self.portrait.get_absolute_url() if self.asset else ""

    @property
    def score(self) -> float | None:
        return self.asset.identity_score if self.asset else None

    @property
    def status(self) -> str:
        """The state to show: of what is being made, else failed, else done."""
        if self.live:
            return self.live.job.state
        return "failed" if self.failed else "done"

    @property
    def settled(self) -> bool:
        """Nothing is being made here, so what is shown stays as it is."""
        return self.live is None

    @property
    def dom_id(self) -> str:
        """Changes with everything a settled place shows, so that the page may keep the element until then."""
        parts = (self.scenario.key, self.portrait.asset_id, self.portrait.job_id, self.status, self.is_avatar)
        return "-".join(str(part or 0) for part in ("portrait", *parts))

    @property
    def failed(self) -> Job | None:
        """The failed or cancelled job that can be tried again, unless something is being made."""
        return self.portrait.job if self.portrait and self.live is None and self.portrait.failed else None


def portrait_cards(persona: Persona, live: list[LiveJob]) -> list[PortraitCard]:
    """The five places in their order, with what `live_jobs` says of each."""
    rows = {row.scenario: row for row in persona.portraits.select_related("asset", "job")}
    open_now = {item.job.params.get("scenario"): item for item in live}
    cards = []
    for scenario in SCENARIOS:
        portrait = rows.get(scenario.key)
        is_avatar = bool(portrait and portrait.asset_id and portrait.asset_id == persona.avatar_id)
        cards.append(PortraitCard(scenario, portrait, open_now.get(scenario.key), is_avatar))
    return cards


def cards_to_make(cards: list[PortraitCard]) -> list[PortraitCard]:
    """What `request_portraits` would queue now: the places without a picture, or all when none is missing."""
    missing = [card for card in cards if card.asset is None]
    return [card for card in missing or cards if card.live is None]


@dataclass(frozen=True)
class PhotoCard:
    """A photo with what is known of it: from the running analysis as soon as it says so, else from the last one."""

    photo: ReferencePhoto
    verdict: str
    message: str = ""
    advice: list[str] = field(default_factory=list)
    scores: dict[str, float | None] = field(default_factory=dict)
    rank: int | None = None
    being_looked_at: bool = False

    @property
    def label(self) -> str:
        return "Looking at it" if self.being_looked_at else Verdict(self.verdict).label


def photo_cards(persona: Persona, analysis: Job | None) -> list[PhotoCard]:
    """Every photo in the order of upload; `analysis` is the running job, if there is one."""
    photos = persona.photos.select_related("asset").order_by("pk")
    return [_photo_card(photo, analysis) for photo in photos]


def _photo_card(photo: ReferencePhoto, analysis: Job | None) -> PhotoCard:
    if analysis is None or photo.pk not in analysis.params["photos"]:
        scores = {key: getattr(photo, key) for key in SCORES}
        return PhotoCard(photo, photo.verdict, photo.message, photo.advice, scores, photo.rank)
    found = analysis.findings.get(str(photo.pk))
    if found is None:
        return PhotoCard(photo, Verdict.WAITING, being_looked_at=True)
    verdict = Verdict.REJECTED if found["problem"] else Verdict.ACCEPTED
    scores = {key: found[key] for key in SCORES}
    return PhotoCard(photo, verdict, found["message"] or "", found["advice"], scores)
