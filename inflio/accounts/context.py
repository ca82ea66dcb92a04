"""What the page shell shows of the current workspace."""

from django.http import HttpRequest


def workspace(request: HttpRequest) -> dict:
    """`workspace`, `membership` and the user's other `memberships` for templates."""
    return {
        "workspace": getattr(request, "workspace", None),
        "membership": getattr(request, "membership", None),
        "memberships": getattr(request, "memberships", ()),
    }
