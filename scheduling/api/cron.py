"""POST /api/cron/trigger: one turn, called by a cron job outside that has this installation's token."""

from dataclasses import asdict

from django.conf import settings
from django.http import Http404
from django.utils.crypto import constant_time_compare
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inflio.accounts.api import bearer_token
from scheduling.services.publishing.turn import take_turn


class CronTrigger(APIView):
    """Off, like an address that does not exist, while INFLIO_CRON_TOKEN is not set."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """What the turn did; 401 for a wrong token."""
        if not settings.CRON_TOKEN:
            raise Http404
        if not constant_time_compare(bearer_token(request), settings.CRON_TOKEN):
            raise AuthenticationFailed("Send this installation's cron token as a bearer token.")
        return Response(asdict(take_turn(seconds=settings.CRON_SECONDS)))

    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"
