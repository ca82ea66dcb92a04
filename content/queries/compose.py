"""What the Create page offers for a persona, an engine and a look, and what a click will cost."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from content.categories import CATEGORIES, CONTENT_TYPES, Category, Subcategory
from content.engines import EngineOffer, aspects_of, kind_of, looks_for, places_of
from content.styles import STYLES
from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount
from inflio.billing.usage import Meter
from inflio.generation.engines.base import Engine
from inflio.generation.queries import before_new, usual_seconds
from inflio.generation.usage import images_meter
from personas import queries as personas
from personas.models import Persona


@dataclass(frozen=True)
class Option:
    """One thing to choose; `why_not` says why it cannot be chosen now ("" when it can)."""

    key: str
    title: str
    line: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Group:
    """A category with those of its looks that can be made."""

    category: Category
    looks: tuple[Subcategory, ...]


@dataclass(frozen=True)
class Offer:
    """Everything that the form may show; what the engine cannot do is not in it."""

    kind: str
    engine: EngineOffer
    groups: tuple[Group, ...]
    content_types: tuple[Option, ...]
    styles: tuple[Option, ...]
    places: tuple[Option, ...]
    aspects: tuple[str, ...]

    @property
    def drawn(self) -> bool:
        return self.kind == "illustration"

    @property
    def free_setting(self) -> bool:
        """The setting is free text."""
        return not self.places and self.engine.capability.free_setting

    @property
    def reads_prompt(self) -> bool:
        """The words of the prompt change the picture."""
        return self.engine.capability.reads_prompt

    @property
    def takes_seed(self) -> bool:
        """A seed repeats a picture."""
        return self.engine.capability.seeded

    @property
    def takes_details(self) -> bool:
        """What the creator writes changes the picture."""
        return self.reads_prompt or self.drawn


@dataclass(frozen=True)
class Estimate:
    """What a click costs: credits and rough seconds, the queue included; and why it cannot be made now."""

    count: int
    credits: int
    seconds: float
    ahead: int
    available: int
    day: Meter
    why_not: str = ""
    credits_missing: bool = False
    day_is_over: bool = False


def composable_personas(workspace: Workspace) -> list[Persona]:
    """The personas of a workspace with their avatars, ready ones first."""
    rows = Persona.objects.for_workspace(workspace).active().select_related("avatar", "workspace").order_by("-pk")
    return sorted(rows, key=lambda persona: persona.status != Persona.Status.READY)


def build_offer(persona: Persona, engine: EngineOffer, look: str) -> Offer:
    """What `engine` can make of `persona` at `look`."""
    kind, maker = kind_of(persona), engine.engine
    can = looks_for(kind)
    chosen = (tuple(look for look in category.looks if look.key in can) for category in CATEGORIES)
    pairs = zip(CATEGORIES, chosen, strict=True)
    return Offer(
        kind=kind,
        engine=engine,
        groups=tuple(Group(category, looks) for category, looks in pairs if looks),
        content_types=_content_types(persona, engine, kind, look),
        styles=_styles(maker, engine, kind),
        places=tuple(Option(key, title) for key, title in places_of(maker, kind, look)),
        aspects=aspects_of(maker, kind),
    )


def estimate(workspace: Workspace, engine: EngineOffer, kind: str, count: int) -> Estimate:
    """What `count` pictures cost and how long they take, and whether they can be asked for now."""
    capability = engine.capability
    at_once = min(count, max(1, capability.max_outputs))
    jobs = -(-count // at_once)
    each = usual_seconds(kind=kind, engine=engine.name, count=at_once)
    ahead, wait = (0, 0.0) if engine.engine.provider else _ahead(capability.cluster)
    account = CreditAccount.objects.get(workspace=workspace)
    price, day = count * capability.credits, images_meter(workspace)
    why_not, no_credits, day_is_over = engine.why_not, False, False
    if not why_not and day.left is not None and count > day.left:
        why_not, day_is_over = _day_words(day), True
    elif not why_not and price > account.available:
        why_not, no_credits = f"This costs {price} credits and you have {account.available}.", True
    seconds = wait + (each if engine.engine.provider else jobs * each)
    return Estimate(count, price, seconds, ahead, account.available, day, why_not, no_credits, day_is_over)


def _ahead(cluster: str) -> tuple[int, float]:
    """How many jobs of our machine come before a new one, and their seconds."""
    found = before_new(cluster=cluster).aggregate(count=Count("pk"), seconds=Sum("estimate_seconds", default=0.0))
    return found["count"], found["seconds"]


def _content_types(persona: Persona, engine: EngineOffer, kind: str, look: str) -> tuple[Option, ...]:
    """Those the engine knows; each that this persona's photos do not allow says why."""
    known = [(key, title) for key, title in CONTENT_TYPES if key in engine.capability.content_types]
    if kind == "illustration" or len(known) < 2:
        return tuple(Option(key, title) for key, title in known[:1])
    same = {"look": look, "body": personas.body_shown(persona)}
    same |= personas.model_params(persona) if engine.capability.needs_model else {}
    photos, options = len(personas.reference_assets(persona)), []
    for key, title in known:
        params = same | {"content_type": key, "prompt": title}  # an order always brings words of its own
        options.append(Option(key, title, why_not=engine.engine.refusal(kind, params, photos) or ""))
    return tuple(options)


def _styles(maker: Engine, engine: EngineOffer, kind: str) -> tuple[Option, ...]:
    """Our styles that the engine can follow; one that reads the prompt follows them all."""
    if kind == "illustration":
        return ()
    can = {key for key, _ in maker.styles}
    return tuple(
        Option(style.key, style.title, style.line)
        for style in STYLES
        if style.key in can or (not can and engine.capability.reads_prompt)
    )


def _day_words(day: Meter) -> str:
    if not day.left:
        return f"All {day.limit} images of today are used. The count starts anew at midnight UTC."
    return f"{day.left} of today's {day.limit} images are left. The count starts anew at midnight UTC."
