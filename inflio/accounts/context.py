"""What the page shell shows of the current workspace."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from inflio.accounts.queries import unverified_email


def workspace(request: HttpRequest) -> dict:
    """`workspace`, `membership`, the user's `memberships`, and the address that is still to be verified, if any.

    Only a page that names `unverified_email` asks the database for it.
    """
    return {
        "workspace": getattr(request, "workspace", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", ()),
        "unverified_email": SimpleLazyObject(lambda: unverified_email(request.user)),
    }
