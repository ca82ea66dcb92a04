"""Template tags of the interface: icons, form fields, scores, badges, and the components that wrap other content."""

from datetime import datetime

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

register = template.Library()

# Every status word of the product, and the tone it is shown in (see css/components.css).
TONES = {
    "pending_upload": "plain",
    "analyzing": "busy",
    "ready": "good",
    "failed": "bad",
    "queued": "plain",
    "running": "busy",
    "done": "good",
    "cancelled": "plain",
    "training": "busy",
    "deleted": "plain",
    "excellent": "good",
    "good": "good",
    "needs_improvement": "warn",
    "waiting": "plain",
    "accepted": "good",
    "flagged": "warn",
    "rejected": "bad",
    "archived": "plain",
    "review": "note",
    "planned": "plain",
    "paused": "warn",
    "draft": "plain",
    "changes": "warn",
    "approved": "good",
    "scheduled": "note",
    "pending": "busy",
    "container": "busy",
    "publishing": "busy",
    "unknown": "warn",
    "published": "good",
    "missed": "bad",
    "attention": "warn",
}
ALERT_ICONS = {"good": "check-circle", "warn": "alert", "bad": "alert", "note": "info", "plain": "info"}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad", "info": "note", "debug": "plain"}
INPUT_CLASSES = {"checkbox": "", "radio": "", "file": "input input--file"}
PHOTO_METERS = ("lighting", "clarity", "angle", "overall")


def _measured(value) -> float | None:
    """A number, or None for what a template has not got (it passes an empty string)."""
    return None if value in (None, "") else float(value)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw one symbol of img/icons.svg; `size` is "small" or "large"; give a `label` when no words stand beside it."""
    css = f"icon icon--{size}" if size else "icon"
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.filter
def tone(status: str) -> str:
    """The tone of a status word; an unknown word is plain."""
    return TONES.get(str(status), "plain")


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of a Django message's level."""
    return MESSAGE_TONES.get(level_tag, "note")


@register.filter
def alert_icon(tone_name: str) -> str:
    """The icon that goes with a tone."""
    return ALERT_ICONS.get(tone_name, "info")


@register.filter
def score_tone(value: float | None) -> str:
    """good from 0.7, warn from 0.45, bad below: for photo scores and likeness, both 0-1."""
    if (value := _measured(value)) is None:
        return "plain"
    return "good" if value >= 0.7 else "warn" if value >= 0.45 else "bad"


@register.filter
def seconds(value: float | None) -> str:
    """A rough, spoken duration: "about 12 s", "about 3 min"; empty when unknown."""
    if (value := _measured(value)) is None:
        return ""
    whole = max(1, round(value))
    return f"about {whole} s" if whole < 90 else f"about {round(whole / 60)} min"


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word of a name, for an avatar without a picture."""
    words = [word for word in str(name).split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in dict.fromkeys([words[0], words[-1]])).upper() if words else "?"


@register.simple_tag
def badge(status: str, label: str = "", tone: str = "") -> SafeString:
    """A status word in its tone; `label` is what is written (a model's get_..._display), `tone` overrides."""
    words = label or str(status).replace("_", " ").capitalize()
    return format_html(
        '<span class="badge badge--dot tone-{}">{}</span>', tone or TONES.get(str(status), "plain"), words
    )


@register.simple_tag
def score(value: float | None, label: str = "Identity") -> SafeString:
    """A measured 0-1 score with two decimals; "not measured" when there is none."""
    if (value := _measured(value)) is None:
        return format_html('<span class="score faint">{} not measured</span>', label)
    return format_html(
        '<span class="score tone-{}"><span class="soft">{}</span> {}</span>', score_tone(value), label, f"{value:.2f}"
    )


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """A <time> that says how long ago, with the exact time as its title."""
    if moment is None:
        return format_html("<span>{}</span>", "never")
    age = (timezone.now() - moment).total_seconds()
    words = "just now" if age < 60 else f"{timesince(moment, depth=1)} ago"
    exact = date_format(timezone.localtime(moment), "j F Y, H:i")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact, words)


@register.inclusion_tag("components/_meter.html")
def meter(value: float | None, label: str) -> dict:
    """A labelled 0-1 bar."""
    value = _measured(value)
    return {"value": value, "label": label, "percent": None if value is None else round(value * 100)}


@register.inclusion_tag("components/_progress.html")
def progress(
    value: float | None, stage: str = "", seconds_left: float | None = None, label: str = "Progress", place: int = 0
) -> dict:
    """Work that takes time: `value` 0-1 (None: not known yet), the stage in words, the seconds left, place in queue."""
    value, seconds_left = _measured(value), _measured(seconds_left)
    percent = None if value is None else round(value * 100)
    return {"percent": percent, "stage": stage, "seconds_left": seconds_left, "label": label, "place": place}


@register.inclusion_tag("components/_avatar.html")
def avatar(name: str, src: str = "", size: str = "") -> dict:
    """A round picture of a persona or user, or the initials; `size` is "small" or "large"."""
    return {"name": name, "src": src, "size": size}


@register.inclusion_tag("components/_nav_link.html", takes_context=True)
def nav_link(context, url_name: str, label: str, icon: str, place: str = "nav-link", also: str = "") -> dict:
    """One destination of the app shell, marked when the page shown lies under it, or under one of `also` (addresses
    with spaces between); nothing while it has no page."""
    try:
        href = reverse(url_name)
    except NoReverseMatch:
        return {"href": ""}
    path = getattr(context.get("request"), "path", "")
    here = any(path == one or (one != "/" and path.startswith(one.rstrip("/") + "/")) for one in [href, *also.split()])
    return {"href": href, "label": label, "icon": icon, "here": here, "place": place}


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, label: str = "", help: str = "", **attrs: str) -> dict:
    """One form field: label, control, help and errors, tied together for screen readers. Extra arguments become
    attributes of the control (`autocomplete="email"`; underscores turn into dashes)."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    many = widget.use_fieldset
    help_text = help or bound.help_text
    described = [f"{bound.auto_id}_helptext"] if help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    given = {key.replace("_", "-"): value for key, value in attrs.items()}
    if _repeats(widget.attrs.get("placeholder", ""), label or bound.label):
        given.setdefault("placeholder", False)
    if not many:
        given.setdefault("class", INPUT_CLASSES.get(kind, "input"))
        if described:
            given["aria-describedby"] = " ".join(described)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=given),
        "kind": "choices" if many else kind,
        "label": label or bound.label,
        "help": help_text,
        "described": " ".join(described),
    }


def _repeats(placeholder: str, label: str) -> bool:
    """Whether a placeholder says nothing that the label above it does not say."""
    return placeholder.replace("-", "").casefold() == str(label).replace("-", "").casefold()


@register.inclusion_tag("components/_fields.html")
def fields(form) -> dict:
    """All fields of a form, with what is wrong with the form as a whole on top."""
    return {"form": form}


@register.inclusion_tag("components/_form_errors.html")
def form_errors(form) -> dict:
    """What is wrong with the form as a whole; for forms whose fields are placed one by one."""
    return {"form": form}


@register.simple_block_tag
def page_header(content, title, lead="", trail=(), here=""):
    """A page's only h1, with breadcrumbs above (`trail`: pairs of name and address), a sentence below, and its
    buttons (the content) beside it."""
    return _wrap("page_header", content, title=title, lead=lead, trail=trail, here=here)


@register.simple_block_tag
def card(content, title="", css="", id=""):
    """A framed area; `css` adds classes such as "card--sunken"."""
    return _wrap("card", content, title=title, css=css, id=id)


@register.simple_block_tag
def alert(content, tone="note", title=""):
    """A notice inside the page; `tone` is note, good, warn or bad."""
    return _wrap("alert", content, tone=tone, title=title)


@register.simple_block_tag
def empty_state(content, title, icon="image"):
    """What to show instead of an empty list: why it is empty (content) and what to do (a button in it)."""
    return _wrap("empty_state", content, title=title, icon=icon)


@register.simple_block_tag
def menu(content, label="More", icon="more", text="", css=""):
    """A button that opens a list of actions; give each item class "menu__item". `text` writes words on the button."""
    return _wrap("menu", content, label=label, icon=icon, text=text, css=css)


@register.simple_block_tag
def dialog(content, id, title, css=""):
    """A modal dialog, opened by any button with data-dialog-open="<id>"."""
    return _wrap("dialog", content, id=id, title=title, css=css)


@register.simple_block_tag
def portrait_card(
    content, title, src="", alt="", href="", score=None, status="", note="", tint="", id="", avatar=False
):
    """A portrait: picture (or what is happening to it), title, identity score; the content is its menu's items."""
    return _wrap(
        "portrait_card",
        content,
        title=title,
        src=src,
        alt=alt,
        href=href,
        score=_measured(score),
        status=status,
        note=note,
        tint=tint,
        id=id,
        avatar=avatar,
    )


@register.simple_block_tag
def photo_card(
    content, name, src="", verdict="waiting", label="", message="", advice=(), scores=None, id="", rank=None, key=""
):
    """An uploaded photo: picture, verdict, one sentence, advice, four meters; the content is its actions.

    `scores` is any object with lighting, clarity, angle and overall (0-1 or None), such as a ReferencePhoto.
    `key` is the SHA-256 of the file as it came: until the server has judged it, the browser's judgement is shown by it.
    """
    meters = [(key.capitalize(), _read(scores, key)) for key in PHOTO_METERS] if scores else []
    return _wrap(
        "photo_card",
        content,
        name=name,
        src=src,
        verdict=verdict,
        label=label,
        message=message,
        advice=advice,
        meters=[pair for pair in meters if _measured(pair[1]) is not None],
        id=id,
        rank=rank,
        key=key,
    )


def _read(holder, key: str):
    return holder.get(key) if isinstance(holder, dict) else getattr(holder, key)


def _wrap(component: str, content: str, **values) -> SafeString:
    return render_to_string(f"components/_{component}.html", {"content": content, **values})
