"""What can be done with personas; pages, commands, the admin and the queue all call these."""

from personas.services.analysis import cancel_analysis, finish_analysis, start_analysis
from personas.services.consent import declare_consent, withdraw_consent
from personas.services.duplicate import duplicate_persona
from personas.services.illustrated import draw_persona
from personas.services.personas import (
    archive_persona,
    create_persona,
    delete_persona,
    restore_persona,
    update_persona,
)
from personas.services.photos import add_photo, remove_photo
from personas.services.portraits import (
    cancel_portrait,
    choose_picture,
    finish_portrait,
    regenerate_portrait,
    request_portraits,
    retry_portrait,
    set_avatar,
)

__all__ = [
    "add_photo",
    "archive_persona",
    "cancel_analysis",
    "cancel_portrait",
    "choose_picture",
    "create_persona",
    "declare_consent",
    "delete_persona",
    "draw_persona",
    "duplicate_persona",
    "finish_analysis",
    "finish_portrait",
    "regenerate_portrait",
    "remove_photo",
    "request_portraits",
    "restore_persona",
    "retry_portrait",
    "set_avatar",
    "start_analysis",
    "update_persona",
    "withdraw_consent",
]
