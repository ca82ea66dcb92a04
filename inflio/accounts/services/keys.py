"""Personal API keys: made, shown once, looked up by their hash, removed."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inflio.accounts.models import ApiKey, Membership, User, Workspace, token_hash
from inflio.common.errors import Conflict

START = "inflio_"
SHOWN = len(START) + 5
MOST = 20  # of one user in one workspace
NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_api_key(*, user: User, workspace: Workspace, name: str) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never shown again. Raises Conflict when there are too many."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiKey.objects.filter(user=user, workspace=workspace).count() >= MOST:
        raise Conflict(f"You have {MOST} keys here. Remove one that you no longer use.", code="too_many")
    token = START + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        user=user, workspace=workspace, name=name, start=token[:SHOWN], token_hash=token_hash(token)
    )
    return row, token


@transaction.atomic
def remove_api_key(*, key: ApiKey) -> None:
    """Make a key useless; removing it twice is fine."""
    ApiKey.objects.filter(pk=key.pk).delete()


def member_behind(token: str) -> Membership | None:
    """Whose key it is, as a member of its workspace; None for a wrong one, and once the user is no member any more."""
    key = ApiKey.objects.filter(token_hash=token_hash(token), user__is_active=True).first()
    if key is None:
        return None
    now = timezone.now()
    fresh = Q(used_at=None) | Q(used_at__lt=now - NOTED_EVERY)
    ApiKey.objects.filter(fresh, pk=key.pk).update(used_at=now)
    rows = Membership.objects.filter(user=key.user_id, workspace=key.workspace_id)
    return rows.select_related("user", "workspace").first()
