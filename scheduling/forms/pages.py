"""The form of a public page: its address, and what it says of its persona."""

from django import forms

from scheduling.services.connecting.pages import ABOUT_LENGTH, SLUG_LENGTHS


class PageForm(forms.Form):
    """Address and a few words."""

    slug = forms.CharField(
        label="Address",
        max_length=SLUG_LENGTHS[1],
        help_text="Letters a-z, digits and hyphens. If you change it later, the old address leads to the new one.",
    )
    about = forms.CharField(
        label="About",
        required=False,
        max_length=ABOUT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence or two that visitors read below the name.",
    )
