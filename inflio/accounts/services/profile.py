"""What users say about themselves."""

from django.db import transaction

from inflio.accounts.models import User
from inflio.accounts.zones import zone_names
from inflio.common.errors import InvalidInput


@transaction.atomic
def update_profile(*, user: User, name: str, role: str, time_zone: str) -> User:
    """Store name, role and time zone; raises InvalidInput for a zone or role that does not exist."""
    if time_zone not in zone_names():
        raise InvalidInput("Choose a time zone from the list, such as Europe/Paris.", code="time_zone")
    if role not in User.Role.values:
        raise InvalidInput("Choose creator or business.", code="role")
    user.name, user.role, user.time_zone = " ".join(name.split()), role, time_zone
    user.save(update_fields=["name", "role", "time_zone"])
    return user
