"""The composer: one form for a post; drafts are saved at each change, everything else by a button."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.queries.gallery import read_key
from inflio.accounts.access import get_owned_or_404, member_required, require_level
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import render_fragment, render_page
from scheduling.forms.post import PostForm, new_values, post_values
from scheduling.models import Channel, Post, Review
from scheduling.queries import posts as queries
from scheduling.services.composing import posts as services
from scheduling.services.connecting.channels import check_channel
from scheduling.services.reviewing import reviews
from scheduling.views.composer_parts import Composition, add_video, frame, keep, look_at, picker, read_form

PAGE = "scheduling/composer.html"
FIRST_ITEMS = 35


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def new_post(request: HttpRequest) -> HttpResponse:
    """A new post; `?item=`, `?items=1,2`, `?at=2026-11-21T09:30`, `?persona=`, `?format=story` fill it in."""
    if request.method == "POST":
        return _submit(request, _draft_of_page(request))
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
    if post.state == Post.State.CANCELLED or services.is_out(post):
        messages.info(request, "This post can no longer be changed. Duplicate it to post it again.")
        return redirect(post)
    if request.method == "POST":
        return _submit(request, post)
    form = read_form(request, post_values(post))
    made = Composition(form, post, services.problems_of(post))
    return _page(request, made, uuid4().hex)


@require_POST
@member_required(Level.EDITOR)
def save_draft(request: HttpRequest) -> HttpResponse:
    """What the page sends at each change: the draft is saved, others are only looked at; answers with what to show."""
    post = _find(request, key) if (key := read_key(request.POST.get("post", ""))) else None
    _read_account(request)
    form = read_form(request, request.POST)
    if form is None:
        raise Http404
    made = Composition(form, post)
    made = (keep if made.autosaved else look_at)(request, form, post)
    context = frame(request, made, request.POST.get("key", ""))
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
    key = request.POST.get("key", "")
    try:
        data = add_video(request, request.POST)
    except InflioError as error:
        made = look_at(request, read_form(request, request.POST), post)
        made.error = error.message
        return _page(request, made, key, status=422)
    form = read_form(request, data)
    if form is None:
        return redirect("scheduling:new_post")
    if "command" in request.POST:
        return _after_command(request, form, post, key)
    if not form.all_valid():
        return _page(request, look_at(request, form, post), key, status=422)
    made = keep(request, form, post)
    if made.error or not made.post:
        return _page(request, made, key, status=409 if made.conflict else 422)
    return _finish(request, made, key)


def _after_command(request: HttpRequest, form: PostForm, post: Post | None, key: str) -> HttpResponse:
    """A picture was added, moved or taken out, without scripts."""
    if not Composition(form, post).autosaved:
        return _page(request, look_at(request, form, post), key)
    made = keep(request, form, post)
    if made.error or not made.post:
        return _page(request, made, key, status=422)
    return redirect(f"{reverse('scheduling:edit_post', args=[made.post.pk])}#post-media")


def _finish(request: HttpRequest, made: Composition, key: str) -> HttpResponse:
    """Schedule, send to review or just keep, as the button says."""
    try:
        said = _do(request, made.post, request.POST.get("do", "save"), request.POST.get("when", ""))
    except InflioError as error:
        made.post.refresh_from_db()
        made.error, made.checked = error.message, services.problems_of(made.post)
        return _page(request, made, key, status=422)
    messages.success(request, said)
    return redirect(made.post)


def _do(request: HttpRequest, post: Post, what: str, when: str) -> str:
    if what == "review":
        reviews.ask_for_review(post=post, by=request.user)
        return "Sent to review."
    if what == "approve":
        require_level(request, Level.MANAGER)
        version = post.content_version
        reviews.decide(post=post, decision=Review.Decision.APPROVED, version=version, by=request.user)
    if what not in ("schedule", "approve"):
        return "Saved." if post.state in (Post.State.SCHEDULED, Post.State.REVIEW) else "Saved as a draft."
    act = {"now": services.schedule_now, "slot": services.schedule_in_slot}.get(when, services.schedule_post)
    act(post=post, by=request.user)
    return "It goes out within a minute." if when == "now" else "Scheduled."


def _page(request: HttpRequest, made: Composition, key: str, status: int = 200) -> HttpResponse:
    context = frame(request, made, key) | picker(request, made.form)
    return render_page(request, PAGE, context, status=status)


def _draft_of_page(request: HttpRequest) -> Post | None:
    """What the page of a new post has saved meanwhile; after a first click it is no draft, and its key tells."""
    key = read_key(request.POST.get("post", "")) if request.POST.get("do") != "copy" else None
    post = _find(request, key) if key else None
    return post if post and post.state == Post.State.DRAFT else None


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
