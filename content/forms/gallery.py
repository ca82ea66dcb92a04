"""Forms of the gallery: a board's name."""

from django import forms

from content.services.boards import NAME_LENGTH


class BoardForm(forms.Form):
    """A board's name."""

    name = forms.CharField(label="Name", max_length=NAME_LENGTH)
