"""Plans as data: what each grants and allows. Prices and checkout come with Stripe."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """A plan's name and its grant in credits at sign-up."""

    code: str
    name: str
    signup_credits: int


PLANS = {plan.code: plan for plan in (Plan("free", "Free", 100),)}


def plan_choices() -> list[tuple[str, str]]:
    """Choices for a form or an admin filter; a new plan needs no migration."""
    return [(plan.code, plan.name) for plan in PLANS.values()]
