"""Forms of the gallery: a board's name, and tags as they are typed."""

import re

from django import forms

from content.services.boards import NAME_LENGTH
from content.services.items import TAG_LENGTH, TAGS_AT_ONCE


class BoardForm(forms.Form):
    """A board's name."""

    name = forms.CharField(label="Name", max_length=NAME_LENGTH)


class TagForm(forms.Form):
    """Tags, separated by commas."""

    tags = forms.CharField(
        label="Tags", max_length=TAGS_AT_ONCE * (TAG_LENGTH + 2), help_text="Separated by commas, such as: summer, blue"
    )

    def names(self) -> list[str]:
        """What was typed, one by one; for a valid form."""
        return [name for name in re.split(r"[,;\n]", self.cleaned_data["tags"]) if name.strip()]
