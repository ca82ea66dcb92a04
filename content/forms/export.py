"""How pictures go out: where to, which format, how they are cut."""

from django import forms

from content.exports.presets import FORMATS, ORIGINAL, preset_choices
from content.services.exports import CROPS, ExportOptions, check_export
from inflio.common.errors import InvalidInput

QUALITY = 90
LOWEST, HIGHEST = 40, 100


class ExportForm(forms.Form):
    """Checked against the platform's numbers for `count` pictures."""

    preset = forms.ChoiceField(label="For", choices=preset_choices)
    form = forms.ChoiceField(label="Format", choices=list(FORMATS.items()), widget=forms.RadioSelect)
    quality = forms.IntegerField(
        min_value=LOWEST,
        max_value=HIGHEST,
        help_text="40 to 100; 90 cannot be told from the original by eye. PNG always keeps everything.",
    )
    crop = forms.ChoiceField(label="Cut", choices=list(CROPS.items()), widget=forms.RadioSelect)
    captions = forms.BooleanField(
        label="A text file with each picture",
        required=False,
        help_text="Its words, its tags, and the line that says AI.",
    )

    def __init__(self, *args, count: int, **kwargs) -> None:
        given = {"preset": ORIGINAL, "form": "jpeg", "quality": QUALITY, "crop": "face"} | kwargs.pop("initial", {})
        super().__init__(*args, initial=given, **kwargs)
        self._count = count

    def clean(self) -> dict:
        given = super().clean()
        if not self.errors:
            try:
                check_export(count=self._count, options=ExportOptions(**given))
            except InvalidInput as error:
                self.add_error("form" if error.code == "format" else "preset", error.message)
        return given

    def options(self) -> ExportOptions:
        """For a valid form."""
        return ExportOptions(**self.cleaned_data)
