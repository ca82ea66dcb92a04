"""What the engines' page shows: every engine, what it can do and costs, and the state of its provider's key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.forms import Form

from inflio.accounts.models import Workspace
from inflio.common.templatetags.ui import seconds
from inflio.generation.engines import provider_class
from inflio.generation.engines.base import Engine
from inflio.generation.keys import available_engines
from inflio.generation.models import ProviderCall, ProviderKey
from inflio.generation.queries import measured_seconds
from inflio.queue.leases import db_now

COST_DAYS = 30
WORK = {"picture": "pictures", "edit": "edits of a picture", "illustration": "illustrations", "training": "training"}


@dataclass(frozen=True)
class EngineRow:
    """One engine in words; `price` is what its provider takes."""

    title: str
    price: str
    credits: str
    abilities: list[str]


@dataclass
class ProviderCard:
    """A company, its engines, its key in this workspace and what was paid to it lately; name "" is ourselves.

    No class is in here: a template would call it.
    """

    name: str
    title: str
    key_page: str = ""
    key_hint: str = ""
    engines: list[EngineRow] = field(default_factory=list)
    key: ProviderKey | None = None
    installation_key: bool = False
    calls: int = 0
    usd: Decimal = Decimal(0)
    form: Form | None = None

    @property
    def is_ready(self) -> bool:
        return not self.name or self.key is not None or self.installation_key


def provider_cards(*, workspace: Workspace) -> list[ProviderCard]:
    """Cards in the registry's order, ourselves first; four queries however many engines there are."""
    keys = {row.provider: row for row in ProviderKey.objects.filter(workspace=workspace).select_related("added_by")}
    costs = {row["provider"]: row for row in call_costs(workspace=workspace)}
    times = measured_seconds()
    cards: dict[str, ProviderCard] = {}
    for state in available_engines(workspace):
        name = state.engine.provider
        if name not in cards:
            cost = costs.get(name, {})
            company = provider_class(name) if name else None
            cards[name] = ProviderCard(
                name,
                company.title if company else "Inflio",
                key_page=company.key_page if company else "",
                key_hint=company.key_hint if company else "",
                key=keys.get(name),
                installation_key=bool(settings.PROVIDER_KEYS.get(name)),
                calls=cost.get("calls", 0),
                usd=cost.get("usd") or Decimal(0),
            )
        engine = state.engine
        words = [*abilities(engine), time_words(engine, times)]
        cards[name].engines.append(EngineRow(engine.title, engine.price, credit_words(engine), words))
    return list(cards.values())


def call_costs(*, workspace: Workspace, days: int = COST_DAYS) -> list[dict]:
    """Calls that cost money, or may have, and their US dollars by provider: as stated, else as expected."""
    since = db_now() - timedelta(days=days)
    rows = ProviderCall.objects.for_workspace(workspace).filter(charged=True, intended_at__gte=since)
    sums = {"calls": Count("pk"), "usd": Sum(Coalesce("usd", "usd_expected"))}
    return list(rows.order_by().values("provider").annotate(**sums))


def credit_words(engine: type[Engine]) -> str:
    """What we take for one output, such as "5 credits a picture"."""
    kinds = [engine.capabilities[kind] for kind in WORK if kind in engine.capabilities]
    costs = sorted({capability.credits for capability in kinds})
    if not costs:
        return ""
    amount = f"{costs[0]}" if len(costs) == 1 else f"{costs[0]} to {costs[-1]}"
    return f"{amount} credit{'' if amount == '1' else 's'} for each"


def abilities(engine: type[Engine]) -> list[str]:
    """What an engine can do, in a few words each."""
    capabilities = engine.capabilities
    made = [words for kind, words in WORK.items() if kind in capabilities]
    main = capabilities[main_kind(engine)]
    words = [", ".join(made).capitalize()] if made else []
    if "picture" in capabilities:
        words.append("Follows your words" if main.reads_prompt else "Scenes to choose from")
    if main.max_outputs > 1:
        words.append(f"Up to {main.max_outputs} at a time")
    if main.previews:
        words.append("Shows the picture while it forms")
    if main.needs_model:
        words.append("Needs a trained model of the persona")
    if engine.sizes:
        words.append(f"Formats {', '.join(engine.sizes)}")
    return words


def time_words(engine: type[Engine], times: Mapping[tuple[str, str], float]) -> str:
    """How long its main work takes: as measured here, else as its makers expect."""
    kind = main_kind(engine)
    if (measured := times.get((engine.name, kind))) is not None:
        return f"Usually {seconds(measured)}, as measured here"
    return f"Expected to take {seconds(engine.capabilities[kind].typical_seconds)}, not measured here yet"


def main_kind(engine: type[Engine]) -> str:
    """The work that an engine is there for."""
    return "picture" if "picture" in engine.capabilities else next(iter(engine.capabilities))
