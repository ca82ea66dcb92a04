"""To which other companies a persona's photos may be sent."""

from dataclasses import dataclass

from inflio.accounts.models import User
from inflio.generation.engines import PROVIDERS, provider_class
from personas.consent_text import outside_text
from personas.models import Consent, Persona
from personas.queries.facts import consent_in_force


def companies_allowed(persona: Persona) -> frozenset[str]:
    """Names of the providers that may get the photos of this persona now, as in Engine.provider.

    A drawn persona shows nobody, and the sample's portrait is NASA's, free for anybody: both may go to all of them.
    """
    if persona.look == Persona.Look.ILLUSTRATED:
        return frozenset(PROVIDERS)
    return _named_in(consent_in_force(persona))


def _named_in(consent: Consent | None) -> frozenset[str]:
    if consent is None:
        return frozenset()
    if consent.face == Consent.Face.SAMPLE:
        return frozenset(PROVIDERS)
    return frozenset(consent.outside_providers) if consent.outside_at else frozenset()


def outside_refusal(persona: Persona, provider: str) -> str:
    """The sentence that says why this company gets no photos, and where that can be changed."""
    return (
        f"{provider_class(provider).title} is another company, and the consent does not let {persona.name}'s photos be "
        "sent there. It can be allowed on the persona's page, under Consent."
    )


def company_titles(names=PROVIDERS) -> list[str]:
    """What the companies behind the engines call themselves, in the registry's order; all of them unless named."""
    return [provider_class(name).title for name in PROVIDERS if name in names]


@dataclass(frozen=True)
class OutsideCard:
    """What the consent page says about other companies, and what this user may do about it."""

    consent: Consent
    text: str  # what is agreed to, or would be
    allowed: list[str]  # titles of the companies that may get the photos
    missing: list[str]  # titles of those that came later or were never allowed
    is_sample: bool
    can_allow: bool


def outside_card(persona: Persona, consent: Consent | None, *, by: User) -> OutsideCard | None:
    """The card for the consent in force; None without one and for a persona that is drawn."""
    if consent is None or persona.look == Persona.Look.ILLUSTRATED:
        return None
    names = _named_in(consent)
    return OutsideCard(
        consent=consent,
        text=consent.outside_text if consent.outside_at else outside_text(company_titles()),
        allowed=company_titles(names),
        missing=company_titles(set(PROVIDERS) - names),
        is_sample=consent.face == Consent.Face.SAMPLE,
        can_allow=consent.user_id == by.pk,
    )
