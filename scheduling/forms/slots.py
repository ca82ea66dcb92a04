"""A weekly time of a persona, as it is typed."""

from django import forms

from inflio.accounts.zones import zone_names

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY, WORKING = "every", "working"
DAYS = {EVERY: range(7), WORKING: range(5)} | {str(day): (day,) for day in range(7)}


class SlotForm(forms.Form):
    """One time on one day of the week, on working days, or on every day."""

    day = forms.ChoiceField(
        choices=[
            (EVERY, "Every day"),
            (WORKING, "Monday to Friday"),
            *((str(n), day) for n, day in enumerate(WEEKDAYS)),
        ]
    )
    time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    tzid = forms.ChoiceField(label="Time zone")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tzid"].choices = [(name, name.replace("_", " ")) for name in zone_names()]

    def times(self) -> list:
        """(weekday, time) pairs of a valid form."""
        return [(day, self.cleaned_data["time"]) for day in DAYS[self.cleaned_data["day"]]]
