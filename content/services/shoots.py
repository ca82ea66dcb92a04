"""Make pictures: from a click to jobs, and from ended jobs to items with their picture."""

import secrets

from django.db import transaction

from content.batches.orders import MAX_COUNT, SEEDS
from content.categories import CONTENT_TYPES, LOOKS, look_title
from content.engines import default_engine, drawing_params, kind_of, looks_for, places_of, size_of
from content.models import ASPECTS, Batch, ContentItem, Shoot
from content.prompts import MAX_LENGTH
from content.queries.prompts import suggested_prompt
from content.services.limits import refuse_over_limits
from content.styles import BY_KEY as STYLES
from inflio.accounts.models import User
from inflio.common.clicks import CLICK_KEY_LENGTH
from inflio.common.errors import EngineRefused, InvalidInput
from inflio.generation import services as generation
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import Engine
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from inflio.safety.services import check_prompt
from personas import queries as personas
from personas.models import Persona
from personas.services import refuse_unready

ON_DONE = "content.tasks.picture_ended"


@transaction.atomic
def start_shoot(
    *,
    persona: Persona,
    by: User | None,
    look: str,
    content_type: str = "portrait",
    style: str = "natural",
    place: str = "",
    setting: str = "",
    details: str = "",
    prompt: str = "",
    aspect: str = "4:5",
    count: int = 4,
    seed: int | None = None,
    engine: str = "",
    key: str = "",
    batch: Batch | None = None,
    parent: ContentItem | None = None,
    priority: int = 0,
) -> Shoot:
    """Queue `count` pictures of a persona, all or, on any error, none; the same `key` gives the same shoot.

    place: one of the engine's own settings; setting, details: in the creator's words. prompt: the creator's own;
    without it the look's template makes one. seed: of the first picture, the others follow; None is chance.
    Raises Conflict when the persona is not ready, the engine's company may not get its photos or the day's limit is
    reached, Unsafe, InvalidInput, EngineRefused, NeedsKey, NotEnoughCredits; nothing is spent then.
    """
    persona = Persona.objects.locked(persona)
    key = key[:CLICK_KEY_LENGTH]
    if key and (made := Shoot.objects.filter(workspace=persona.workspace_id, click_key=key).first()):
        return made
    kind = kind_of(persona)
    engine = engine or default_engine(kind)
    maker = get_engine(engine)
    refuse_unready(persona, engine=engine)
    if words := " . ".join(text for text in (setting, details, prompt) if text.strip()):
        check_prompt(workspace=persona.workspace, user=by, text=words)
    setting, details, prompt = (" ".join(text.split()) for text in (setting, details, prompt))
    _refuse_unknown(look=look, content_type=content_type, style=style, aspect=aspect, count=count, seed=seed)
    _refuse_long(setting=(setting, 200), details=(details, 1000), prompt=(prompt, MAX_LENGTH))
    shoot = Shoot(
        workspace=persona.workspace,
        persona=persona,
        look=look,
        content_type=content_type,
        style=style,
        place=place,
        setting=setting,
        details=details,
        prompt=prompt,
        aspect=aspect,
        count=count,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        engine=engine,
        click_key=key,
        parent=parent,
        batch=batch,
        created_by=by,
    )
    shoot.prompt = prompt or suggested_prompt(
        persona,
        look=look,
        engine=engine,
        content_type=content_type,
        style=style,
        place=place,
        setting=setting,
        details=details,
    )
    _refuse_impossible(maker, shoot)
    price = count * maker.capabilities[kind].credits
    refuse_over_limits(workspace=persona.workspace, count=count, price=price)
    shoot.save()
    _make_items(shoot, maker, priority)
    return shoot


def finish_picture(*, job: Job, ending: Ending) -> None:
    """Give an ended job's pictures to its items in order; called in the job's last transaction, whatever its end was.

    A job that was tried again on the page of jobs takes over the items of the one it repeats. What another job left
    out is tried again item by item, so its other items stay.
    """
    if job.retry_of_id and job.retry_of.can_retry:
        ContentItem.objects.filter(job=job.retry_of_id, asset=None).update(job=job)
    for item in ContentItem.objects.filter(job=job, asset=None).order_by("output"):
        if item.output >= len(ending.assets):
            continue  # failed, cancelled, or an output the engine did not deliver: the job says why
        item.asset = ending.assets[item.output]
        item.seed = item.asset.provenance.get("seed", item.seed)
        item.engine = job.engine
        item.save(update_fields=["asset", "seed", "engine", "updated_at"])


def item_seed(first: int, position: int) -> int:
    """The seed of a shoot's picture."""
    return (first + position) % SEEDS


def picture_params(shoot: Shoot, maker: Engine, seed: int) -> dict:
    """The parameters of a job that makes pictures of this shoot."""
    width, height = size_of(maker, shoot.aspect)
    params = {
        "look": shoot.look,
        "place": shoot.place,
        "style": shoot.style,
        "content_type": shoot.content_type,
        "prompt": shoot.prompt,
        "setting": shoot.setting,
        "details": shoot.details,
        "aspect": shoot.aspect,
        "width": width,
        "height": height,
        "seed": seed,
    }
    if kind_of(shoot.persona) == "illustration":
        return params | drawing_params(shoot.persona, shoot.look, shoot.details)
    params["body"] = personas.body_shown(shoot.persona)
    needs_model = maker.capabilities["picture"].needs_model if "picture" in maker.capabilities else False
    return params | (personas.model_params(shoot.persona) if needs_model else {})


def queue_pictures(
    shoot: Shoot, *, seed: int, count: int, key: str, priority: int = 0, retry_of: Job | None = None, by=None
) -> Job:
    """Queue one job that makes `count` pictures of a shoot."""
    maker, kind = get_engine(shoot.engine), kind_of(shoot.persona)
    photoreal = kind == "picture"
    return generation.create_job(
        workspace=shoot.workspace,
        kind=kind,
        engine=shoot.engine,
        title=f"{shoot.persona.name}: {look_title(shoot.look)}",
        subject=shoot.persona.reference,
        params=picture_params(shoot, maker, seed),
        count=count,
        pictures=personas.reference_assets(shoot.persona) if photoreal else (),
        threshold=shoot.persona.identity_threshold if photoreal else None,
        on_done=ON_DONE,
        idempotency_key=key,
        priority=priority,
        by=by or shoot.created_by,
        retry_of=retry_of,
    )


def _make_items(shoot: Shoot, maker: Engine, priority: int) -> None:
    """Jobs of as many pictures as the engine makes at once, and the empty items that wait for them."""
    capability = maker.capabilities[kind_of(shoot.persona)]
    at_once = max(1, capability.max_outputs)
    for first in range(0, shoot.count, at_once):
        count = min(at_once, shoot.count - first)
        seed = item_seed(shoot.seed, first)
        job = queue_pictures(shoot, seed=seed, count=count, key=f"shoot:{shoot.pk}:{first}", priority=priority)
        ContentItem.objects.bulk_create(
            ContentItem(
                workspace=shoot.workspace,
                persona=shoot.persona,
                shoot=shoot,
                position=first + output,
                job=job,
                output=output,
                look=shoot.look,
                engine=shoot.engine,
                prompt=shoot.prompt,
                seed=item_seed(shoot.seed, first + output) if capability.seeded else None,
            )
            for output in range(count)
        )


def _refuse_unknown(*, look: str, content_type: str, style: str, aspect: str, count: int, seed: int | None) -> None:
    for value, known, what in (
        (look, LOOKS, "look"),
        (content_type, dict(CONTENT_TYPES), "content type"),
        (style, STYLES, "style"),
        (aspect, ASPECTS, "aspect ratio"),
    ):
        if value not in known:
            raise InvalidInput(f"There is no {what} “{value}”. Choose one of those offered.", code="unknown_choice")
    if not 1 <= count <= MAX_COUNT:
        raise InvalidInput(f"Ask for 1 to {MAX_COUNT} pictures at once.", code="count")
    if seed is not None and not 0 <= seed < SEEDS:
        raise InvalidInput(f"A seed is a whole number from 0 to {SEEDS - 1}.", code="seed")


def _refuse_long(**texts: tuple[str, int]) -> None:
    for name, (text, most) in texts.items():
        if len(text) > most:
            raise InvalidInput(f"The {name} may have {most} characters; these are {len(text)}.", code="too_long")


def _refuse_impossible(maker: Engine, shoot: Shoot) -> None:
    """Ask the engine before anything is written down or spent."""
    kind = kind_of(shoot.persona)
    if shoot.look not in looks_for(kind):
        raise EngineRefused(f"{look_title(shoot.look)} cannot be drawn yet. Choose another look for {shoot.persona}.")
    if maker.sizes and shoot.aspect not in maker.sizes:
        raise EngineRefused(f"{maker.title} does not make {shoot.aspect}. It makes {', '.join(maker.sizes)}.")
    photos = len(personas.reference_assets(shoot.persona)) if kind == "picture" else 0
    if reason := maker.refusal(kind, picture_params(shoot, maker, shoot.seed), photos):
        raise EngineRefused(reason)
    if shoot.place and shoot.place not in dict(places_of(maker, kind, shoot.look)):
        raise EngineRefused(f"{maker.title} has no place “{shoot.place[:40]}” to choose here. Leave it empty.")
