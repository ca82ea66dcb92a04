"""What users write about a persona, and how it is checked."""

from django import forms

from personas.consent_text import outside_text
from personas.limits import THRESHOLD_HIGHEST, THRESHOLD_LOWEST
from personas.models import Consent, Persona
from personas.queries import company_titles
from personas.services.personas import NAME_LENGTH

DESCRIPTION_LENGTH = 2000
ATTRIBUTES = ("age", "style", "personality", "tone", "niche", "language", "location")


class NewPersonaForm(forms.Form):
    """The first step: a name, and a description where there are no photos."""

    look = forms.ChoiceField(choices=Persona.Look.choices, widget=forms.HiddenInput)
    name = forms.CharField(max_length=NAME_LENGTH, help_text="You can change it at any time.")
    description = forms.CharField(
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Hair, face, glasses, clothes, mood: what you write is what is drawn.",
    )

    def __init__(self, *args, look: str, **kwargs) -> None:
        super().__init__(*args, initial={"look": look}, **kwargs)
        if look == Persona.Look.ILLUSTRATED:
            self.fields["description"].required = True
        else:
            del self.fields["description"]


class CharacterForm(forms.Form):
    """Everything about a persona that its user decides."""

    name = forms.CharField(max_length=NAME_LENGTH)
    description = forms.CharField(
        max_length=DESCRIPTION_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    age = forms.IntegerField(min_value=18, max_value=120, required=False, help_text="18 or older.")
    style = forms.CharField(max_length=120, required=False, help_text="Such as minimal, elegant, sporty.")
    personality = forms.CharField(max_length=200, required=False, help_text="Such as curious, calm, a dry wit.")
    tone = forms.CharField(max_length=120, required=False, help_text="How the persona speaks: warm, precise, playful.")
    niche = forms.CharField(max_length=120, required=False, help_text="What the persona is about: space, cooking.")
    language = forms.CharField(max_length=60, required=False, help_text="Of captions and scripts.")
    location = forms.CharField(max_length=120, required=False, help_text="Where the persona lives.")
    identity_threshold = forms.FloatField(
        label="Least likeness",
        min_value=THRESHOLD_LOWEST,
        max_value=THRESHOLD_HIGHEST,
        widget=forms.NumberInput(attrs={"type": "range", "step": "0.01"}),
        help_text="A portrait measured below this is made again by itself, at no charge. 0.85 suits most faces.",
    )

    def __init__(self, *args, persona: Persona, **kwargs) -> None:
        known = {key: persona.attributes.get(key) for key in ATTRIBUTES}
        start = {"name": persona.name, "description": persona.description, **known}
        super().__init__(*args, initial={**start, "identity_threshold": persona.identity_threshold}, **kwargs)
        if persona.look == Persona.Look.ILLUSTRATED:
            del self.fields["identity_threshold"]

    def attributes(self) -> dict:
        """The filled-in attributes, for Persona.attributes."""
        return {key: self.cleaned_data[key] for key in ATTRIBUTES if self.cleaned_data[key] not in {None, ""}}


class ConsentForm(forms.Form):
    """Whose face it is, and the declaration that it may be used."""

    face = forms.ChoiceField(
        label="Whose face is it?",
        choices=[choice for choice in Consent.Face.choices if choice[0] != Consent.Face.SAMPLE],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whose face it is."},
    )
    person_name = forms.CharField(
        label="Name of the person",
        max_length=120,
        error_messages={"required": "Write the name of the person who gave you the permission."},
    )
    permission = forms.BooleanField(
        label="I have this person's permission in writing",
        error_messages={"required": "You need this person's written permission."},
    )
    declared = forms.BooleanField(
        label="I declare this, and that the person is 18 or older",
        error_messages={"required": "Tick this to declare it. Without consent no photo is analysed."},
    )

    outside = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outside"].label = outside_text(company_titles())
        if self.is_bound and self.data.get("face") != Consent.Face.PERMITTED:  # one's own face needs no permission
            self.fields["person_name"].required = self.fields["permission"].required = False
