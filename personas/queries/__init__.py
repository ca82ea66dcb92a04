"""Reads about personas: facts that services ask for, and what each screen shows."""

from personas.queries.facts import (
    consent_in_force,
    has_references,
    job_of_click,
    jobs_of_click,
    newest_job,
    open_scenarios,
    persona_of_job,
    pictures_of,
    portraits_to_make,
    reference_assets,
)
from personas.queries.live import LiveJob, live_jobs
from personas.queries.screens import (
    PhotoCard,
    PortraitCard,
    activity_page,
    cards_to_make,
    gallery,
    latest_portraits,
    photo_cards,
    portrait_cards,
    with_portrait_count,
)

__all__ = [
    "LiveJob",
    "PhotoCard",
    "PortraitCard",
    "activity_page",
    "cards_to_make",
    "consent_in_force",
    "gallery",
    "has_references",
    "job_of_click",
    "jobs_of_click",
    "latest_portraits",
    "live_jobs",
    "newest_job",
    "open_scenarios",
    "persona_of_job",
    "photo_cards",
    "pictures_of",
    "portrait_cards",
    "portraits_to_make",
    "reference_assets",
    "with_portrait_count",
]
