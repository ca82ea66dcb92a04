"""The tick over many future posts, and the calendar's month with 3,000 of them."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.table import Row
from inflio.accounts.models import User, Workspace
from inflio.accounts.services import create_workspace
from inflio.queue.ticker import wake_due
from personas.models import Persona
from scheduling.models import Channel, Post, Publication

FEW, MANY, IN_MONTH = 1_000, 1_000_000, 3_000
AT_ONCE = 10_000
ROUNDS = 25


def measure() -> list[Row]:
    """One installation: first a month's calendar, then the tick with few and with many posts ahead."""
    call_command("migrate", verbosity=0)
    user = User.objects.create_user("calendar@example.com", "a-long-quiet-evening")
    workspace = create_workspace(owner=user).workspace
    return [*_month(workspace, user), *_tick(workspace)]


def _month(workspace: Workspace, user: User) -> list[Row]:
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    first = (date.today().replace(day=1) + timedelta(days=62)).replace(day=1)
    channel = _channel(workspace, "month")
    address = f"/calendar?view=month&on={first:%Y-%m-%d}"
    _posts_in_month(workspace, channel, first, 1)
    few_queries, _ = _page(client, address)
    _posts_in_month(workspace, channel, first, IN_MONTH - 1)
    queries, milliseconds = _page(client, address)
    return [
        Row(f"Calendar month with {IN_MONTH} posts", milliseconds, "ms", "under 300 ms"),
        Row(f"Calendar month: queries with 1 and {IN_MONTH} posts", f"{few_queries} and {queries}", "", "same"),
    ]


def _page(client: Client, address: str) -> tuple[int, float]:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
        queries = len(captured)  # each later request empties the log
    times = []
    for _ in range(9):
        begin = perf_counter()
        client.get(address)
        times.append(perf_counter() - begin)
    return queries, median(times) * 1000


def _channel(workspace: Workspace, name: str) -> Channel:
    persona = Persona.objects.create(workspace=workspace, name=name, status=Persona.Status.READY)
    return Channel.objects.create(
        workspace=workspace, platform="instagram", sandbox=True, external_id=name, handle=name, persona=persona
    )


def _posts_in_month(workspace: Workspace, channel: Channel, first: date, count: int) -> None:
    """So many posts, spread over the days of the month, each with one publication."""
    hours = [datetime.combine(first + timedelta(days=n % 28), time(7 + n % 14, n % 60)) for n in range(count)]
    posts = Post.objects.bulk_create(
        Post(workspace=workspace, persona=channel.persona, title=f"Post {n}", state="scheduled", starts_local=at)
        for n, at in enumerate(hours)
    )
    Publication.objects.bulk_create(_publication(post, channel, at) for post, at in zip(posts, hours, strict=True))


def _publication(post: Post, channel: Channel, local: datetime) -> Publication:
    due = local.replace(tzinfo=UTC)
    return Publication(
        workspace_id=post.workspace_id,
        post=post,
        channel=channel,
        occurrence_local=local,
        due_at=due,
        available_at=due,
    )


def _tick(workspace: Workspace) -> list[Row]:
    """The ticker's look at what is due, with nothing due: it should not see what lies ahead."""
    channel = _channel(workspace, "tick")
    post = Post.objects.create(workspace=workspace, persona=channel.persona, title="A series", state="scheduled")
    begin = datetime.now().replace(second=0, microsecond=0) + timedelta(days=2)
    rows = []
    for count in (FEW, MANY):
        there = Publication.objects.filter(post=post).count()
        for start in range(there, count, AT_ONCE):
            Publication.objects.bulk_create(
                _publication(post, channel, begin + timedelta(minutes=n))
                for n in range(start, min(count, start + AT_ONCE))
            )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        rows.append(_median_tick())
    few, many = rows
    return [Row(f"A tick over {MANY} future posts, beside {FEW}", many, "ms", "2x", few)]


def _median_tick() -> float:
    wake_due()
    times = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        wake_due()
        times.append(perf_counter() - begin)
    return median(times) * 1000
