"""Delete a person's trained models at their provider: promised in one transaction, done by workers until proven."""

import logging
from datetime import timedelta

from django.db import transaction

from inflio.common.crypto import Unreadable, seal, unseal
from inflio.common.errors import InflioError
from inflio.generation.engines.replicate.terms import Busy
from inflio.generation.keys import NeedsKey, key_for
from inflio.queue.leases import LostLease, claim, db_now, release
from inflio.queue.wake import wake
from personas.models import Persona, ProviderErasure, TrainedModel

log = logging.getLogger(__name__)
PURPOSE = "erasure key"
CONFIRM_AFTER = 600  # seconds; a request that was under way when all was deleted has arrived by then
FIRST_PAUSE, LONGEST_PAUSE = 30, 24 * 3600  # seconds between tries
RECEIPTS = 50  # kept of one erasure, the first and the newest


@transaction.atomic
def erase_trained_models(*, persona: Persona, why: str) -> int:
    """Forget the persona's models here at once and write down the duty to delete them there; returns how many names."""
    rows = persona.trained_models.exclude(status=TrainedModel.Status.DELETED)
    owners: dict[tuple[str, str], str] = {}
    for trained in rows:
        name = (trained.provider, trained.model_name)
        owners[name] = trained.owner or owners.get(name, "")
    for (provider, model_name), owner in owners.items():
        _promise(persona, provider, model_name, owner, why)
    gone = {"status": TrainedModel.Status.DELETED, "version": "", "weights_url": ""}
    rows.exclude(status__in=TrainedModel.OPEN).update(**gone, reason=why[:500])
    return len(owners)


def _promise(persona: Persona, provider: str, model_name: str, owner: str, why: str) -> None:
    try:
        sealed = seal(key_for(workspace=persona.workspace, provider=provider), purpose=PURPOSE)
    except NeedsKey:
        sealed = ""  # the key was taken away; the row says what is left to do by hand
    promised = ProviderErasure.objects.filter(provider=provider, model_name=model_name, state__in=ProviderErasure.OPEN)
    if promised.exists():  # before its training had ended: now more may be there, and whose it is may be known
        known = {name: value for name, value in (("owner", owner), ("sealed_key", sealed)) if value}
        promised.update(gone_at=None, available_at=db_now(), **known)
        erasure = promised.first()
    else:
        erasure = ProviderErasure.objects.create(
            provider=provider, owner=owner, model_name=model_name, sealed_key=sealed, why=why[:120]
        )
    wake("erasure", erasure.pk)


def run_erasure(pk: int) -> bool:
    """Try one erasure; True when it is done: seen to be gone twice. What goes wrong is written down and tried again."""
    token = claim(ProviderErasure, pk)
    if not token:
        return False
    row = ProviderErasure.objects.get(pk=pk)
    gone, receipt = _attempt(row)
    changes = {"receipts": _with(row, receipt)}
    done = gone and row.gone_at is not None and (db_now() - row.gone_at).total_seconds() >= CONFIRM_AFTER
    if gone and not done:
        changes |= {"gone_at": row.gone_at or db_now(), "available_at": db_now() + timedelta(seconds=CONFIRM_AFTER)}
    elif done:
        changes |= {"state": ProviderErasure.State.DONE, "done_at": db_now(), "sealed_key": ""}
        log.info("erasure %s: %s", pk, receipt)
    else:
        changes["gone_at"] = None
        pause = min(FIRST_PAUSE * 2 ** min(row.attempt - 1, 12), LONGEST_PAUSE)
        changes["available_at"] = db_now() + timedelta(seconds=pause)
        log.warning("erasure %s: %s; again in %s s", pk, receipt, pause)
    try:
        release(ProviderErasure, pk, token, **changes)
    except LostLease:
        log.warning("erasure %s: another worker took it over", pk)
        return False
    return done


def _attempt(row: ProviderErasure) -> tuple[bool, str]:
    from inflio.generation.engines.replicate.erasure import (  # noqa: PLC0415 - loads the provider's client
        OtherAccount,
        StillThere,
        erase_model,
    )

    if not row.sealed_key:
        return False, "There is no key of the account any more: delete the model there by hand, then close this row."
    try:
        return True, erase_model(unseal(row.sealed_key, purpose=PURPOSE), owner=row.owner, name=row.model_name)
    except Busy:
        return False, "The provider does not answer."
    except (OtherAccount, StillThere, Unreadable) as error:
        return False, str(error)
    except InflioError as error:
        return False, error.message


def _with(row: ProviderErasure, text: str) -> list:
    receipts = [*row.receipts, {"at": db_now().isoformat(), "text": text[:300]}]
    return receipts if len(receipts) <= RECEIPTS else [receipts[0], *receipts[2:]]


@transaction.atomic
def close_erasure(*, erasure: ProviderErasure, by) -> None:
    """Say that somebody has deleted the model at the provider by hand."""
    row = ProviderErasure.objects.select_for_update().get(pk=erasure.pk)
    if row.state != ProviderErasure.State.DONE:
        row.state, row.done_at, row.sealed_key = ProviderErasure.State.DONE, db_now(), ""
        row.receipts = _with(row, f"Closed by hand: {by}")
        row.save(update_fields=["state", "done_at", "sealed_key", "receipts"])
