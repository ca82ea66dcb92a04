"""A wall-clock time without a zone, kept as text that sorts: 2026-11-21T09:30."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models


class LocalDateTimeField(models.CharField):
    """A naive datetime to the minute. Which moment it means, the row's IANA zone says.

    Django's own DateTimeField would move it to UTC; a wall time must stay what the user typed.
    """

    description = "Wall-clock time to the minute"

    def __init__(self, *args, **kwargs) -> None:
        kwargs["max_length"] = 16
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection) -> datetime | None:
        return datetime.fromisoformat(value) if value else None

    def to_python(self, value) -> datetime | None:
        if value in (None, ""):
            return None
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError as error:
                raise ValidationError("Write a date and a time, such as 2026-11-21 09:30.") from error
        if value.tzinfo is not None:
            raise ValidationError("A wall-clock time has no zone of its own.")
        return value.replace(second=0, microsecond=0)

    def get_prep_value(self, value) -> str | None:
        value = self.to_python(value)
        return None if value is None else value.isoformat(timespec="minutes")

    def value_to_string(self, obj) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs):
        return super(models.CharField, self).formfield(**{"form_class": LocalDateTimeInput, **kwargs})


class LocalDateTimeInput(forms.CharField):
    """Its form field: the browser's own picker of date and time."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value) -> datetime | None:
        value = super().to_python(value)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("Write a date and a time, such as 2026-11-21 09:30.") from error
        if moment.tzinfo is not None:
            raise ValidationError("Write the time as the clock on the wall shows it, without a zone.")
        return moment.replace(second=0, microsecond=0)
