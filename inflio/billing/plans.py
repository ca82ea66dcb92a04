"""Plans as data: what each grants and allows. Prices and checkout come with Stripe."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """A plan's name, its grant in credits at sign-up, and its limits; None is without a limit.

    images_per_day: pictures that may be asked for in a day (UTC). saved_images: pictures kept in the gallery.
    trainings_per_day: models that may be trained in 24 hours.
    """

    code: str
    name: str
    signup_credits: int
    images_per_day: int | None
    saved_images: int | None
    trainings_per_day: int


PLANS = {
    plan.code: plan
    for plan in (
        Plan("free", "Free", 100, images_per_day=50, saved_images=500, trainings_per_day=1),
        Plan("creator", "Creator", 100, images_per_day=300, saved_images=10_000, trainings_per_day=3),
        Plan("studio", "Studio", 100, images_per_day=2000, saved_images=None, trainings_per_day=10),
    )
}


def plan_choices() -> list[tuple[str, str]]:
    """Choices for a form or an admin filter; a new plan needs no migration."""
    return [(plan.code, plan.name) for plan in PLANS.values()]
