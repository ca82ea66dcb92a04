"""What a content picture shows of the person: as framed, in motion from the waist up, or from head to feet; data."""

from dataclasses import dataclass, replace

from .scenarios import Framing, Scenario

EXTENTS = ("face", "shoulders", "chest", "waist", "knees", "full")  # how much of a person a photo shows
FULL_BODY_SCENE = "cyclorama"
MORE_RIM = 1.5


@dataclass(frozen=True)
class ContentType:
    """needs: the least a photo must show of the body (EXTENTS); motion: blur by width of the frame."""

    key: str
    title: str
    needs: str
    motion: float = 0.0


CONTENT_TYPES: dict[str, ContentType] = {
    kind.key: kind
    for kind in (
        ContentType("portrait", "Portrait", "face"),
        ContentType("action", "Action", "waist", motion=0.06),
        ContentType("full_body", "Full body", "full"),
    )
}
ACTION = Framing((0.16, 0.2, 0.29), 0.46, 0.35, 0.07, 0.1, (5.0, 1.5), strict=True)
FULL_BODY = Framing((0.065, 0.084, 0.1), 0.5, 0.145, 0.04, 0.05, (0.0, 1.0), soles=0.92, strict=True)


def as_shot(shot: Scenario, content_type: str) -> Scenario:
    """The place framed and lit for the content type; KeyError for an unknown one."""
    kind = CONTENT_TYPES[content_type]
    if kind.key == "action":
        return replace(shot, framing=ACTION, rim=shot.rim * MORE_RIM)
    if kind.key == "full_body":
        return replace(shot, key=FULL_BODY_SCENE, scene=FULL_BODY_SCENE, framing=FULL_BODY)
    return shot
