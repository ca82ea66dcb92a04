"""A persona from a description alone: five drawings, asked for with its creation."""

from django.db import transaction

from inflio.accounts.models import User, Workspace
from personas.models import Persona
from personas.services.personas import create_persona
from personas.services.portraits import request_portraits


@transaction.atomic
def draw_persona(*, workspace: Workspace, name: str, description: str, by: User | None, key: str = "") -> Persona:
    """Create an illustrated persona and queue its five pictures; when they cannot be paid, nothing is created."""
    persona = create_persona(
        workspace=workspace, name=name, description=description, look=Persona.Look.ILLUSTRATED, by=by, key=key
    )
    request_portraits(persona=persona, by=by, key=key)
    return persona
