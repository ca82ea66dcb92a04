"""The sandbox's pages for people: what is public on each account, and OAuth's question."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote, unquote, urlencode

from scheduling.sandbox.routes import Answer, Request
from scheduling.sandbox.state import World

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
TITLES = {"instagram": "Instagram", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn"}
POSTS_SHOWN = 60
INTRODUCTION = (
    "<h1>Sandbox</h1><p>Four platforms to try out: connect one of these accounts in Inflio, publish to it, and see "
    "here what is public.</p>"
)

STYLE = Path(__file__).with_name("sandbox.css")


def post_url(world: World, platform: str, remote_id: str) -> str:
    """The page of one public post, here."""
    return f"{world.url}/{platform}/posts/{quote(remote_id, safe='')}"


def account_url(world: World, platform: str, handle: str) -> str:
    """The page of one account, here."""
    return f"{world.url}/{platform}/accounts/{quote(handle, safe='')}"


def show(world: World, modules: Mapping[str, ModuleType], request: Request) -> Answer:
    """Show a page, or say that there is none."""
    name = unquote(request.path.strip("/"))
    if request.method not in ("GET", "HEAD"):
        return Answer(404, {"error": f"The sandbox has no {request.method} {request.host}{request.path}."})
    if not request.platform:
        return _index(world, modules)
    if request.platform == "favicon.ico":
        return Answer(204, b"")
    if request.platform in modules and request.host == "accounts":
        for account in world.accounts(request.platform):
            if name in (account["handle"], account["id"]):
                return _account(world, modules[request.platform], request.platform, account)
    if request.platform in modules and request.host == "posts":
        for post in world.posts(request.platform, remote_id=name):
            return _post(world, modules[request.platform], post)
    return problem(404, "There is nothing at this address of the sandbox.")


def problem(status: int, text: str) -> Answer:
    """A page that says what is wrong."""
    return page(
        "Sandbox", f"<h1>Not possible</h1><p>{_e(text)}</p><p><a href='/'>To the sandbox's accounts</a></p>", status
    )


def page(title: str, content: str, status: int = 200, *, narrow: bool = True) -> Answer:
    """One page around its content, which is HTML."""
    text = (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{_e(title)}</title><link rel='stylesheet' href='/_sandbox/style.css'></head><body>"
        "<div class='sandbox' role='note'>Sandbox of Inflio: nothing here leaves this computer.</div>"
        f"<main{' class=narrow' if narrow else ''}>{content}</main></body></html>"
    )
    return Answer(status, text, dict(HEADERS))


def consent(world: World, platform: str, title: str, scopes: list[str], query: Mapping[str, str]) -> Answer:
    """The page that asks which account may be used; its form comes back to the same address."""
    choices = "".join(
        f"<label class='choice'><input type='radio' name='account' value='{_e(account['id'])}' required"
        f"{' checked' if number == 0 else ''}><span>{_e(account.get('name') or account['handle'])}"
        f"<small>{_e(_at(account))}</small></span></label>"
        for number, account in enumerate(world.accounts(platform))
    )
    wanted = "".join(
        f"<label class='scope'><input type='checkbox' name='no:{_e(scope)}'><code>{_e(scope)}</code></label>"
        for scope in scopes
    )
    return page(
        f"{title} sandbox: allow Inflio?",
        f"<h1>Allow Inflio to post?</h1><p class='quiet'>This stands in for the page of {_e(title)}. "
        "No password is needed.</p>"
        f"<form method='post' action='?{_e(urlencode(query))}'><fieldset><legend>Account</legend>{choices}</fieldset>"
        f"<fieldset><legend>Inflio asks for; tick what it shall not get</legend>{wanted}</fieldset>"
        "<div class='buttons'>"
        "<button name='decision' value='deny' formnovalidate>Deny</button>"
        "<button class='main' name='decision' value='allow'>Allow</button></div></form>",
    )


def _index(world: World, modules: Mapping[str, ModuleType]) -> Answer:
    parts = []
    for platform in modules:
        items = "".join(
            f"<li><a href='/{platform}/accounts/{_e(quote(one['handle'], safe=''))}'>{_e(_at(one))}</a> "
            f"<span class='quiet'>{_posts_in_words(len(world.posts(platform, one['id'])))}</span></li>"
            for one in world.accounts(platform)
        )
        parts.append(f"<h2>{TITLES[platform]}</h2><ul>{items}</ul>")
    return page("Sandbox", "".join([INTRODUCTION, *parts]))


def _account(world: World, module: ModuleType, platform: str, account: Mapping[str, Any]) -> Answer:
    posts = world.posts(platform, account["id"])
    cards = "".join(f"<li class='card'>{_card(world, module, post)}</li>" for post in posts[:POSTS_SHOWN])
    body = f"<ul class='posts'>{cards}</ul>" if posts else "<p class='empty'>Nothing has been published here yet.</p>"
    more = f" The newest {POSTS_SHOWN} are shown." if len(posts) > POSTS_SHOWN else ""
    return page(
        f"{_at(account)} on {TITLES[platform]} (sandbox)",
        f"<h1>{_e(account.get('name') or account['handle'])}</h1>"
        f"<p class='quiet'>{_e(_at(account))} on {TITLES[platform]}: "
        f"{_posts_in_words(len(posts))}.{more}</p>{body}",
        narrow=False,
    )


def _post(world: World, module: ModuleType, post: Mapping[str, Any]) -> Answer:
    account = world.account(post["platform"], post["account"]) or {"handle": post["account"]}
    title = f"{_at(account)} on {TITLES[post['platform']]}"
    back = f"<a href='/{post['platform']}/accounts/{_e(quote(account['handle'], safe=''))}'>{_e(title)}</a>"
    return page(
        f"{title} (sandbox)",
        f"<h1>Post</h1><p>{back}</p><div class='posts one'><article class='card'>{_card(world, module, post)}"
        "</article></div>",
        narrow=False,
    )


def _card(world: World, module: ModuleType, post: Mapping[str, Any]) -> str:
    files = "".join(_file(one) for one in post["media"])
    count = f"<p class='quiet'>{len(post['media'])} files, side by side</p>" if len(post["media"]) > 1 else ""
    words = getattr(module, "LABELS", {})
    labels = "".join(
        f"<li class='label'>{_e(words.get(name) or f'{name}: {value}')}</li>"
        for name, value in post["flags"].items()
        if value not in (False, None, "")
    )
    comments = "".join(
        f"<p class='comment'>{_e(one['text'])}</p>"
        for one in world.get("comments", f"{post['platform']} {post['remote_id']}") or ()
    )
    at = datetime.fromtimestamp(post["at"], UTC)
    where = f"/{post['platform']}/posts/{_e(quote(post['remote_id'], safe=''))}"
    return (
        f"<div class='strip' tabindex='0' role='group' aria-label='Media'>{files}</div><div class='body'>{count}"
        f"<ul class='labels'>{labels}</ul><p class='caption'>{_e(post['caption'])}</p>"
        f"<a class='quiet' href='{where}'><time datetime='{at.isoformat()}'>{at:%d %b %Y, %H:%M} UTC</time></a>"
        f"{comments}</div>"
    )


def _file(one: Mapping[str, Any]) -> str:
    where = f"/_sandbox/files/{_e(one.get('file', ''))}"
    if not one.get("file"):
        return "<p class='body quiet'>The file was not fetched.</p>"
    if one.get("kind") == "video":
        return f"<video src='{where}' controls preload='metadata' playsinline></video>"
    return f"<img src='{where}' alt='{_e(one.get('alt', ''))}' loading='lazy'>"


def _posts_in_words(count: int) -> str:
    return "1 post" if count == 1 else f"{count} posts"


def _at(account: Mapping[str, Any]) -> str:
    """How an account is called; some platforms have names with spaces instead of handles."""
    return account["handle"] if " " in account["handle"] else f"@{account['handle']}"


def _e(text: Any) -> str:
    return html.escape(str(text), quote=True)
