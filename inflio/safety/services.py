"""Refuse words and pictures, write each refusal down so that it stays, and take a person's later decision."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from inflio.accounts.models import User, Workspace
from inflio.common.errors import Conflict, InvalidInput
from inflio.safety.checks import Finding, inspect_picture
from inflio.safety.models import EVIDENCE_LENGTH, Refusal
from inflio.safety.text import judge_text, normalise

log = logging.getLogger(__name__)
REASONS = {
    "sexual": "Inflio makes pictures of real faces, so nothing sexual or undressed is made. Take out “{term}” and try "
    "again; if it is meant differently, ask us to look at it.",
    "minor": "Personas are adults, and “{term}” describes somebody under 18. Change the words; if they are meant "
    "differently, ask us to look at it.",
    "sexual_minor": "This is refused: it joins something sexual with somebody under 18. It was logged for review.",
}


class Unsafe(InvalidInput):
    """Something may not be made or taken. `draft` is what is written down about it."""

    code = "unsafe"

    def __init__(self, draft: "Draft") -> None:
        super().__init__(draft.reason)
        self.draft = draft


@dataclass(frozen=True)
class Draft:
    """A refusal that is not written down yet; ids, since it outlives the transaction that refused."""

    workspace_id: int | None
    user_id: int | None
    stage: str
    category: str
    reason: str
    sha256: str
    evidence: str = ""
    scores: dict = field(default_factory=dict)


_keeper: ContextVar[list[Draft] | None] = ContextVar("refusals", default=None)


@contextmanager
def keep_refusals() -> Iterator[None]:
    """Write refusals of the block down when it ends: by then the transaction that refused has been rolled back."""
    drafts: list[Draft] = []
    before = _keeper.set(drafts)
    try:
        yield
    finally:
        _keeper.reset(before)
        for draft in drafts:
            write_refusal(draft)


def check_prompt(*, workspace: Workspace, user: User | None, text: str, stage: str = Refusal.Stage.PROMPT) -> None:
    """Raise Unsafe for words that ask for something sexual or for somebody under 18, and log the refusal.

    Inside a transaction, which the error will roll back, the log is written by the surrounding keep_refusals (every
    web request has one). The same words pass once a person has overturned their refusal in this workspace.
    """
    objection = judge_text(text)
    if objection is None:
        return
    digest = hashlib.sha256(normalise(text).encode()).hexdigest()
    if objection.category != Refusal.Category.SEXUAL_MINOR and digest in cleared_hashes(workspace=workspace):
        return
    reason = REASONS[objection.category].format(term=objection.term)
    person = user.pk if user is not None else None
    draft = Draft(workspace.pk, person, stage, objection.category, reason, digest, text[:EVIDENCE_LENGTH])
    _log_or_keep(draft)
    raise Unsafe(draft)


def check_output(*, workspace: Workspace, user: User | None, data: bytes) -> None:
    """Raise Unsafe when a picture that an engine made may not be kept, and log the refusal. Only for workers."""
    finding = inspect_picture(data, tuple(settings.SAFETY_CHECKS))
    if finding is None:
        return
    digest = hashlib.sha256(data).hexdigest()
    draft = _draft_of(finding, workspace, user, Refusal.Stage.OUTPUT, digest)
    _log_or_keep(draft)
    raise Unsafe(draft)


def log_upload_refusal(*, workspace: Workspace, user: User | None, finding: Finding, sha256: str) -> None:
    """Write down that an uploaded photo was refused; once, however often it is analysed."""
    known = Refusal.objects.filter(workspace=workspace, stage=Refusal.Stage.UPLOAD, sha256=sha256)
    if not known.filter(category=finding.category).exists():
        write_refusal(_draft_of(finding, workspace, user, Refusal.Stage.UPLOAD, sha256))


def cleared_hashes(*, workspace: Workspace) -> set[str]:
    """Hashes of what was refused in this workspace and then allowed by a person."""
    allowed = Refusal.objects.filter(workspace=workspace, decision=Refusal.Decision.OVERTURNED)
    return set(allowed.values_list("sha256", flat=True))


def write_refusal(draft: Draft) -> Refusal:
    """Insert the row now, in the caller's transaction if there is one."""
    people = User.objects.filter(pk=draft.user_id)
    places = Workspace.objects.filter(pk=draft.workspace_id)
    refusal = Refusal.objects.create(
        workspace=places.first(),  # either may be gone, or never came to be in the transaction that was rolled back
        user=people.first(),
        stage=draft.stage,
        category=draft.category,
        reason=draft.reason[:500],
        evidence=draft.evidence,
        sha256=draft.sha256,
        scores=draft.scores,
    )
    log.warning("refused %s (%s), refusal %s", draft.stage, draft.category, refusal.pk)
    return refusal


@transaction.atomic
def review_refusal(*, refusal: Refusal, by: User, decision: str, note: str = "") -> Refusal:
    """Record a person's decision; raises Conflict when another one has decided already, InvalidInput for no decision.

    An overturned refusal lets the same words or the same file pass in that workspace from now on. What joins
    sexuality and minors can only be upheld here.
    """
    refusal = Refusal.objects.select_for_update().get(pk=refusal.pk)
    if refusal.decision:
        raise Conflict(f"This was {refusal.get_decision_display().lower()} already by {refusal.reviewed_by}.")
    if decision not in {Refusal.Decision.UPHELD, Refusal.Decision.OVERTURNED}:
        raise InvalidInput("Uphold the refusal or overturn it.")
    if decision == Refusal.Decision.OVERTURNED and refusal.category == Refusal.Category.SEXUAL_MINOR:
        raise InvalidInput("What joins sexuality and minors cannot be overturned here; correct the word lists instead.")
    refusal.decision, refusal.note = decision, note[:500]
    refusal.reviewed_by, refusal.reviewed_at = by, timezone.now()
    refusal.save(update_fields=["decision", "note", "reviewed_by", "reviewed_at", "updated_at"])
    return refusal


def _log_or_keep(draft: Draft) -> None:
    if not connection.in_atomic_block:
        write_refusal(draft)
        return
    drafts = _keeper.get()
    if drafts is None:  # a caller without keep_refusals: the server's log is what stays
        log.error("refused %s (%s) for workspace %s: %s", draft.stage, draft.category, draft.workspace_id, draft.sha256)
    else:
        drafts.append(draft)


def _draft_of(finding: Finding, workspace: Workspace, user: User | None, stage: str, digest: str) -> Draft:
    person = user.pk if user is not None else None
    scores = dict(finding.scores)
    return Draft(workspace.pk, person, stage, finding.category, finding.reason, digest, scores=scores)
