"""Which engines can edit a picture, and what each is asked for."""

from dataclasses import dataclass

from content.categories import LOOKS
from content.engines import size_of
from content.models import Message, Thread
from inflio.accounts.models import Workspace
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import Engine
from inflio.generation.keys import available_engines
from personas.models import Persona
from personas.queries import companies_allowed, outside_refusal

KIND = "edit"
DRAWN = "embedded"  # the engine that works by operations; the others read words


@dataclass(frozen=True)
class EditOffer:
    """An engine for edits, and why it cannot be used now ("" when it can)."""

    name: str
    engine: Engine
    credits: int
    why_not: str = ""
    needs: str = ""  # "key" or "consent": what would make it usable


def edit_offers(workspace: Workspace, persona: Persona) -> list[EditOffer]:
    """Every engine of this installation that edits pictures, those usable for this persona first."""
    allowed, offers = companies_allowed(persona), []
    for state in available_engines(workspace):
        if KIND in state.engine.capabilities:
            why_not, needs = state.why_not, "key" if state.why_not else ""
            if not why_not and (provider := state.engine.provider) and provider not in allowed:
                why_not, needs = outside_refusal(persona, provider), "consent"
            price = state.engine.capabilities[KIND].credits
            offers.append(EditOffer(state.name, state.engine, price, why_not, needs))
    return sorted(offers, key=lambda offer: bool(offer.why_not))


def price_of(name: str) -> int:
    """Credits of one edit."""
    return get_engine(name).capabilities[KIND].credits


def by_operations(name: str) -> bool:
    """Whether the engine is given operations; otherwise it gets the words and the last picture."""
    return not get_engine(name).capabilities[KIND].reads_prompt


def all_places() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every background of the embedded engine, (key, title) by look."""
    engine = get_engine(DRAWN)
    return {look: engine.places(look) for look in LOOKS}


def edit_params(thread: Thread, message: Message) -> dict:
    """The parameters of the job behind a message."""
    if by_operations(thread.engine):
        made = message.base.provenance
        known = {"photo": made.get("photo", ""), "base_method": made.get("method", "")}
        return {"base": message.base.sha256, "operations": message.recipe, **known}
    width, height = size_of(get_engine(thread.engine), thread.aspect)
    prompt = f"{message.text}. Keep the same person and everything that is not mentioned as it is."
    return {"prompt": prompt, "aspect": thread.aspect, "width": width, "height": height, "seed": message.pk}
