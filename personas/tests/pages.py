"""Addresses and answers of persona pages, for their tests."""

from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personas.models import Persona

OURS = ('FROM "personas_', 'FROM "generation_', 'FROM "media_')
HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, persona: Persona, *more) -> str:
    """The address of a page or an action of one persona."""
    return reverse(f"personas:{name}", args=[persona.pk, *more])


def said(response) -> str:
    """What the next page will tell the user."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def own_queries(client, url: str) -> int:
    """Queries over the tables of personas, jobs and files that the page makes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return sum(any(table in query["sql"] for table in OURS) for query in captured)
