"""When and where: channels, posts and their times, publications and what was tried, reviews, slots, figures."""

from scheduling.models.channels import Channel, ConnectState, DataDeletion, PageAddress, QuotaUse
from scheduling.models.metrics import Metric
from scheduling.models.posts import OccurrenceChange, Post, PostEvent, PostMedia, PostTarget
from scheduling.models.publications import Publication, PublishAttempt
from scheduling.models.reviews import Review, ReviewLink
from scheduling.models.slots import SchedulingSettings, Slot

__all__ = [
    "Channel",
    "ConnectState",
    "DataDeletion",
    "Metric",
    "OccurrenceChange",
    "PageAddress",
    "Post",
    "PostEvent",
    "PostMedia",
    "PostTarget",
    "Publication",
    "PublishAttempt",
    "QuotaUse",
    "Review",
    "ReviewLink",
    "SchedulingSettings",
    "Slot",
]
