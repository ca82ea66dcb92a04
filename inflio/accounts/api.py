"""How calls of the API say who they are: a personal key, or the session of a browser that is logged in."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from inflio.accounts.models import Level, User
from inflio.accounts.services import member_behind


def bearer_token(request: HttpRequest | Request) -> str:
    """What stands behind “Bearer” in the request's Authorization, "" when there is none."""
    kind, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer inflio_...`; the key decides the workspace, whatever a session says."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        token = bearer_token(request)
        if not token:
            return None
        membership = member_behind(token)
        if membership is None:
            raise AuthenticationFailed("This API key does not work. Make a new one on your profile.")
        inner = request._request
        inner.membership, inner.workspace = membership, membership.workspace
        return membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsMember(BasePermission):
    """A member of the workspace with at least `level`; views set another one as `level`."""

    message = "Your role in this workspace does not allow this."

    def has_permission(self, request: Request, view) -> bool:
        needed = getattr(view, "level", Level.VIEWER)
        membership = getattr(request, "membership", None) if request.user.is_authenticated else None
        return membership is not None and membership.level >= needed


AUTHENTICATION = (ApiKeyAuthentication, SessionAuthentication)
