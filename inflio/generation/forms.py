"""Forms of the engines' page."""

from django import forms


class KeyForm(forms.Form):
    """A provider's key; what was typed is never sent back to the page."""

    key = forms.CharField(
        label="Key",
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False),
    )

    def __init__(self, *args, provider: str, **kwargs) -> None:
        super().__init__(*args, auto_id=f"id_{provider}_%s", **kwargs)
