"""Addresses and answers of persona pages, for their tests."""

from django.contrib.messages import get_messages
from django.urls import reverse

from personas.models import Persona

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, persona: Persona, *more) -> str:
    """The address of a page or an action of one persona."""
    return reverse(f"personas:{name}", args=[persona.pk, *more])


def said(response) -> str:
    """What the next page will tell the user."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
