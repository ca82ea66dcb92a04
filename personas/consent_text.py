"""The words a user agrees to before a face is measured; a change of them is a new version."""

VERSION = "2026-11-1"
OUTSIDE_VERSION = "2026-11-1"

OWN = (
    "The person in these photos is me, and I am 18 or older. I allow Inflio to measure my face in them (such a "
    "measurement is biometric data), to keep the measurement only as long as this persona exists, and to make pictures "
    "of me from the photos for this workspace. I can withdraw this on the persona's page at any time: the measurements "
    "are then deleted at once and no new picture is made."
)
PERMITTED = (
    "The person in these photos is {name}, who is 18 or older and has given me written permission: to have the "
    "face in them measured by Inflio (such a measurement is biometric data), to keep the measurement only as long "
    "as this persona exists, and to make pictures of {name} from the photos for this workspace. I keep that "
    "permission and show it when asked. When {name} or I no longer want this, I withdraw it on the persona's "
    "page: the measurements are then deleted at once and no new picture is made."
)

OUTSIDE = (
    "The photos may also be sent to the engines of other companies that this workspace sets up ({companies}, and the "
    "makers of the models they run), to make pictures and to train a model. The person in the photos agrees to that. "
    "It can be withdrawn at any time: what is being made there is then cancelled, and a trained model is deleted there."
)

SAMPLE = (
    "The photos are made from NASA's public-domain portrait of the astronaut Eileen Collins and come with Inflio. They "
    "are used in the demo only, to show how Inflio works. Neither Eileen Collins nor NASA endorses Inflio."
)


def own_text() -> str:
    """The declaration for the user's own face."""
    return OWN


def permitted_text(name: str) -> str:
    """The declaration for the face of the person called `name`."""
    return PERMITTED.format(name=name)


def outside_text(companies: list[str]) -> str:
    """The optional permission to send the photos to these companies; never part of the declaration itself."""
    return OUTSIDE.format(companies=", ".join(companies))


def sample_text() -> str:
    """What is recorded for the demo's own photos."""
    return SAMPLE
