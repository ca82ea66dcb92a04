"""IANA time zones: which names may be stored, and the zone that a stored name means."""

import zoneinfo
from functools import cache

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_names() -> tuple[str, ...]:
    """Names to choose from, in order: UTC and every region/city of this installation."""
    cities = (name for name in zoneinfo.available_timezones() if name.split("/")[0] in REGIONS)
    return ("UTC", *sorted(cities))


def zone_or_utc(name: str) -> zoneinfo.ZoneInfo:
    """The zone called `name`; UTC for one that this installation does not know."""
    return zoneinfo.ZoneInfo(name if name in zone_names() else "UTC")
