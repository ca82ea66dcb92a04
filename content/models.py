"""What: pictures made with a persona, how they were asked for, and how a creator keeps them in order."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from content.categories import look_choices, look_title
from inflio.common.models import TimeStamped, WorkspaceOwned, WorkspaceQuerySet
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import Persona

ASPECTS = ("4:5", "1:1", "9:16", "16:9", "3:4", "2:3")


class PromptTemplate(TimeStamped):
    """The words of one look; placeholders such as {persona} are filled in by content.prompts."""

    look = models.CharField(max_length=40, unique=True, choices=look_choices)
    text = models.TextField(help_text="The sentence of the look, with placeholders in braces.")
    light = models.CharField(max_length=200)
    pose = models.CharField(max_length=200)
    setting = models.CharField(max_length=200, blank=True, help_text="Used when the creator names none.")

    class Meta:
        ordering = ["look"]

    def __str__(self) -> str:
        return look_title(self.look)


class Shoot(WorkspaceOwned):
    """One click on "make": what was asked for, and the items that came of it."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="shoots")
    look = models.CharField(max_length=40, choices=look_choices)
    content_type = models.CharField(max_length=12, default="portrait")
    style = models.CharField(max_length=20, default="natural")
    place = models.CharField(max_length=40, blank=True, help_text="One of the engine's own settings.")
    setting = models.CharField(max_length=200, blank=True, help_text="In the creator's words.")
    details = models.TextField(max_length=1000, blank=True)
    prompt = models.TextField(max_length=4000, help_text="As it is sent to the engine.")
    aspect = models.CharField(max_length=5, default="4:5")
    count = models.PositiveSmallIntegerField(default=4)
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=30)
    click_key = models.CharField(max_length=40, blank=True, editable=False)
    parent = models.ForeignKey(
        "ContentItem", null=True, blank=True, on_delete=models.SET_NULL, related_name="variations", help_text="Varied."
    )
    batch = models.ForeignKey("Batch", null=True, blank=True, on_delete=models.SET_NULL, related_name="shoots")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "-id"], name="shoot_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "click_key"], condition=~models.Q(click_key=""), name="shoot_once_per_click"
            )
        ]

    def __str__(self) -> str:
        return f"{self.persona}: {look_title(self.look)}"

    def get_absolute_url(self) -> str:
        return reverse("content:shoot", args=[self.pk])


class ContentItemQuerySet(WorkspaceQuerySet):
    """Filters over items."""

    def finished(self) -> "ContentItemQuerySet":
        """Those that have their picture."""
        return self.exclude(asset=None)

    def in_gallery(self) -> "ContentItemQuerySet":
        """Those that were saved."""
        return self.filter(saved=True)


class ContentItem(WorkspaceOwned):
    """One picture of a persona: empty while its job is open, in the gallery once it is saved."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "Picture"
        THUMBNAIL = "thumbnail", "Thumbnail"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PICTURE)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="items")
    shoot = models.ForeignKey(Shoot, null=True, blank=True, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0, help_text="Within its shoot, from 0.")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="items")
    output = models.PositiveSmallIntegerField(default=0, help_text="Which of its job's pictures, from 0.")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.CASCADE, related_name="items")
    look = models.CharField(max_length=40, blank=True)
    engine = models.CharField(max_length=30)
    prompt = models.TextField(max_length=4000, blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    saved = models.BooleanField(default=False)
    favourite = models.BooleanField(default=False)
    tags = models.ManyToManyField("Tag", blank=True, related_name="items")

    objects = ContentItemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["workspace", "saved", "-id"], name="item_gallery"),
            models.Index(fields=["workspace", "saved", "look", "-id"], name="item_by_look"),
            models.Index(fields=["workspace", "saved", "engine", "-id"], name="item_by_engine"),
            models.Index(fields=["workspace", "created_at"], name="item_by_time"),
            models.Index(fields=["persona", "saved", "-id"], name="item_by_persona"),
            models.Index(fields=["workspace", "-id"], condition=models.Q(favourite=True), name="item_favourites"),
        ]
        constraints = [models.UniqueConstraint(fields=["shoot", "position"], name="item_once_per_position")]

    def __str__(self) -> str:
        return f"{self.persona}: {look_title(self.look) if self.look else self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("content:item", args=[self.pk])


class Board(WorkspaceOwned):
    """A named collection of items, in the order they were put there."""

    name = models.CharField(max_length=80)
    items = models.ManyToManyField(ContentItem, through="BoardItem", related_name="boards")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="board_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("content:board", args=[self.pk])


class BoardItem(models.Model):
    """An item's place on a board."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["board", "item"], name="board_item_once")]

    def __str__(self) -> str:
        return f"{self.item} on {self.board}"


class Tag(WorkspaceOwned):
    """A word that items carry."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class Batch(WorkspaceOwned):
    """Many shoots planned together and run in the background, a few at a time."""

    class State(models.TextChoices):
        REVIEW = "review", "To review"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.REVIEW)
    pause_reason = models.CharField(max_length=300, blank=True)
    plan = models.JSONField(default=dict, help_text="The grid or the CSV it was made from, to copy it as a template.")
    resume_at = models.DateTimeField(null=True, blank=True, help_text="It runs, but starts nothing before this.")
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    click_key = models.CharField(max_length=40, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        verbose_name_plural = "batches"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "click_key"], condition=~models.Q(click_key=""), name="batch_once_per_click"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("content:batch", args=[self.pk])


class BatchCell(models.Model):
    """One shoot of a batch: planned until it is its turn."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="cells")
    position = models.PositiveIntegerField()
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")
    order = models.JSONField(help_text="Arguments of start_shoot: look, style, place, aspect, count, seed, engine ...")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    shoot = models.OneToOneField(Shoot, null=True, blank=True, on_delete=models.SET_NULL, related_name="cell")
    tries = models.PositiveSmallIntegerField(default=0, help_text="How often it was planned again.")
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["batch", "state", "position"], name="cell_next")]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="cell_once_per_position")]

    def __str__(self) -> str:
        return f"{self.batch} #{self.position + 1}"

    @property
    def look_title(self) -> str:
        return look_title(self.order["look"])

    @property
    def words(self) -> str:
        """What was ordered, in a line: count, style, format, seed."""
        order = self.order
        pictures = "1 picture" if order["count"] == 1 else f"{order['count']} pictures"
        return f"{pictures} · {order['style']} · {order['aspect']} · seed {order['seed']}"


class Thread(WorkspaceOwned):
    """A conversation in which each message edits the last picture."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="threads")
    title = models.CharField(max_length=120)
    engine = models.CharField(max_length=30)
    aspect = models.CharField(max_length=5, default="16:9")
    click_key = models.CharField(max_length=40, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "-id"], name="thread_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "click_key"], condition=~models.Q(click_key=""), name="thread_once_per_click"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("content:thread", args=[self.pk])


class Message(TimeStamped):
    """One turn: the creator's words, what the studio understood, the job, and the picture that came of it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    text = models.CharField(max_length=500)
    operations = models.JSONField(default=list, blank=True, help_text="What was understood, for the engine.")
    reply = models.CharField(max_length=500, blank=True, help_text="What the studio says to it.")
    needs_drawing = models.BooleanField(default=False, help_text="Part of it needs an engine that draws.")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="What it goes on from."
    )
    base = models.ForeignKey(
        Asset,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The untouched picture that the recipe is rendered from.",
    )
    recipe = models.JSONField(default=list, blank=True, help_text="Every edit since the base picture, in order.")
    before = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages")
    click_key = models.CharField(max_length=40, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "click_key"], condition=~models.Q(click_key=""), name="message_once_per_click"
            )
        ]

    def __str__(self) -> str:
        return self.text
