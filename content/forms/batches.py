"""What a batch is made of: the grid's choices, or a CSV file."""

import secrets

from django import forms

from content.batches.csv_plan import CsvPlan, read_csv
from content.batches.orders import MAX_COUNT, MAX_SEEDS, SEEDS, Order, make_grid
from content.categories import look_choices
from content.engines import kind_of, places_of, refused_personas
from content.models import ASPECTS
from content.styles import STYLES
from inflio.common.errors import InvalidInput
from inflio.generation.engines import engine_title, get_engine
from personas.models import Persona

CSV_BYTES = 1_000_000
SEED_BITS = 30


def style_choices() -> list[tuple[str, str]]:
    """(key, title) of each style."""
    return [(style.key, style.title) for style in STYLES]


class BatchForm(forms.Form):
    """A grid: every chosen persona in every chosen look and style, with one or several seeds."""

    name = forms.CharField(max_length=80, required=False, help_text="To find it again; empty takes a plain one.")
    personas = forms.ModelMultipleChoiceField(
        queryset=Persona.objects.none(), widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose one."}
    )
    looks = forms.MultipleChoiceField(
        choices=look_choices, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )
    styles = forms.MultipleChoiceField(
        choices=style_choices, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one."}
    )
    seeds = forms.IntegerField(
        label="Versions of each",
        min_value=1,
        max_value=MAX_SEEDS,
        initial=1,
        help_text="Each version has its own seed.",
    )
    count = forms.IntegerField(label="Pictures of each version", min_value=1, max_value=MAX_COUNT, initial=2)
    aspect = forms.ChoiceField(label="Format", choices=[(aspect, aspect) for aspect in ASPECTS], initial="4:5")
    first_seed = forms.IntegerField(
        label="First seed", min_value=0, max_value=SEEDS - 1, required=False, help_text="Empty draws one."
    )
    details = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In words, for engines that read them.",
    )
    engine = forms.ChoiceField()

    def __init__(self, *args, personas, engines: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personas"].queryset = personas
        self.fields["engine"].choices = engines

    def clean(self) -> dict:
        """Refuse an engine whose company may not get the photos of one of the personas."""
        data = super().clean()
        if "engine" in data and (people := refused_personas(data["engine"], data.get("personas", ()))):
            self.add_error("engine", _refusal(people, data["engine"]))
        return data

    def orders(self) -> list[Order]:
        """The orders of a valid form."""
        data = self.cleaned_data
        return make_grid(
            personas=[persona.pk for persona in data["personas"]],
            looks=data["looks"],
            styles=data["styles"],
            first_seed=_seed(data["first_seed"]),
            seeds=data["seeds"],
            count=data["count"],
            aspect=data["aspect"],
            details=data["details"],
            engine=data["engine"],
        )

    def plan(self) -> dict:
        """The choices as JSON, to fill the form again."""
        data = self.cleaned_data
        return {**data, "personas": [persona.pk for persona in data["personas"]]}


class BatchFileForm(forms.Form):
    """A CSV file with a row for each shoot."""

    name = forms.CharField(max_length=80, required=False, help_text="Empty takes the file's name.")
    file = forms.FileField(
        label="CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file.", "empty": "The file is empty."},
    )
    engine = forms.ChoiceField()

    def __init__(self, *args, personas, engines: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._personas = personas
        self.fields["engine"].choices = engines

    def clean_file(self):
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > CSV_BYTES:
            raise forms.ValidationError("The file is larger than 1 MB. Split it into several.")
        return file

    def clean(self) -> dict:
        """Read the file; all its faults are shown together."""
        data = super().clean()
        if "file" not in data or "engine" not in data:
            return data
        try:
            self.read = self._read(data["file"].read(), data["engine"])
        except InvalidInput as error:
            self.add_error("file", error.message)
            return data
        for fault in self.read.faults[:20]:
            self.add_error("file", fault)
        if len(self.read.faults) > 20:
            self.add_error("file", f"… and {len(self.read.faults) - 20} more.")
        wanted = {order.persona_id for order in self.read.orders}
        named = [persona for persona in self._personas if persona.pk in wanted]
        if people := refused_personas(data["engine"], named):
            self.add_error("engine", _refusal(people, data["engine"]))
        return data

    def orders(self) -> list[Order]:
        """The orders of a valid form."""
        return self.read.orders

    def plan(self) -> dict:
        """What is remembered of it."""
        return {"file": self.cleaned_data["file"].name[:120]}

    def _read(self, data: bytes, engine: str) -> CsvPlan:
        maker, people = get_engine(engine), {persona.pk: persona for persona in self._personas}
        return read_csv(
            data,
            personas=_names(self._personas),
            styles={style.key: style.title for style in STYLES},
            aspects=ASPECTS,
            places=lambda persona, look: dict(places_of(maker, kind_of(people[persona]), look)),
            engine=engine,
            first_seed=_seed(None),
        )


def _refusal(people: list[Persona], engine: str) -> str:
    names = ", ".join(persona.name for persona in people)
    return (
        f"{engine_title(engine)} is another company's, and the consent does not let these photos be sent there: "
        f"{names}. It can be allowed on the persona's page, under Consent."
    )


def _names(personas) -> dict[str, int]:
    """Names and ids as text; a name that two personas share leads to neither."""
    by_name: dict[str, int | None] = {}
    for persona in personas:
        name = persona.name.lower()
        by_name[name] = None if name in by_name else persona.pk
    unique = {name: pk for name, pk in by_name.items() if pk}
    return unique | {str(persona.pk): persona.pk for persona in personas}


def _seed(given: int | None) -> int:
    return secrets.randbits(SEED_BITS) if given is None else given
