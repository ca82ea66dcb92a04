"""What clients send, checked before anything is done with it."""

from datetime import date, datetime, timedelta

from django.http import QueryDict
from rest_framework import serializers

from inflio.common.errors import InvalidInput
from inflio.common.params import read_key
from scheduling.forms.channel_options import ALL_SWITCHES, LONGEST_FILM
from scheduling.models import Post
from scheduling.recurrence import YEARS
from scheduling.services.composing.parts import MOST_MEDIA

LONGEST_WINDOW = timedelta(days=92)
MOST_COVER_MS = LONGEST_FILM * 1000


class WallTimeField(serializers.Field):
    """A wall-clock time without an offset, such as 2026-11-22T09:30."""

    default_error_messages = {
        "wrong": "Write wall time such as 2026-11-22T09:30, without an offset; the zone goes into tz."
    }

    def to_internal_value(self, data) -> datetime:
        try:
            moment = datetime.fromisoformat(data)
        except (TypeError, ValueError):
            self.fail("wrong")
        if moment.tzinfo is not None:
            self.fail("wrong")
        return moment.replace(second=0, microsecond=0)

    def to_representation(self, value: datetime) -> str:
        return value.isoformat(timespec="minutes")


class OptionsInput(serializers.Serializer):
    """What only some platforms ask, as the composer stores it. An unknown name would be a choice that nobody makes."""

    privacy_level = serializers.CharField(required=False, allow_blank=True, max_length=40)
    collaborators = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=3)
    category = serializers.CharField(required=False, max_length=10)
    tags = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=50)
    cover_index = serializers.IntegerField(required=False, min_value=0, max_value=MOST_MEDIA - 1)

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {name: serializers.BooleanField(required=False) for name in ALL_SWITCHES}

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: "There is no such option." for name in unknown})
        return super().to_internal_value(data)


class TargetInput(serializers.Serializer):
    """One channel, with what differs there."""

    channel = serializers.IntegerField()
    caption = serializers.CharField(required=False, default="", allow_blank=True, max_length=5000)
    first_comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    crop = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)
    cover_ms = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=MOST_COVER_MS
    )
    options = OptionsInput(required=False, default=dict)


class ScheduleInput(serializers.Serializer):
    """A post and when it goes out: `at` with `tz`, or `slot`; neither with `draft`."""

    persona = serializers.IntegerField()
    items = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=35)
    alt_texts = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=1000), required=False, default=list
    )
    channels = TargetInput(many=True)
    title = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    caption = serializers.CharField(required=False, default="", allow_blank=True, max_length=5000)
    hashtags = serializers.ListField(child=serializers.CharField(max_length=101), required=False, default=list)
    link = serializers.URLField(required=False, default="", allow_blank=True, max_length=500)
    format = serializers.ChoiceField(Post.Format.choices, required=False)
    at = WallTimeField(required=False, default=None)
    tz = serializers.CharField(required=False, max_length=64)
    rrule = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    slot = serializers.BooleanField(required=False, default=False)
    draft = serializers.BooleanField(required=False, default=False)
    partnership = serializers.ChoiceField(Post.Partnership.choices, required=False, default=Post.Partnership.NONE)
    sponsor_name = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    regions = serializers.ListField(child=serializers.CharField(max_length=20), required=False, default=list)

    def to_internal_value(self, data):
        """Channels may be plain ids."""
        if isinstance(data, dict) and not isinstance(data, QueryDict) and isinstance(data.get("channels"), list):
            given = [{"channel": one} if isinstance(one, int) else one for one in data["channels"]]
            data = {**data, "channels": given}
        return super().to_internal_value(data)

    def validate(self, attrs):
        if not attrs["channels"]:
            raise serializers.ValidationError({"channels": "Name at least one channel."})
        if attrs["slot"] and (attrs["at"] or attrs["rrule"]):
            raise serializers.ValidationError({"slot": "Send either a slot or a time of its own."})
        if not (attrs["slot"] or attrs["at"] or attrs["draft"]):
            raise serializers.ValidationError({"at": "Say when: at (with tz), or slot, or keep it as a draft."})
        return attrs


def day_of(params: QueryDict, name: str) -> date:
    """A day of the query, such as from=2026-11-01; raises InvalidInput."""
    try:
        day = date.fromisoformat(params.get(name, ""))
    except ValueError as error:
        raise InvalidInput(f"Send {name} as a day such as 2026-11-01.", code="day") from error
    if not YEARS[0] <= day.year < YEARS[1]:
        raise InvalidInput(f"Send {name} as a day of the years {YEARS[0]} to {YEARS[1] - 1}.", code="day")
    return day


def number_of(params: QueryDict, name: str) -> int | None:
    """A whole number of the query, None when it is not there; raises InvalidInput."""
    given = params.get(name, "")
    if not given:
        return None
    if (number := read_key(given)) is None:
        raise InvalidInput(f"Send {name} as a whole number.", code="number")
    return number
