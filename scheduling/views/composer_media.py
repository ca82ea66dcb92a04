"""What is added to a post in its composer: a video that is sent along, portraits that were ticked."""

from django.http import HttpRequest, QueryDict

from content.models import ContentItem
from content.services.portraits import save_portrait
from inflio.common.errors import InvalidInput
from inflio.common.params import read_key
from inflio.media.video import store_video
from personas.models import Portrait

PORTRAIT = "p"  # begins the name of a portrait among the ticks; pictures of the gallery are i1, i2 ...


def add_media(request: HttpRequest, data: QueryDict) -> QueryDict:
    """The data, with what was sent or ticked as media of the post. Raises InflioError for what cannot be taken."""
    return _with_portraits(request, _with_video(request, data))


def _with_video(request: HttpRequest, data: QueryDict) -> QueryDict:
    file = request.FILES.get("video")
    if file is None:
        if data.get("command") == "upload":
            raise InvalidInput("Choose a video first.", code="no_file")
        return data
    ai_made = request.POST.get("video_real") != "on"
    asset = store_video(workspace=request.workspace, file=file, by=request.user, ai_made=ai_made)
    data = data.copy()
    data.appendlist("media", f"a{asset.pk}")
    return data


def _with_portraits(request: HttpRequest, data: QueryDict) -> QueryDict:
    """A portrait that is ticked is kept in the gallery first, and is a picture of it from here on."""
    ticked, seen = data.getlist("pick"), data.getlist("pick_seen")
    keys = [read_key(name[1:]) for name in seen if name.startswith(PORTRAIT)]
    if data.get("command") != "add" or not any(keys):
        return data
    names = {}
    rows = Portrait.objects.filter(pk__in=[key for key in keys if key], persona__workspace=request.workspace)
    for row in rows.exclude(asset=None):
        name = f"{PORTRAIT}{row.pk}"
        if name in ticked:
            names[name] = f"i{save_portrait(portrait=row, by=request.user).pk}"
        elif item := ContentItem.objects.filter(persona=row.persona_id, asset=row.asset_id).order_by("pk").first():
            names[name] = f"i{item.pk}"
    data = data.copy()
    for field, values in (("pick", ticked), ("pick_seen", seen)):
        data.setlist(field, [names.get(value, value) for value in values])
    return data
