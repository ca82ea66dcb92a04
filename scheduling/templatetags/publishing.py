"""How the pages of publications write tones, durations and lateness."""

from django import template

register = template.Library()

TONES = {
    "published": "good",
    "failed": "bad",
    "missed": "bad",
    "attention": "warn",
    "unknown": "warn",
    "pending": "busy",
    "container": "busy",
    "publishing": "busy",
}
ATTEMPT_TONES = {"done": "good", "refused": "bad", "doubt": "warn", "started": "busy"}


@register.filter
def publication_tone(state: str) -> str:
    """The tone of a publication's state."""
    return TONES.get(str(state), "plain")


@register.filter
def attempt_tone(outcome: str) -> str:
    """The tone of an attempt's outcome."""
    return ATTEMPT_TONES.get(str(outcome), "plain")


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds in words: "0.4 s", "12 s", "3 min"; a dash for none."""
    if seconds in (None, ""):
        return "–"
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


@register.filter
def lateness(seconds: float | None) -> str:
    """How long after its time it was sent, in words."""
    if seconds in (None, ""):
        return ""
    return "at its time" if seconds < 1 else f"{duration(seconds)} after its time"


@register.filter
def percent(value: float | None) -> str:
    """A percentage that never rounds a fault away: 99.96 is "99.9 %"; a dash for none."""
    if value in (None, ""):
        return "–"
    cut = int(value * 10) / 10
    return f"{cut:.0f} %" if cut == int(cut) else f"{cut:.1f} %"


@register.filter
def shown(value) -> str:
    """A label's value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not said" if value is None else str(value)
