"""Forms of reviews: a link for a client, and who approves in a workspace."""

from typing import Any

from django import forms

from scheduling.models import SchedulingSettings
from scheduling.queries.posts import shown_state


class LinkForm(forms.Form):
    """Who gets a link, and for which posts."""

    name = forms.CharField(max_length=120, label="Client's name")
    email = forms.EmailField(required=False, label="E-mail", help_text="The link is sent there; else hand it over")
    posts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Posts to show")

    def __init__(self, *args, posts, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(post.pk): post for post in posts}
        self.fields["posts"].choices = [(key, _title(post)) for key, post in self.rows.items()]
        self.fields["posts"].error_messages["required"] = "Choose at least one post."

    @property
    def order(self) -> dict[str, Any]:
        """The arguments of create_link, for a valid form."""
        return self.cleaned_data | {"posts": [self.rows[key] for key in self.cleaned_data["posts"]]}


class PostingForm(forms.ModelForm):
    """A workspace's rules for posting."""

    class Meta:
        model = SchedulingSettings
        fields = ("approval", "grace_minutes")
        widgets = {"approval": forms.RadioSelect}
        labels = {"approval": "Before a post goes out", "grace_minutes": "How late a post may still go out, in minutes"}
        help_texts = {"grace_minutes": "Later than this it is marked as missed and not sent by itself."}


def _title(post) -> str:
    day = f" · {post.starts_local:%-d %b, %H:%M}" if post.starts_local else ""
    return f"{post} · {shown_state(post).label}{day}"
