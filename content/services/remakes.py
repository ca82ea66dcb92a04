"""What is done with one result: try it again, stop it, make more like it, vary it."""

from django.db import transaction

from content.engines import kind_of
from content.models import ContentItem, Shoot
from content.services.shoots import MAX_COUNT, SEEDS, queue_pictures, start_shoot
from inflio.accounts.models import User
from inflio.common.errors import Conflict
from inflio.generation import services as generation
from inflio.generation.engines import ENGINES, get_engine
from inflio.generation.models import Job
from personas.models import Persona
from personas.services import refuse_unready

IDENTITY_TOO_LOW = "identity_too_low"
SEED_STEP = 7919  # after a likeness that failed: another variation, and still reproducible


@transaction.atomic
def retry_item(*, item: ContentItem, by: User | None) -> Job:
    """Queue a result that failed, was cancelled or was not delivered once more; a second click changes nothing.

    The seed stays, unless it was the likeness that failed or the engine left this one out. Items that share a failed
    job are tried again together, and only those that are still there are paid. Raises Conflict for one that is there
    or that is still being made, and what create_job raises.
    """
    item = _recipe_of(item)
    persona = Persona.objects.locked(item.persona)
    item = ContentItem.objects.select_related("job", "shoot__persona__workspace").get(pk=item.pk)
    failed = item.job
    if item.asset_id or failed is None:
        raise Conflict("This picture has not failed. Ask for more like it instead.", code="not_failed")
    if failed.is_open:
        return failed
    refuse_unready(persona, engine=failed.engine)
    left_out = failed.state == Job.State.DONE
    shared = ContentItem.objects.filter(job=failed, asset=None).order_by("output")
    items = [item] if left_out else list(shared)
    step = SEED_STEP if left_out or failed.error_code == IDENTITY_TOO_LOW else 0
    job = _remake(items, failed, step, by)
    for output, row in enumerate(items):
        ContentItem.objects.filter(pk=row.pk, asset=None).update(job=job, output=output)
    return job


def _remake(items: list[ContentItem], failed: Job, step: int, by: User | None) -> Job:
    """Queue these items of a job once more, with seeds that are `step` away from those they had."""
    if not step and len(items) == failed.count:
        return generation.retry_job(job=failed, by=by)
    first = items[0]
    return queue_pictures(
        first.shoot,
        seed=(int(failed.params["seed"]) + first.output + step) % SEEDS,
        count=len(items),
        key=f"remake:{first.pk}:{failed.pk}" if step else f"retry:{failed.pk}",
        retry_of=failed,
        by=by,
    )


@transaction.atomic
def cancel_item(*, item: ContentItem, by: User | None) -> None:
    """Stop the job of a result; its credits come back. One that is over stays as it is."""
    if item.job is not None and item.job.is_open:
        generation.cancel_job(job=item.job)


@transaction.atomic
def cancel_shoot(*, shoot: Shoot, by: User | None) -> int:
    """Stop everything of a shoot that is still being made; returns how many jobs."""
    return generation.cancel_jobs(jobs=Job.objects.filter(items__shoot=shoot))


def repeat_item(*, item: ContentItem, by: User | None, key: str = "") -> Shoot:
    """More like this: the same recipe with new seeds. Raises what start_shoot raises."""
    return _again(item, by=by, key=key, place=_recipe_of(item).shoot.place, seed=None)


def vary_item(*, item: ContentItem, by: User | None, key: str = "") -> Shoot:
    """Small variations: the place that the picture shows, with the seeds that follow its own."""
    item = _recipe_of(item)
    return _again(item, by=by, key=key, place=shown_place(item), seed=((item.seed or item.shoot.seed) + 1) % SEEDS)


def remake_price(shoot: Shoot) -> int:
    """What more like it, or variations of a picture, cost in credits; 0 where its engine is no longer here."""
    capability = get_engine(shoot.engine).capabilities.get(kind_of(shoot.persona)) if shoot.engine in ENGINES else None
    return MAX_COUNT * capability.credits if capability else 0


def shown_place(item: ContentItem) -> str:
    """The engine's own place that a picture shows, also where chance chose it; the one asked for when unknown."""
    made = item.asset.provenance.get("place", "") if item.asset else ""
    return made or (item.shoot.place if item.shoot else "")


def _again(item: ContentItem, *, by: User | None, key: str, place: str, seed: int | None) -> Shoot:
    item = _recipe_of(item)
    shoot = item.shoot
    return start_shoot(
        persona=shoot.persona,
        by=by,
        look=shoot.look,
        content_type=shoot.content_type,
        style=shoot.style,
        place=place,
        setting=shoot.setting,
        details=shoot.details,
        prompt=shoot.prompt,
        aspect=shoot.aspect,
        count=MAX_COUNT,
        seed=seed,
        engine=shoot.engine,
        key=key,
        parent=item,
    )


def _recipe_of(item: ContentItem) -> ContentItem:
    """The item with its recipe; Conflict for one that came from elsewhere and has none."""
    if item.shoot_id is None:
        raise Conflict(
            "This picture was not made on the Create page, so there is no recipe to repeat.", code="no_shoot"
        )
    return item
