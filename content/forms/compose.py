"""The form of the Create page: whatever comes in, it knows what can be chosen now, and what was chosen."""

from collections.abc import Mapping

from django import forms

from content.categories import look_title
from content.engines import EngineOffer, default_engine, engine_offers, kind_of, looks_for
from content.models import ContentItem
from content.prompts import MAX_LENGTH
from content.queries.compose import Offer, build_offer
from content.queries.prompts import suggested_prompt
from content.services.remakes import shown_place
from content.services.shoots import MAX_COUNT, SEEDS
from content.styles import style_title
from inflio.accounts.models import Workspace
from personas.models import Persona

LABELS = {
    "look": "Look",
    "content_type": "Content type",
    "style": "Style",
    "place": "Setting",
    "setting": "Setting",
    "details": "Details",
    "aspect": "Format",
    "seed": "Seed",
    "engine": "Engine",
}
SHOWN_AS = {"look": look_title, "style": style_title}


class ComposeForm(forms.Form):
    """What to make. `offer` is what can be chosen for the persona, engine and look that are chosen now.

    `values` are the choices as the page shows them: what was given where it can be had, else the first that can.
    """

    persona = forms.ChoiceField()
    look = forms.ChoiceField()
    content_type = forms.ChoiceField(required=False)
    style = forms.ChoiceField(required=False)
    place = forms.ChoiceField(required=False, label="Setting")
    setting = forms.CharField(required=False, max_length=200)
    details = forms.CharField(required=False, max_length=1000)
    prompt = forms.CharField(required=False, max_length=MAX_LENGTH)
    suggested = forms.CharField(required=False)
    aspect = forms.ChoiceField(label="Format")
    count = forms.TypedChoiceField(choices=[(n, n) for n in range(1, MAX_COUNT + 1)], coerce=int, label="How many")
    seed = forms.IntegerField(
        required=False, min_value=0, max_value=SEEDS - 1, help_text="Empty for chance. The same seed repeats a picture."
    )
    engine = forms.ChoiceField()

    def __init__(self, data: Mapping[str, str], *, workspace: Workspace, people: list[Persona]) -> None:
        super().__init__(data)
        self.people = people
        self.persona_row = self._find_persona()
        self.kind = kind_of(self.persona_row)
        self.engines = engine_offers(workspace, self.persona_row)
        self.engine_offer = self._find_engine()
        look = self._one_of("look", list(looks_for(self.kind)))
        self.offer: Offer = build_offer(self.persona_row, self.engine_offer, look)
        choices = {
            "persona": [str(person.pk) for person in people],
            "look": list(looks_for(self.kind)),
            "content_type": [option.key for option in self.offer.content_types],
            "style": [option.key for option in self.offer.styles],
            "place": ["", *(option.key for option in self.offer.places)],
            "aspect": list(self.offer.aspects),
            "engine": [offer.name for offer in self.engines if offer.is_ready],
        }
        for name, keys in choices.items():
            self.fields[name].choices = [(key, key) for key in keys]
            self.fields[name].error_messages["invalid_choice"] = "This is not offered here. Choose again."
        self.values = {name: self._one_of(name, keys) for name, keys in choices.items()}
        self.values |= {"look": look, "count": self._one_of("count", ["4", "1", "2", "3"])}
        if not self.offer.takes_seed:
            del self.fields["seed"]
        self.values |= {name: self._text(name) for name in ("setting", "details")}
        self.values["seed"] = self._text("seed") if self.offer.takes_seed else ""
        self.suggestion = self._suggest()
        written = self._text("prompt")
        self.own_prompt = written if self._is_own(written) else ""
        self.values["prompt"] = self.own_prompt or self.suggestion

    @property
    def to_set_up(self) -> list[EngineOffer]:
        """Engines that only lack a key."""
        return [offer for offer in self.engines if offer.needs == "key"]

    @property
    def usual_engine(self) -> str:
        """The engine that is chosen when nobody chooses."""
        return default_engine(self.kind)

    @property
    def order(self) -> dict:
        """The arguments of start_shoot, once the form is valid."""
        given = {name: self.cleaned_data[name] for name in ("look", "place", "setting", "details", "aspect", "count")}
        return given | {
            "persona": self.persona_row,
            "content_type": self.cleaned_data["content_type"] or "portrait",
            "style": self.cleaned_data["style"] or "natural",
            "prompt": self.own_prompt,
            "seed": self.cleaned_data.get("seed"),
            "engine": self.engine_offer.name,
        }

    def clean_content_type(self) -> str:
        """Refuse a type that this persona's photos do not allow, with the engine's reason."""
        chosen = self.cleaned_data["content_type"]
        why_not = next((option.why_not for option in self.offer.content_types if option.key == chosen), "")
        if why_not:
            raise forms.ValidationError(why_not)
        return chosen

    def changes(self, item: ContentItem) -> list[tuple[str, str, str]]:
        """What differs from the recipe of an item: label, before, now."""
        before = recipe_values(item)
        pairs = ((name, before.get(name, ""), str(self.values.get(name, ""))) for name in LABELS)
        return [
            (LABELS[name], SHOWN_AS.get(name, str)(old) or "none", SHOWN_AS.get(name, str)(new) or "by chance")
            for name, old, new in pairs
            if old != new
        ]

    def _find_persona(self) -> Persona:
        wanted = self._text("persona")
        return next((person for person in self.people if str(person.pk) == wanted), self.people[0])

    def _find_engine(self) -> EngineOffer:
        ready = [offer for offer in self.engines if offer.is_ready] or self.engines
        wanted = self._text("engine") or default_engine(self.kind)
        return next((offer for offer in ready if offer.name == wanted), ready[0])

    def _one_of(self, name: str, keys: list[str]) -> str:
        given = self._text(name)
        return given if given in keys else (keys[0] if keys else "")

    def _text(self, name: str) -> str:
        return str(self.data.get(name) or "").strip()

    def _suggest(self) -> str:
        names = ("look", "engine", "content_type", "style", "place", "setting", "details")
        chosen = {name: self.values[name] for name in names if self.values[name]}
        return suggested_prompt(self.persona_row, **chosen)

    def _is_own(self, written: str) -> bool:
        """Written by the creator: it differs from the suggestion that the page showed, and can be used."""
        if not written or not self.offer.reads_prompt or "reset" in self.data:
            return False
        return " ".join(written.split()) != " ".join(self._text("suggested").split())


def recipe_values(item: ContentItem) -> dict[str, str]:
    """The recipe of an item as the form's values, to make it again with one change."""
    shoot = item.shoot
    return {
        "persona": str(shoot.persona_id),
        "look": shoot.look,
        "content_type": shoot.content_type,
        "style": shoot.style,
        "place": shown_place(item),
        "setting": shoot.setting,
        "details": shoot.details,
        "prompt": shoot.prompt,
        "suggested": suggested_prompt(
            shoot.persona,
            look=shoot.look,
            engine=shoot.engine,
            content_type=shoot.content_type,
            style=shoot.style,
            place=shoot.place,
            setting=shoot.setting,
            details=shoot.details,
        ),
        "aspect": shoot.aspect,
        "count": "1",
        "seed": "" if item.seed is None else str(item.seed),
        "engine": shoot.engine,
    }
