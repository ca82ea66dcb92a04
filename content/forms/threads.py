"""What a conversation starts from, and what is said in it."""

from django import forms

from content.models import ASPECTS
from content.services.threads import TEXT_LENGTH
from inflio.media.models import Asset
from personas.models import Persona

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


class StartForm(forms.Form):
    """A picture of the persona, or an upload that shows them."""

    persona = forms.ModelChoiceField(queryset=Persona.objects.none(), widget=forms.HiddenInput)
    asset = forms.ModelChoiceField(queryset=Asset.objects.none(), required=False)
    file = forms.FileField(
        label="Or upload a picture of this person",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text="JPEG, PNG, WebP or HEIC. It is compared with the reference photos first.",
    )
    aspect = forms.ChoiceField(
        label="Format", choices=[(aspect, aspect) for aspect in sorted(ASPECTS, key="16:9".__ne__)], initial="16:9"
    )

    def __init__(self, *args, personas, assets, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persona"].queryset = personas
        self.fields["asset"].queryset = assets

    def clean(self) -> dict:
        given = super().clean()
        if not given.get("asset") and not given.get("file") and not self.errors:
            raise forms.ValidationError("Choose a picture to start from, or upload one.")
        return given


class MessageForm(forms.Form):
    """One message."""

    text = forms.CharField(
        label="What should change?",
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "send"}),
        error_messages={"required": "Say what to change."},
    )
