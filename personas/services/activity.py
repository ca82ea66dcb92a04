"""The persona's log: one line for everything that somebody, or Inflio, did with it."""

from personas.models import ActivityEntry, Persona


def log_activity(*, persona: Persona, text: str, by=None) -> ActivityEntry:
    """Add a line; `by` is None for what Inflio did by itself."""
    return ActivityEntry.objects.create(persona=persona, user=by, text=text[:300])
