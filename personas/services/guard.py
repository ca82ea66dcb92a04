"""The last question before any job of a persona is paid for, whoever asks for it: the page of jobs asks here too."""

from django.db import transaction

from inflio.accounts.models import Workspace
from personas import queries
from personas.models import Persona
from personas.services.analysis import refuse_without_consent
from personas.services.outside import refuse_outside
from personas.services.personas import refuse_archived
from personas.services.portraits import refuse_unready


@transaction.atomic
def refuse_job(*, workspace: Workspace, subject: str, kind: str, engine: str) -> None:
    """Raise Conflict when no such job may be made of the persona now; other subjects, and deleted personas, pass.

    The persona stays locked until the job is written down, so that whoever withdraws or stops finds and cancels it.
    """
    row = queries.persona_of_subject(workspace, subject)
    if row is None:
        return
    persona = Persona.objects.locked(row)
    if kind == "analysis":  # makes a persona ready
        refuse_archived(persona)
        refuse_without_consent(persona)
        refuse_outside(persona, engine)
    else:
        refuse_unready(persona, engine=engine)
