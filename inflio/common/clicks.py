"""The key that a form carries, so that a double click does its work once."""

from django.http import HttpRequest

CLICK_KEY_LENGTH = 40  # as rows keep it; pages put the row's id behind a key of 32


def click_key(request: HttpRequest) -> str:
    """The form's own key, as a row can keep it: a double click sends the same one twice; "" when it sent none."""
    return request.POST.get("key", "")[:CLICK_KEY_LENGTH]
