"""POST /api/schedule: make a post and let it go out, in one call that is safe to repeat."""

import hashlib

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.models import ContentItem
from inflio.accounts.access import get_owned_or_404
from inflio.accounts.api import AUTHENTICATION, IsMember
from inflio.accounts.models import Level
from inflio.common.errors import Conflict, InvalidInput
from inflio.common.text import clean_text
from personas.models import Persona
from scheduling.api.inputs import ScheduleInput
from scheduling.api.shapes import post_shape, publications_of
from scheduling.models import Channel, Post
from scheduling.services.composing.parts import MediaChoice, TargetChoice
from scheduling.services.composing.planning import schedule_in_slot, schedule_post
from scheduling.services.composing.posts import create_post
from scheduling.services.composing.problems import NotReady

OWN = ("title", "caption", "hashtags", "link", "partnership", "sponsor_name", "regions")


class Schedule(APIView):
    """Make a post of gallery items for channels, at a wall time or in the next free slot."""

    authentication_classes = AUTHENTICATION
    permission_classes = (IsMember,)
    level = Level.EDITOR

    def post(self, request: Request) -> Response:
        """201 with the post; 200 with the same post when the Idempotency-Key was used before."""
        given = ScheduleInput(data=request.data)
        if not given.is_valid():
            return _invalid(given.errors)
        key = _key_of(request)
        before = Post.objects.filter(workspace=request.workspace, click_key=key).first() if key else None
        try:
            post = _schedule(request, given.validated_data, key)
        except NotReady as error:
            return _not_ready(error)
        post = Post.objects.select_related("persona").get(pk=post.pk)
        return Response(post_shape(post, publications_of(post)), status=200 if before else 201)


@transaction.atomic
def _schedule(request: Request, given: dict, key: str) -> Post:
    """All or nothing: a post that cannot go out leaves no draft behind."""
    persona = get_owned_or_404(Persona, request, pk=given["persona"])
    media, targets = _media(request, given), _targets(request, given["channels"])
    fields = {name: given[name] for name in OWN}
    fields["format"] = given.get("format") or _format_of(media)
    fields |= {"starts_local": given["at"], "tzid": given.get("tz") or request.user.time_zone, "rrule": given["rrule"]}
    post = create_post(persona=persona, by=request.user, key=key, media=media, targets=targets, **fields)
    if post.persona_id != persona.pk or post.caption != clean_text(given["caption"]):
        raise Conflict("This Idempotency-Key was used for another post. Use a new one.", code="key_reused")
    if given["draft"]:
        return post
    return (schedule_in_slot if given["slot"] else schedule_post)(post=post, by=request.user)


def _media(request: Request, given: dict) -> list[MediaChoice]:
    alts = given["alt_texts"]
    chosen = []
    for place, pk in enumerate(given["items"]):
        item = get_owned_or_404(ContentItem.objects.select_related("asset"), request, pk=pk)
        if item.asset is None:
            raise InvalidInput("A picture you chose is not finished yet. Choose another one.", code="unfinished")
        chosen.append(MediaChoice(item.asset, item, alts[place] if place < len(alts) else ""))
    return chosen


def _targets(request: Request, given: list[dict]) -> list[TargetChoice]:
    return [TargetChoice(**{**one, "channel": get_owned_or_404(Channel, request, pk=one["channel"])}) for one in given]


def _format_of(media: list[MediaChoice]) -> str:
    if media and media[0].asset.is_video:
        return Post.Format.VIDEO
    return Post.Format.CAROUSEL if len(media) > 1 else Post.Format.IMAGE


def _key_of(request: Request) -> str:
    """The client's key, in the length that a row keeps."""
    given = request.headers.get("Idempotency-Key", "").strip()
    return hashlib.sha256(f"api:{given}".encode()).hexdigest()[:40] if given else ""


def _invalid(errors: dict) -> Response:
    error = {"code": "invalid", "message": "Some fields are missing or wrong.", "fields": errors}
    return Response({"error": error}, status=422)


def _not_ready(error: NotReady) -> Response:
    problems = [
        {"channel": one.title, "code": problem.code, "field": problem.field, "text": problem.text}
        for one in error.checked
        for problem in one.bad
    ]
    return Response(
        {"error": {"code": error.code, "message": error.message, "problems": problems}}, status=error.status
    )
