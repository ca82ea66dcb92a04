"""The API of this app: check a file's credentials."""

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inflio.common.errors import InvalidInput
from inflio.media.verification import refuse_too_often, verify_file


class VerifyFile(APIView):
    """POST one file as multipart field `file`; public, limited by address, and nothing is stored."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (MultiPartParser,)

    def post(self, request: Request) -> Response:
        """Return Verification.as_dict()."""
        refuse_too_often(request._request)
        file = request.FILES.get("file")
        if file is None:
            raise InvalidInput("Send the file as the multipart field “file”.", code="missing")
        return Response(verify_file(file).as_dict())
