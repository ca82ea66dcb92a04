"""Whose each address with an argument is: every one stands in exactly one of three tables.

Names of arguments and of what is sent along are those of `Belongings`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from inflio.accounts.models import Level

VIEWER, EDITOR, MANAGER, OWNER = Level


@dataclass(frozen=True)
class Owned:
    """The address of something that belongs to a workspace, with the level that each method needs there.

    sent: what a form must name, always out of the sender's own workspace. refused: what a stranger is answered.
    """

    arguments: str
    get: Level | None = None
    post: Level | None = None
    sent: str = ""
    refused: int = 404


@dataclass(frozen=True)
class Public:
    """An address that anybody may open who knows it, and why that is meant so; answers: those to the right words."""

    arguments: str
    why: str
    methods: tuple[str, ...] = ("get",)
    answers: tuple[int, ...] = (200,)


def look(arguments: str, **more) -> Owned:
    """A page that every member sees."""
    return Owned(arguments, get=VIEWER, **more)


def edit(arguments: str, **more) -> Owned:
    """What editors do."""
    return Owned(arguments, post=EDITOR, **more)


def manage(arguments: str, **more) -> Owned:
    """What managers do."""
    return Owned(arguments, post=MANAGER, **more)


OWNED = {
    "accounts:remove_api_key": Owned("apikey", post=VIEWER),
    "accounts:change_level": manage("member", sent="level"),
    "accounts:remove_member": manage("member"),
    "accounts:transfer_ownership": Owned("member", post=OWNER),
    "accounts:renew_invitation": manage("invitation"),
    "accounts:withdraw_invitation": manage("invitation"),
    "accounts:switch_workspace": Owned("workspace", post=VIEWER),
    "api:post": look("post"),
    "api:publication": look("publication"),
    "media:thumbnail": look("asset width"),
    "media:original": look("asset"),
    "media:download": look("asset"),
    "generation:job": look("job"),
    "generation:cancel_job": edit("job"),
    "generation:retry_job": edit("job"),
    "generation:preview": look("job"),
    "personas:influencer": look("persona"),
    "personas:persona": look("persona"),
    "personas:settings": Owned("persona", get=VIEWER, post=EDITOR),
    "personas:activity": look("persona"),
    "personas:duplicate": edit("persona"),
    "personas:archive": edit("persona"),
    "personas:restore": edit("persona"),
    "personas:delete": manage("persona"),
    "personas:photos": look("persona"),
    "personas:add_photos": edit("persona"),
    "personas:remove_photo": edit("persona photo"),
    "personas:analyse": edit("persona"),
    "personas:cancel_analysis": edit("persona"),
    "personas:training": look("persona"),
    "personas:train_model": edit("persona"),
    "personas:cancel_training": edit("persona"),
    "personas:retry_training": edit("persona trained"),
    "personas:consent": look("persona"),
    "personas:declare_consent": edit("persona"),
    "personas:withdraw_consent": edit("persona"),
    "personas:allow_outside_engines": edit("persona"),
    "personas:stop_outside_engines": edit("persona"),
    "personas:request_portraits": edit("persona"),
    "personas:portrait": look("persona scenario"),
    "personas:regenerate": edit("persona scenario"),
    "personas:retry": edit("persona scenario"),
    "personas:cancel": edit("persona scenario"),
    "personas:make_avatar": edit("persona scenario"),
    "personas:choose": edit("persona scenario asset"),
    "content:batch": look("batch"),
    "content:start_batch": edit("batch"),
    "content:pause_batch": edit("batch"),
    "content:cancel_batch": edit("batch"),
    "content:retry_batch": edit("batch"),
    "content:delete_batch": edit("batch"),
    "content:shoot": look("shoot"),
    "content:cancel_shoot": edit("shoot"),
    "content:save_result": edit("contentitem"),
    "content:favourite_result": edit("contentitem"),
    "content:retry_result": edit("contentitem"),
    "content:cancel_result": edit("contentitem"),
    "content:repeat_result": edit("contentitem"),
    "content:vary_result": edit("contentitem"),
    "content:thread": look("thread"),
    "content:thread_live": look("thread"),
    "content:send_message": edit("thread"),
    "content:undo_message": edit("thread"),
    "content:choose_thread_engine": edit("thread"),
    "content:delete_thread": edit("thread"),
    "content:go_back": edit("thread message"),
    "content:retry_message": edit("thread message"),
    "content:cancel_message": edit("thread message"),
    "content:save_thumbnail": edit("thread message"),
    "content:save_portrait": edit("persona scenario"),
    "content:export_preview": look("contentitem"),
    "content:board": look("board"),
    "content:rename_board": edit("board"),
    "content:delete_board": edit("board"),
    "content:item": look("contentitem"),
    "scheduling:calendar_entry": look("post", sent="at"),
    "scheduling:move_entry": edit("post", sent="at"),
    "scheduling:remove_slot": edit("slot", sent="persona"),
    "scheduling:post_times": look("post"),
    "scheduling:skip_occurrence": edit("post", sent="at"),
    "scheduling:restore_occurrence": edit("post", sent="at"),
    "scheduling:move_occurrence": edit("post", sent="at"),
    "scheduling:change_occurrence": edit("post", sent="at"),
    "scheduling:split_series": edit("post", sent="at"),
    "scheduling:end_series": edit("post"),
    "scheduling:post": look("post"),
    "scheduling:edit_post": Owned("post", get=EDITOR, post=EDITOR),
    "scheduling:duplicate_post": edit("post"),
    "scheduling:schedule_post": edit("post"),
    "scheduling:ask_for_review": edit("post"),
    "scheduling:unschedule_post": edit("post"),
    "scheduling:cancel_post": edit("post"),
    "scheduling:delete_post": edit("post"),
    "scheduling:publication": look("publication"),
    "scheduling:retry_publication": edit("publication"),
    "scheduling:settle_publication": edit("publication"),
    "scheduling:publication_evidence": look("publication"),
    "scheduling:decide_post": manage("post"),
    "scheduling:revoke_review_link": manage("reviewlink"),
    # An offer that was taken, ended, or is another's: back to the channels with a word.
    "scheduling:pick_accounts": Owned("offer", get=MANAGER, post=MANAGER, refused=302),
    "scheduling:channel": look("channel"),
    "scheduling:check_channel": edit("channel"),
    "scheduling:resume_channel": edit("channel"),
    "scheduling:assign_persona": edit("channel", sent="persona"),
    "scheduling:disconnect_channel": manage("channel"),
    "scheduling:change_page": manage("page"),
    "scheduling:open_page": Owned("persona", get=MANAGER, post=MANAGER),
    "scheduling:take_down": edit("shown"),
    "scheduling:persona_insights": look("persona"),
}

# Their argument is a word of the product and names nobody's row: they act in the current workspace.
OWN = {
    "generation:save_key": manage("provider"),
    "generation:remove_key": manage("provider"),
    "generation:check_key": manage("provider"),
    "scheduling:connect": manage("platform"),
    "scheduling:connected": Owned("platform", get=MANAGER),
}

PUBLIC = {
    "accounts:join": Public("join_token", "who got the invitation may have no account yet", ("get", "post")),
    "public_file": Public("file_token file_name", "platforms fetch the files of a post by a signed address"),
    "webhook": Public("caller call_token", "providers tell the end of a call, signed by them", ("post",), (403,)),
    "scheduling:client_review": Public(
        "review_token", "clients decide without an account", ("get", "post"), (200, 302)
    ),
    "scheduling:client_picture": Public("review_token media", "the pictures of what a client decides"),
    "scheduling:data_deletion": Public("code", "who asked a platform for deletion sees that it was done"),
    "scheduling:page": Public("slug", "a persona's page is for everybody while it is open"),
    "scheduling:page_rss": Public("slug", "the same for readers of feeds"),
    "scheduling:page_json": Public("slug", "the same for readers of feeds"),
    "scheduling:page_avatar": Public("slug width", "the face on that page"),
    "scheduling:page_entry": Public("slug shown", "one post of that page"),
    "scheduling:page_picture": Public("slug shown number width", "its pictures"),
    "scheduling:page_file": Public("slug shown number extension", "its files"),
}


def ours(resolver: URLResolver | None = None, space: str = "", taken: bool = False) -> Iterator[tuple[str, bool]]:
    """Every address of this project by its name, and whether it takes an argument; not admin's and allauth's own."""
    for entry in (resolver or get_resolver()).url_patterns:
        takes = taken or bool(entry.pattern.converters) or entry.pattern.regex.groups > 0
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or entry.pattern}", takes
        elif entry.app_name != "admin" and not _is_allauths(entry):
            yield from ours(entry, f"{space}{entry.namespace}:" if entry.namespace else space, takes)


def _is_allauths(entry: URLResolver) -> bool:
    return getattr(entry.urlconf_name, "__name__", "").startswith("allauth.")
