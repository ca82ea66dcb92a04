"""What can be done with personas; pages, commands, the admin and the queue all call these."""

from personas.services.analysis import cancel_analysis, finish_analysis, start_analysis
from personas.services.consent import declare_consent, withdraw_consent
from personas.services.duplicate import duplicate_persona
from personas.services.erasure import close_erasure, erase_trained_models, run_erasure
from personas.services.guard import refuse_job
from personas.services.illustrated import draw_persona
from personas.services.outside import allow_outside_engines, refuse_outside, stop_outside_engines
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
    refuse_unready,
    regenerate_portrait,
    request_portraits,
    retry_portrait,
    set_avatar,
)
from personas.services.training import (
    cancel_training,
    finish_training,
    retry_training,
    train_model,
    training_obstacle,
)

__all__ = [
    "add_photo",
    "allow_outside_engines",
    "archive_persona",
    "cancel_analysis",
    "cancel_portrait",
    "cancel_training",
    "choose_picture",
    "close_erasure",
    "create_persona",
    "declare_consent",
    "delete_persona",
    "draw_persona",
    "duplicate_persona",
    "erase_trained_models",
    "finish_analysis",
    "finish_portrait",
    "finish_training",
    "refuse_job",
    "refuse_outside",
    "refuse_unready",
    "regenerate_portrait",
    "remove_photo",
    "request_portraits",
    "restore_persona",
    "retry_portrait",
    "retry_training",
    "run_erasure",
    "set_avatar",
    "start_analysis",
    "stop_outside_engines",
    "train_model",
    "training_obstacle",
    "update_persona",
    "withdraw_consent",
]
