"""Judge what a cloud engine made before it is kept."""

from inflio.generation.engines.base import Output
from inflio.generation.models import Job
from inflio.safety.services import Unsafe, check_output, keep_refusals


def unsafe_reason(job: Job, output: Output) -> str | None:
    """Why this output may not be kept, as a sentence, or None; a refusal is logged for review."""
    with keep_refusals():
        try:
            check_output(workspace=job.workspace, user=job.created_by, data=output.data)
        except Unsafe as error:
            return error.message
    return None
