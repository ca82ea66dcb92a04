"""What clients read: posts, publications, the calendar, channels, reliability."""

from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inflio.accounts.access import get_owned_or_404
from inflio.accounts.api import AUTHENTICATION, IsMember
from inflio.common.errors import InvalidInput
from scheduling.api.inputs import LONGEST_WINDOW, day_of, number_of
from scheduling.api.shapes import channel_shape, post_shape, publication_shape, publications_of
from scheduling.models import Channel, Post, Publication
from scheduling.queries.metrics import metrics_of
from scheduling.queries.reliability import DAYS, reliability

PAGE = 50
MOST = 3000  # publications in one answer of the calendar


class MemberView(APIView):
    """For every member of the workspace."""

    authentication_classes = AUTHENTICATION
    permission_classes = (IsMember,)


class Posts(MemberView):
    """GET: posts newest first; `?state=`, `?persona=`, and `?before=` for the next page."""

    def get(self, request: Request) -> Response:
        rows = _posts(request)
        if state := request.GET.get("state"):
            if state not in Post.State.values:
                raise InvalidInput(f"There is no state “{state}”. Use one of {', '.join(Post.State.values)}.")
            rows = rows.filter(state=state)
        if persona := number_of(request.GET, "persona"):
            rows = rows.filter(persona=persona)
        if before := number_of(request.GET, "before"):
            rows = rows.filter(pk__lt=before)
        found = list(rows.order_by("-pk")[: PAGE + 1])
        following = found[PAGE - 1].pk if len(found) > PAGE else None
        return Response({"posts": [post_shape(post) for post in found[:PAGE]], "next_before": following})


class OnePost(MemberView):
    """GET: one post with its publications."""

    def get(self, request: Request, pk: int) -> Response:
        post = get_owned_or_404(_posts(request), request, pk=pk)
        return Response(post_shape(post, publications_of(post)))


class OnePublication(MemberView):
    """GET: one time on one channel, with its figures; a figure the platform does not give is null with the reason."""

    def get(self, request: Request, pk: int) -> Response:
        row = get_owned_or_404(Publication.objects.select_related("post", "channel"), request, pk=pk)
        lines = [] if row.channel.is_site else metrics_of(row)
        figures = {line.name: {"value": line.value, "note": line.note} for line in lines}
        return Response(publication_shape(row) | {"metrics": figures})


class Calendar(MemberView):
    """GET: publications of the days `?from=` to `?to=` (in UTC, both included, at most 92)."""

    def get(self, request: Request) -> Response:
        first, last = day_of(request.GET, "from"), day_of(request.GET, "to")
        if last < first or last - first > LONGEST_WINDOW:
            raise InvalidInput(f"Ask for 1 to {LONGEST_WINDOW.days} days, the first one first.", code="window")
        start = datetime.combine(first, time(), UTC)
        rows = Publication.objects.for_workspace(request.workspace).select_related("post", "channel")
        rows = rows.filter(due_at__gte=start, due_at__lt=datetime.combine(last, time(), UTC) + timedelta(days=1))
        if persona := number_of(request.GET, "persona"):
            rows = rows.filter(post__persona=persona)
        if channel := number_of(request.GET, "channel"):
            rows = rows.filter(channel=channel)
        found = list(rows.order_by("due_at", "pk")[: MOST + 1])
        shapes = [publication_shape(row) for row in found[:MOST]]
        return Response({"publications": shapes, "more": len(found) > MOST})


class Channels(MemberView):
    """GET: the workspace's accounts and public pages."""

    def get(self, request: Request) -> Response:
        rows = Channel.objects.for_workspace(request.workspace).order_by("platform", "handle", "pk")
        return Response({"channels": [channel_shape(row) for row in rows]})


class Reliability(MemberView):
    """GET: what came late, was missed, failed or doubted in the last `?days=` (7, 30 or 90)."""

    def get(self, request: Request) -> Response:
        days = number_of(request.GET, "days") or DAYS[1]
        if days not in DAYS:
            raise InvalidInput(f"Ask for {', '.join(map(str, DAYS))} days.", code="days")
        found = reliability(workspace=request.workspace, days=days)
        return Response(
            {
                "days": found.days,
                "total": _figures(found.total),
                "platforms": [_figures(one) for one in found.platforms],
            }
        )


def _figures(one) -> dict:
    counts = {name: value for name, value in asdict(one).items() if name != "waits"}
    return counts | {"p50": one.p50, "p95": one.p95, "p99": one.p99, "on_time": one.on_time}


def _posts(request: Request) -> QuerySet[Post]:
    rows = Post.objects.for_workspace(request.workspace).select_related("persona")
    return rows.prefetch_related("media__asset", "targets__channel")
