"""One of everything in a user's workspace, under the names by which the tables of addresses speak of it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from django.db.models import Model

from content.batches.orders import Order
from content.models import Board, ContentItem, Shoot, Thread
from content.services.batches import plan_batch
from inflio.accounts.models import ApiKey, Invitation, Level, Membership, User, Workspace, token_hash
from inflio.common.crypto import seal
from inflio.generation.models import Job
from inflio.generation.previews import write_preview
from inflio.media.public import public_url
from inflio.privacy.tests.test_erase import fill, tables_of_a_workspace
from scheduling.models import Channel, ConnectState, DataDeletion, Post, Publication, ReviewLink, Slot
from scheduling.platforms.connect import Found, Tokens
from scheduling.services.connecting import connect, pages
from scheduling.services.reviewing.reviews import create_link
from scheduling.tests import makers

WORDS = {"name", "title", "caption", "prompt", "text", "reason", "setting"}  # columns in which users write


class Belongings:
    """What addresses and forms name: rows, and the words and secrets that stand beside them."""

    width, number, platform, provider, level = 320, 1, "instagram", "gemini", Level.EDITOR

    def __init__(self, user: User) -> None:
        self.user, self.workspace, self.persona = user, user.workspaces.get(), fill(user)
        self._find_rows()
        self._plan_batch()
        self._give_members()
        self._give_page()
        self._give_secrets()

    def named(self, names: str) -> list:
        """What these names, divided by spaces, stand for; rows by their keys."""
        found = [getattr(self, name) for name in names.split()]
        return [one.pk if isinstance(one, Model) else one for one in found]

    def sent(self, names: str) -> dict:
        """The same as fields of a form, each called as it is here."""
        return dict(zip(names.split(), self.named(names), strict=True))

    def queries(self) -> dict:
        """Each name by which pages without an argument take a row, for one of these."""
        item = dict.fromkeys(("item", "items", "parent", "from"), self.contentitem)
        rows = item | {"persona": self.persona, "channel": self.channel, "post": self.post, "board": self.board}
        rows |= {"asset": self.asset, "tag": self.contentitem.tags.get(), "like": self.batch}
        return {name: row.pk for name, row in rows.items()}

    def write_everywhere(self, mark: str) -> None:
        """Write `mark` wherever its members write, but for the workspace's own name, which every page shows."""
        for model, path in tables_of_a_workspace().items():
            words = {field.name: mark for field in model._meta.concrete_fields if field.name in WORDS}
            if words and model is not Workspace:
                model._base_manager.filter(**{path: self.workspace.pk}).update(**words)

    def rows(self) -> dict[str, list]:
        """Everything that the database holds of the workspace, by table."""
        found = {}
        for model, path in tables_of_a_workspace().items():
            own = model._base_manager.filter(**{path: self.workspace.pk})
            found[model._meta.label] = list(own.order_by("pk").values_list())
        return found

    def _find_rows(self) -> None:
        """What `fill` has made."""
        for model in (ApiKey, Board, Channel, ContentItem, Job, Post, Publication, ReviewLink, Shoot, Slot, Thread):
            setattr(self, model.__name__.lower(), model.objects.get(workspace=self.workspace))
        self.photo, self.trained = self.persona.photos.get(), self.persona.trained_models.get()
        portrait = self.persona.portraits.get()
        self.scenario, self.asset, self.extension = portrait.scenario, portrait.asset, "jpg"
        self.message, self.media = self.thread.messages.get(), self.post.media.get()
        self.at = self.post.starts_local.isoformat()
        write_preview(self.job, b"\xff\xd8")

    def _plan_batch(self) -> None:
        orders = [Order(self.persona.pk, "luxury.yacht", count=1, seed=1, engine="embedded")]
        self.batch = plan_batch(workspace=self.workspace, name="Summer", orders=orders, plan={}, by=self.user)

    def _give_members(self) -> None:
        colleague = User.objects.create_user(f"colleague-{self.user.pk}@example.com")
        self.member = Membership.objects.create(workspace=self.workspace, user=colleague, level=Level.VIEWER)
        self.join_token = f"join-{self.workspace.pk}"
        self.invitation = Invitation.objects.create(
            workspace=self.workspace, email="dan@example.com", token_hash=token_hash(self.join_token)
        )

    def _give_page(self) -> None:
        self.slug, now = f"ada-{self.workspace.pk}", datetime.now(UTC) - timedelta(minutes=1)
        self.page = pages.open_page(persona=self.persona, slug=self.slug, by=self.user)
        payload = {"title": "Out early", "media": [{"asset": self.asset.pk}]}
        post = makers.post(self.persona, self.page, pictures=0)
        self.shown = makers.publication(
            post, self.page, state=Publication.State.PUBLISHED, published_at=now, payload=payload
        )

    def _give_secrets(self) -> None:
        """What lies behind addresses that only one person was told."""
        self.file_token, self.file_name = public_url(self.asset).split("/")[-2:]
        made = create_link(workspace=self.workspace, posts=[self.post], name="Nora", by=self.user)
        self.review_token = made.url.split("/")[-1]
        call, now = self.job.calls.get(), datetime.now(UTC)
        self.caller, self.call_token, self.code = call.provider, call.token, f"code-{self.workspace.pk}"
        DataDeletion.objects.create(code=self.code, platform="instagram", accounts=1, done_at=now)
        found = {"tokens": asdict(Tokens("secret")), "accounts": [asdict(Found("UC1", "one"))]}
        self.offer = ConnectState.objects.create(
            workspace=self.workspace,
            user=self.user,
            platform="youtube",
            nonce=f"offer-{self.workspace.pk}",
            found=seal(json.dumps(found), purpose=connect.PURPOSE),
            used_at=now,
        )
