"""The composer's form: one form for everything; a draft may be half filled in, so each field is judged by itself."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from content.categories import look_choices
from content.engines import kind_of, looks_for
from content.models import ASPECTS, ContentItem
from content.styles import STYLES
from inflio.accounts.models import User
from inflio.common.errors import InvalidInput
from inflio.common.params import read_key
from inflio.media.models import Asset
from personas.models import Persona
from scheduling.forms.channel_options import ChannelForm, options_values
from scheduling.forms.rule_editor import RuleFields, rule_values
from scheduling.models import Channel, Post
from scheduling.services.composing.parts import MediaChoice, clean_hashtags, format_of, media_of, targets_of, title_for
from scheduling.services.composing.problems import capabilities_of

KINDS = (("post", "Post"), ("story", "Story"))
REGIONS = (("EU", "European Union"), ("US", "United States"), ("US-NY", "New York"), ("GB", "United Kingdom"))
LEADS = ((60, "1 hour before"), (180, "3 hours before"), (720, "12 hours before"), (1440, "a day before"))
TEXTS = (
    "title",
    "caption",
    "link",
    "sponsor_name",
    "context",
    "script",
    "action",
    "direction",
    "call_to_action",
)
RECIPE = ("look", "style", "setting", "details", "aspect")


class PostForm(RuleFields):
    """Bound to what was sent, or to a stored post. `media` and `channels` are what is chosen now, in order."""

    persona = forms.ChoiceField()
    kind = forms.ChoiceField(choices=KINDS, required=False, label="Kind")
    caption = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea({"rows": 6}), label="Caption", strip=False
    )
    hashtags = forms.CharField(required=False, max_length=2000, help_text="Separated by spaces, with or without #")
    title = forms.CharField(required=False, max_length=120, help_text="For the calendar, and where a title is shown")
    link = forms.URLField(required=False, max_length=500, assume_scheme="https")
    partnership = forms.ChoiceField(choices=Post.Partnership, required=False, label="Is it sponsored?")
    sponsor_name = forms.CharField(required=False, max_length=120, label="Sponsor")
    regions = forms.MultipleChoiceField(
        choices=REGIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Where its audience is",
        help_text="Nothing ticked means everywhere",
    )
    context = forms.CharField(required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    script = forms.CharField(required=False, max_length=8000, widget=forms.Textarea({"rows": 3}))
    action = forms.CharField(required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    direction = forms.CharField(required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    call_to_action = forms.CharField(required=False, max_length=300)
    make = forms.BooleanField(required=False, label="Make the picture at its time")
    look = forms.ChoiceField(required=False)
    style = forms.ChoiceField(required=False, choices=[(style.key, style.title) for style in STYLES])
    setting = forms.CharField(required=False, max_length=200)
    details = forms.CharField(required=False, max_length=1000)
    aspect = forms.ChoiceField(required=False, choices=[(name, name) for name in ASPECTS], label="Format")
    lead_minutes = forms.TypedChoiceField(required=False, choices=LEADS, coerce=int, empty_value=60, label="Begin")

    def __init__(self, data: QueryDict, *, people: Sequence[Persona], channels: Sequence[Channel]) -> None:
        super().__init__(data)
        self.people, self.all_channels = people, channels
        self.persona_row = next((row for row in people if str(row.pk) == data.get("persona")), people[0])
        self.fields["persona"].choices = [(str(row.pk), row.name) for row in people]
        can = looks_for(kind_of(self.persona_row))
        groups = ((title, [pair for pair in looks if pair[0] in can]) for title, looks in look_choices())
        self.fields["look"].choices = [(title, looks) for title, looks in groups if looks]
        self.fields["context"].label = "What is going on"
        self.fields["direction"].label = "How it is filmed"
        self.chosen_media = self._read_media()

    @cached_property
    def format(self) -> str:
        """What the chosen media make of it."""
        return Post.Format.STORY if self.data.get("kind") == "story" else format_of(self.chosen_media)

    @cached_property
    def channel_forms(self) -> list[ChannelForm]:
        """One for each chosen channel."""
        chosen = set(self.data.getlist("channel"))
        rows = [row for row in self.all_channels if str(row.pk) in chosen]
        has_video = any(one.asset.is_video for one in self.chosen_media)
        return [ChannelForm(self.data, channel=row, format=self.format, has_video=has_video) for row in rows]

    @property
    def offered_channels(self) -> list[Channel]:
        """Those of the persona or of nobody, and whatever is chosen."""
        chosen, persona = set(self.data.getlist("channel")), self.persona_row.pk
        return [row for row in self.all_channels if row.persona_id in (None, persona) or str(row.pk) in chosen]

    @property
    def chosen_channels(self) -> set[int]:
        return {form.channel.pk for form in self.channel_forms}

    @property
    def is_blank(self) -> bool:
        """Neither words nor pictures are in it, and none are to be made."""
        return not self.chosen_media and not any(self[name].value() for name in (*TEXTS, "hashtags", "make"))

    @property
    def title_places(self) -> list[str]:
        """Chosen platforms that show the title."""
        names = [form.channel.get_platform_display() for form in self.channel_forms if form.rules and form.rules.title]
        return list(dict.fromkeys(names))

    def clean_hashtags(self) -> list[str]:
        """Words with or without #."""
        try:
            return clean_hashtags(re.split(r"[\s,;]+", self.cleaned_data["hashtags"].replace("#", " #")))
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error

    def all_valid(self) -> bool:
        """Whether everything that was sent can be used as it is."""
        return all([self.is_valid(), *(form.is_valid() for form in self.channel_forms)])

    def choices(self, *, by: User, now: datetime, before: Post | None) -> dict[str, Any]:
        """The arguments of create_post and update_post; a field that is wrong is left as it was."""
        self.all_valid()
        given = self.cleaned_data
        values: dict[str, Any] = {name: given[name] for name in TEXTS if name in given}
        values |= {"persona": self.persona_row, "format": self.format, "media": self.chosen_media}
        for name in ("hashtags", "regions"):
            if name in given:
                values[name] = list(given[name])
        if given.get("partnership"):
            values["partnership"] = given["partnership"]
        values["lead_minutes"] = given.get("lead_minutes") or 60
        values["recipe"] = self._recipe(given)
        if not {"starts_local", "tzid", "until", "count", "every", "days"} & set(self.errors):
            values |= self.times()
        options = {one.channel.pk: one.options for one in targets_of(before)} if before else {}
        values["targets"] = [
            form.choice(by, now, options.get(form.channel.pk, {})) for form in self.channel_forms
        ]  # one that is wrong keeps what can be used of it
        return values

    def _recipe(self, given: dict) -> dict[str, Any]:
        if not given.get("make") or self.chosen_media:
            return {}
        recipe = {name: given[name] for name in RECIPE if given.get(name)}
        recipe.setdefault("look", next(iter(looks_for(kind_of(self.persona_row)))))
        return recipe | {"count": 1}

    def _read_media(self) -> list[MediaChoice]:
        """`media` holds i<item> and a<asset> in their order; `pick` those to be added, `out` and moves by `command`."""
        tokens = _moved(self._tokens(), self.data.get("command", ""))
        items = self._rows(ContentItem.objects.select_related("asset").exclude(asset=None), tokens, "i")
        assets = self._rows(Asset.objects.filter(mime__startswith="video/"), tokens, "a")
        found = []
        for token in tokens:
            row = (items if token[:1] == "i" else assets).get(read_key(token[1:]) or 0)
            if row is None:
                continue
            alt = self.data.get(f"alt-{token}", "")
            item = row if isinstance(row, ContentItem) else None
            found.append(MediaChoice(item.asset if item else row, item, alt))
        return found

    def _tokens(self) -> list[str]:
        """What is in the post; the ticks of the gallery say which of the pictures it shows are in, and which not."""
        tokens = self.data.getlist("media")
        if self.data.get("command") == "add":
            ticked = self.data.getlist("pick")
            unticked = set(self.data.getlist("pick_seen")) - set(ticked)
            tokens = [*(token for token in tokens if token not in unticked), *ticked]
        return list(dict.fromkeys(tokens))

    def _rows(self, rows, tokens: list[str], kind: str) -> dict[int, Any]:
        keys = [key for token in tokens if token[:1] == kind and (key := read_key(token[1:]))]
        return rows.filter(workspace=self.persona_row.workspace_id).in_bulk(keys) if keys else {}


def token_of(choice: MediaChoice) -> str:
    """How the form names one picture or video."""
    return f"i{choice.item.pk}" if choice.item else f"a{choice.asset.pk}"


def post_values(post: Post) -> QueryDict:
    """A stored post as the form's values."""
    values: dict[str, Any] = {name: getattr(post, name) for name in (*TEXTS, "partnership", "lead_minutes", "tzid")}
    if values["title"] == title_for("", post.caption, post.persona.name):
        values["title"] = ""
    values |= {"persona": post.persona_id, "kind": "story" if post.format == Post.Format.STORY else "post"}
    values["hashtags"] = " ".join(f"#{tag}" for tag in post.hashtags)
    values["starts_local"] = post.starts_local.strftime("%Y-%m-%dT%H:%M") if post.starts_local else ""
    values["when"] = "series" if post.rrule else "at" if post.starts_local else "later"
    values |= {name: post.recipe[name] for name in RECIPE if name in post.recipe}
    values |= {"make": "on"} if post.recipe else {}
    lists: dict[str, Any] = rule_values(post.rrule, post.starts_local) | {"regions": post.regions}
    media, targets = media_of(post), targets_of(post)
    lists["media"] = [token_of(one) for one in media]
    values |= {f"alt-{token_of(one)}": one.alt_text for one in media}
    lists["channel"] = [one.channel.pk for one in targets]
    for one in targets:
        values |= options_values(one.channel, one)
    return as_data(values | lists)


def new_values(
    *, persona: Persona, channels: Sequence[Channel], items: Sequence[ContentItem], tzid: str, given: dict[str, str]
) -> QueryDict:
    """What a new post starts with: the persona's channels, and what the address asked for."""
    format = Post.Format.STORY if given.get("format") == "story" else Post.Format.IMAGE
    format = Post.Format.VIDEO if given.get("format") == "video" else format
    active = (row for row in channels if row.persona_id == persona.pk and row.status == Channel.Status.ACTIVE)
    own = [row for row in active if format in capabilities_of(row).formats]
    values: dict[str, Any] = {"persona": persona.pk, "tzid": tzid, "every": 1, "repeat": "weekly", "ends": "never"}
    values |= {"when": "at" if given.get("at") else "later", "starts_local": given.get("at", "")}
    values |= {"kind": "story" if given.get("format") == "story" else "post"}
    for row in own:
        values |= options_values(row, None)
    return as_data(values | {"channel": [row.pk for row in own], "media": [f"i{item.pk}" for item in items]})


def with_new_channels(data: QueryDict, channels: Sequence[Channel]) -> QueryDict:
    """The data, with the usual choices of channels that were ticked just now."""
    data = data.copy()
    shown, chosen = set(data.getlist("shown_channel")), set(data.getlist("channel"))
    for row in channels:
        if str(row.pk) in chosen - shown:
            for name, value in options_values(row, None).items():
                data.setdefault(name, value)
    return data


def as_data(values: dict[str, Any]) -> QueryDict:
    """Values as a browser would send them."""
    data = QueryDict(mutable=True)
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    data.update(MultiValueDict({name: [str(one) for one in value] for name, value in lists.items()}))
    return data


def _moved(tokens: list[str], command: str) -> list[str]:
    """After a button of one picture was pressed: up:i1, down:i1, out:i1."""
    what, _, token = command.partition(":")
    if token not in tokens:
        return tokens
    at = tokens.index(token)
    if what == "out":
        return [one for one in tokens if one != token]
    to = {"up": at - 1, "down": at + 1}.get(what, at)
    if 0 <= to < len(tokens):
        tokens.insert(to, tokens.pop(at))
    return tokens
