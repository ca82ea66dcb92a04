"""How much of a plan's limits a workspace has used; each app that counts something names a function in the settings."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from inflio.accounts.models import Workspace

NEARLY = 0.8  # share of a limit from which it is worth a warning


@dataclass(frozen=True)
class Meter:
    """One limit: what was used of it, None for no limit, and when it starts anew (None: not by itself)."""

    label: str
    used: int
    limit: int | None
    resets_at: datetime | None = None

    @property
    def left(self) -> int | None:
        """What may still be used; None for any number."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def percent(self) -> int:
        """Share used, 0-100."""
        return min(100, round(100 * self.used / self.limit)) if self.limit else 0

    @property
    def tone(self) -> str:
        """The tone it is shown in."""
        if self.limit is None or self.used < NEARLY * self.limit:
            return "good"
        return "warn" if self.used < self.limit else "bad"


def usage_meters(workspace: Workspace) -> list[Meter]:
    """Every meter of settings.USAGE_METERS for this workspace, in their order."""
    return [import_string(path)(workspace) for path in settings.USAGE_METERS]
