"""The day's pictures of a workspace against its plan: counted from the jobs, refused before anything is spent."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Sum

from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount
from inflio.billing.plans import PLANS
from inflio.billing.usage import Meter
from inflio.common.errors import Conflict
from inflio.generation.models import Job
from inflio.queue.leases import db_now

DAY_LIMIT = "day_limit"  # code of the error
NO_PICTURES = ("analysis", "training")  # kinds of jobs that make none
LOST = (Job.State.FAILED, Job.State.CANCELLED)


def next_reset() -> datetime:
    """The next midnight, UTC: when the day's pictures are counted anew."""
    return _today() + timedelta(days=1)


def images_today(workspace: Workspace) -> int:
    """Pictures asked for since midnight UTC; those that failed or were cancelled do not count."""
    jobs = Job.objects.filter(workspace=workspace, created_at__gte=_today()).exclude(state__in=LOST)
    return jobs.exclude(kind__in=NO_PICTURES).aggregate(total=Sum("count", default=0))["total"]


def images_meter(workspace: Workspace) -> Meter:
    """The day's pictures, for a page."""
    plan = PLANS[CreditAccount.objects.get(workspace=workspace).plan]
    return Meter("Images today", images_today(workspace), plan.images_per_day, next_reset())


def refuse_over_day_limit(*, workspace: Workspace, count: int) -> None:
    """Raise Conflict (code DAY_LIMIT) when `count` more pictures would pass the plan's limit for today.

    Call it in the transaction that makes the jobs: it locks the account's row, so two tabs cannot pass it together.
    """
    account = CreditAccount.objects.select_for_update(no_key=True).get(workspace=workspace)
    plan = PLANS[account.plan]
    if plan.images_per_day is None:
        return
    left = max(0, plan.images_per_day - images_today(workspace))
    if count > left:
        room = f"{left} more can be made today" if left else "they are all used"
        raise Conflict(
            f"The {plan.name} plan makes {plan.images_per_day} images a day and {room}. "
            f"The count starts anew at midnight UTC, in {_spoken(next_reset() - db_now())}; a larger plan makes more.",
            code=DAY_LIMIT,
        )


def _today() -> datetime:
    return datetime.combine(db_now().astimezone(UTC).date(), time.min, UTC)


def _spoken(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < 90:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"
