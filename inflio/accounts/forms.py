"""Forms of users, workspaces and members."""

from django import forms
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from inflio.accounts import services
from inflio.accounts.models import Level, User
from inflio.accounts.zones import zone_names

ZONE_WRONG = "Choose a time zone from the list, such as Europe/Paris."


class ZoneInput(forms.TextInput):
    """A text field that offers every time zone while one types."""

    def render(self, name, value, attrs=None, renderer=None) -> str:
        attrs = {"list": "time-zones", "autocomplete": "off", "spellcheck": "false", **(attrs or {})}
        options = format_html_join("", '<option value="{}">', ((zone,) for zone in zone_names()))
        return format_html(
            '{}<datalist id="time-zones">{}</datalist>', super().render(name, value, attrs, renderer), options
        )


class TimeZoneField(forms.CharField):
    """The name of an IANA zone; spaces and capitals do not matter."""

    widget = ZoneInput

    def clean(self, value) -> str:
        given = super().clean(value).replace(" ", "_").casefold()
        for zone in zone_names():
            if zone.casefold() == given:
                return zone
        raise forms.ValidationError(ZONE_WRONG, code="time_zone")


class ApiKeyForm(forms.Form):
    """What a new API key is for."""

    name = forms.CharField(
        label="What is it for?", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class SignupDetails(forms.Form):
    """What sign-up asks besides e-mail and password; allauth builds its forms on this class."""

    field_order = ("email", "password1", "name", "role", "workspace_name", "time_zone")

    name = forms.CharField(
        label="Your name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    role = forms.ChoiceField(
        label="What brings you here?",
        choices=User.Role.choices,
        initial=User.Role.CONSUMER,
        widget=forms.RadioSelect,
    )
    workspace_name = forms.CharField(
        label="Name of the business",
        max_length=services.WORKSPACE_NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    def clean_time_zone(self) -> str:
        """What the browser says, or UTC."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in zone_names() else "UTC"

    def clean(self) -> dict:
        data = super().clean()
        if data.get("role") == User.Role.BUSINESS and not data.get("workspace_name", "").strip():
            self.add_error("workspace_name", "Write the name of the business.")
        return data

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the details and open the workspace."""
        data = self.cleaned_data
        role = data["role"]
        services.update_profile(user=user, name=data["name"] or user.name, role=role, time_zone=data["time_zone"])
        name = data["workspace_name"] if role == User.Role.BUSINESS else ""
        services.create_workspace(owner=user, name=name, kind=role)


class ProfileForm(forms.Form):
    """What users say about themselves."""

    name = forms.CharField(
        label="Name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = TimeZoneField(label="Time zone", help_text="Times are shown in this zone. Type a city to find yours.")
    role = forms.ChoiceField(
        label="Role",
        choices=User.Role.choices,
        widget=forms.RadioSelect,
        help_text="A business has members and may own several workspaces.",
    )


class WorkspaceNameForm(forms.Form):
    """The name of a new or present workspace."""

    name = forms.CharField(label="Name of the workspace", max_length=services.WORKSPACE_NAME_LENGTH)


class InviteForm(forms.Form):
    """Whom to invite, and what they may do."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    level = forms.TypedChoiceField(label="Role", coerce=int, initial=Level.EDITOR)

    def __init__(self, *args, highest: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(value, label) for value, label in Level.choices if value <= highest]


class LevelForm(forms.Form):
    """A member's new role."""

    level = forms.TypedChoiceField(choices=Level.choices, coerce=int)


class DeleteAccountForm(forms.Form):
    """The user's own address, typed, so that nobody deletes everything by a slip."""

    email = forms.CharField(
        label="Type your e-mail address to confirm", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if email != self.user.email.lower():
            raise forms.ValidationError(f"This is not {self.user.email}.")
        return email
