"""The composer: one form for a post; drafts are saved at each change, everything else by a button."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required, require_level
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import render_fragment, render_page
from inflio.common.params import read_key
from scheduling.forms.post import PostForm, new_values, post_values
from scheduling.models import Channel, Post, Review
from scheduling.queries import posts as queries
from scheduling.services.composing import planning
from scheduling.services.composing import posts as services
from scheduling.services.composing.problems import problems_of
from scheduling.services.connecting.channels import check_channel
from scheduling.services.reviewing import reviews
from scheduling.views.composer_media import add_media
from scheduling.views.composer_parts import (
    AT_ITS_TURN,
    Composition,
    frame,
    held,
    keep,
    look_at,
    picker,
    read_form,
    remember,
)

PAGE = "scheduling/composer.html"
FIRST_ITEMS = 35
SAVED = {Post.State.SCHEDULED: "Saved. It stays scheduled.", Post.State.REVIEW: "Saved. It waits for approval."}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def new_post(request: HttpRequest) -> HttpResponse:
    """A new post; `?item=`, `?items=1,2`, `?at=2026-11-21T09:30`, `?persona=`, `?format=story` fill it in."""
    if request.method == "POST":
        return _submit(request, _post_of_page(request))
    data = _start(request)
    if data is None:
        return render_page(request, PAGE, {"nobody": True})
    form = read_form(request, data)
    return _page(request, look_at(request, form, None), uuid4().hex)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def edit_post(request: HttpRequest, pk: int) -> HttpResponse:
    """A post again, as it was left."""
    post = _find(request, pk)
    if request.method == "POST":
        return _submit(request, post)
    if _is_closed(post):
        return _show_closed(request, post)
    form = read_form(request, post_values(post))
    made = Composition(form, post, problems_of(post))
    return _page(request, made, uuid4().hex)


@require_POST
@member_required(Level.EDITOR)
def save_draft(request: HttpRequest) -> HttpResponse:
    """What the page sends at each change: the draft is saved, others are only looked at; answers with what to show."""
    post = _find(request, key) if (key := read_key(request.POST.get("post", ""))) else None
    _read_account(request)
    form, error = _read_with_media(request)
    if form is None:
        raise Http404
    with held(post) as row:
        made = _keep_or_look(request, form, row)
    made.error = made.error or error
    context = frame(request, made, click_key(request))
    context |= {"part": "media" if request.POST.get("command") else request.POST.get("part", "")}
    response = render_fragment(request, PAGE, "post-side", context | {"oob": True})
    if made.post and not post:
        response["HX-Replace-Url"] = reverse("scheduling:edit_post", args=[made.post.pk])
    return response


@require_safe
@member_required(Level.EDITOR)
def pick_media(request: HttpRequest) -> HttpResponse:
    """More pictures of the gallery for the composer: `?persona=`, `?q=`, `?before=`."""
    form = read_form(request, request.GET)
    if form is None:
        raise Http404
    part = "more-picks" if request.GET.get("before") else "picks"
    return render_fragment(request, PAGE, part, picker(request, form))


def _submit(request: HttpRequest, post: Post | None) -> HttpResponse:
    """A button was pressed: keep what was sent, then do what the button says."""
    key = click_key(request)
    form, error = _read_with_media(request)
    if form is None:
        return redirect("scheduling:new_post")
    if error:
        made = look_at(request, form, post)
        made.error = error
        return _page(request, made, key, status=422)
    if "command" in request.POST:
        return _after_command(request, form, post, key)
    if not form.all_valid():
        return _page(request, look_at(request, form, post), key, status=422)
    with held(post) as row:
        made, said = _press(request, form, row)
    if not said:
        return _refused(request, made, key)
    _say(request, said)
    return redirect(made.post)


def _read_with_media(request: HttpRequest) -> tuple[PostForm | None, str]:
    """The form with what was sent along; what cannot be taken is left out and said."""
    try:
        return read_form(request, add_media(request, request.POST)), ""
    except InflioError as error:
        return read_form(request, request.POST), error.message


def _after_command(request: HttpRequest, form: PostForm, post: Post | None, key: str) -> HttpResponse:
    """A picture was added, moved or taken out, without scripts."""
    with held(post) as row:
        made = _keep_or_look(request, form, row)
    if made.saved:
        return redirect(f"{reverse('scheduling:edit_post', args=[made.post.pk])}#post-media")
    return _refused(request, made, key) if made.error else _page(request, made, key)


def _keep_or_look(request: HttpRequest, form: PostForm, post: Post | None) -> Composition:
    """Save a draft with something in it; what changes by a button only is looked at."""
    made = Composition(form, post)
    return (keep if made.autosaved and not made.blank else look_at)(request, form, post)


def _press(request: HttpRequest, form: PostForm, post: Post | None) -> tuple[Composition, str]:
    """Keep what was sent, then do what the button says. Returns what to tell, empty when it did not work."""
    made = keep(request, form, post)
    if made.error:
        return made, ""
    try:
        said = _do(request, made.post, request.POST.get("do", "save"), request.POST.get("when", ""))
    except InflioError as error:
        made.post.refresh_from_db()
        made.error, made.checked = error.message, problems_of(made.post)
        return made, ""
    remember(request, made.post)
    return made, said


def _do(request: HttpRequest, post: Post, what: str, when: str) -> str:
    if what == "review":
        reviews.ask_for_review(post=post, by=request.user)
        return "Sent to review."
    if what == "approve":
        require_level(request, Level.MANAGER)
        version = post.content_version
        reviews.decide(post=post, decision=Review.Decision.APPROVED, version=version, by=request.user)
    elif what != "schedule" and not (post.state == Post.State.SCHEDULED and when in AT_ITS_TURN):
        return "It is out already." if services.is_out(post) else SAVED.get(post.state, "Saved as a draft.")
    if when == "now":
        planning.schedule_now(post=post, by=request.user)
        return "It goes out now."
    if when == "slot":
        planning.schedule_in_slot(post=post, by=request.user, move=True)
    else:
        planning.schedule_post(post=post, by=request.user)
    return "Scheduled."


def _refused(request: HttpRequest, made: Composition, key: str) -> HttpResponse:
    """The form again, with what is wrong; a post that went out or was cancelled meanwhile is shown instead."""
    if made.post and _is_closed(made.post):
        return _show_closed(request, made.post)
    return _page(request, made, key, status=409 if made.conflict else 422)


def _is_closed(post: Post) -> bool:
    return post.state == Post.State.CANCELLED or services.is_out(post)


def _show_closed(request: HttpRequest, post: Post) -> HttpResponse:
    messages.info(request, "This post can no longer be changed. Duplicate it to post it again.")
    return redirect(post)


def _say(request: HttpRequest, text: str) -> None:
    """Tell it once: the first of two clicks may have said it already."""
    waiting = messages.get_messages(request)
    if text not in [str(message) for message in waiting]:
        messages.success(request, text)
    waiting.used = False  # they are still to be shown


def _page(request: HttpRequest, made: Composition, key: str, status: int = 200) -> HttpResponse:
    context = frame(request, made, key) | picker(request, made.form)
    return render_page(request, PAGE, context, status=status)


def _post_of_page(request: HttpRequest) -> Post | None:
    """What the page of a new post has made meanwhile."""
    key = read_key(request.POST.get("post", "")) if request.POST.get("do") != "copy" else None
    return _find(request, key) if key else None


def _find(request: HttpRequest, pk: int) -> Post:
    return get_owned_or_404(Post.objects.select_related("persona", "workspace"), request, pk=pk)


def _start(request: HttpRequest):
    """What a new post starts with; None without a persona."""
    people, given = queries.composer_people(request.workspace), request.GET
    if not people:
        return None
    keys = [key for text in [*given.getlist("item"), *given.get("items", "").split(",")] if (key := read_key(text))]
    items = queries.chosen_items(request.workspace, list(dict.fromkeys(keys))[:FIRST_ITEMS])
    if keys and not items:
        raise Http404
    wanted = given.get("persona") or (str(items[0].persona_id) if items else "")
    persona = next((row for row in people if str(row.pk) == wanted), people[0])
    channels = queries.composer_channels(request.workspace)
    values = {name: given.get(name, "")[:40] for name in ("at", "format")}
    tzid = timezone.get_current_timezone_name()
    return new_values(persona=persona, channels=channels, items=items, tzid=tzid, given=values)


def _read_account(request: HttpRequest) -> None:
    """TikTok wants what it shows of an account to be read when the screen is shown."""
    if key := read_key(request.POST.get("read_account", "")):
        row = get_owned_or_404(Channel.objects.exclude(status=Channel.Status.REVOKED), request, pk=key)
        check_channel(channel=row)
