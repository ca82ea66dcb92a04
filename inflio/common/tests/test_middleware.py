"""NUL is taken out of what browsers send, before any view sees it; what is signed stays as it was sent."""

import pytest
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from inflio.common.middleware import NulMiddleware


def view(request):
    """A page of ours."""


def seen_by(view, request):
    """The request as the view gets it."""
    NulMiddleware(view).process_view(request, view, (), {})
    return request


def test_nul_is_taken_out_of_forms_and_addresses():
    request = RequestFactory().post("/?state=%00.x&q=a&q=%00", {"note": "a\0b", "tag": ["one", "t\0wo"]})
    seen = seen_by(view, request)
    assert dict(seen.GET.lists()) == {"state": [".x"], "q": ["a", ""]}
    assert dict(seen.POST.lists()) == {"note": ["ab"], "tag": ["one", "two"]}


def test_files_stay_beside_a_cleaned_form(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"\0\1\0")
    with path.open("rb") as file:
        seen = seen_by(view, RequestFactory().post("/", {"note": "a\0b", "file": file}))
    assert seen.POST["note"] == "ab"
    assert seen.FILES["file"].read() == b"\0\1\0"


@pytest.mark.parametrize("sent", [b"a=%00", b'{"a": "\\u0000"}', b"\0"])
def test_body_of_a_webhook_is_not_even_read(sent):
    request = RequestFactory().post("/hook", sent, content_type="application/x-www-form-urlencoded")
    seen = seen_by(csrf_exempt(view), request)
    assert not hasattr(seen, "_post")
    assert seen.body == sent


def test_ordinary_form_is_left_as_it_is():
    request = RequestFactory().post("/?a=1", {"note": "words"})
    given = request.GET, request.POST
    seen = seen_by(view, request)
    assert seen.GET is given[0]
    assert seen.POST is given[1]
