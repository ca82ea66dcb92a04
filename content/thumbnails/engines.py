"""Which engines can edit a picture, and what each is asked for."""

from dataclasses import dataclass

from content.categories import LOOKS
from content.engines import aspects_of, size_of
from content.models import Message, Thread
from content.queries.threads import format_of
from inflio.accounts.models import Workspace
from inflio.common.errors import EngineRefused
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import Engine
from inflio.generation.keys import available_engines
from personas.models import Persona
from personas.queries import companies_allowed, outside_refusal

KIND = "edit"
DRAWN = "embedded"  # the engine that works by operations; the others read words
KEEP = "Keep the same person and everything that is not mentioned as it is."  # goes with the creator's words


@dataclass(frozen=True)
class EditOffer:
    """An engine for edits, and why it cannot be used now ("" when it can)."""

    name: str
    engine: Engine
    credits: int
    why_not: str = ""
    needs: str = ""  # "key", "consent" or "format": what would make it usable


def edit_offers(workspace: Workspace, persona: Persona, *, aspect: str = "") -> list[EditOffer]:
    """Every engine of this installation that edits pictures, those usable for this persona and format first."""
    allowed, offers = companies_allowed(persona), []
    for state in available_engines(workspace):
        if KIND in state.engine.capabilities:
            why_not, needs = state.why_not, "key" if state.why_not else ""
            if not why_not and (provider := state.engine.provider) and provider not in allowed:
                why_not, needs = outside_refusal(persona, provider), "consent"
            if not why_not and (why_not := _format_refusal(state.name, aspect)):
                needs = "format"
            price = state.engine.capabilities[KIND].credits
            offers.append(EditOffer(state.name, state.engine, price, why_not, needs))
    return sorted(offers, key=lambda offer: bool(offer.why_not))


def price_of(name: str) -> int:
    """Credits of one edit."""
    return get_engine(name).capabilities[KIND].credits


def by_operations(name: str) -> bool:
    """Whether the engine is given operations; otherwise it gets the words and the last picture."""
    return not get_engine(name).capabilities[KIND].reads_prompt


def refuse_format(name: str, aspect: str) -> None:
    """Raise EngineRefused, with what to do, where an engine cannot make a format."""
    if reason := _format_refusal(name, aspect):
        raise EngineRefused(reason)


def all_places() -> dict[str, tuple[tuple[str, str], ...]]:
    """Every background of the embedded engine, (key, title) by look."""
    engine = get_engine(DRAWN)
    return {look: engine.places(look) for look in LOOKS}


def edit_params(thread: Thread, message: Message) -> dict:
    """The parameters of the job behind a message; raises EngineRefused for a format that its engine cannot make."""
    if by_operations(thread.engine):
        made = message.base.provenance
        known = {"photo": made.get("photo", ""), "base_method": made.get("method", "")}
        return {"base": message.base.sha256, "operations": message.recipe, **known}
    aspect = format_of(message)
    refuse_format(thread.engine, aspect)
    width, height = size_of(get_engine(thread.engine), aspect)
    prompt = f"{message.text}. {KEEP}"
    return {"prompt": prompt, "aspect": aspect, "width": width, "height": height, "seed": message.pk}


def _format_refusal(name: str, aspect: str) -> str:
    maker = get_engine(name)
    if not (reason := maker.format_refusal(aspect)):
        return ""
    return f"{reason} Say “make it {aspects_of(maker, KIND)[0]}” first, or choose another engine."
