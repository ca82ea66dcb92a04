"""How much a picture looks like the person, wherever it was made: measured on this machine, with SFace."""

from inflio.generation.engines.base import Output, Picture


def measured_against(output: Output, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """The pictures that a likeness is measured against: never the one that was edited, unless there is no other."""
    base = output.facts.get("base")
    return tuple(picture for picture in pictures if picture.sha256 != base) or pictures


def measure(output: Output, pictures: tuple[Picture, ...]) -> float | None:
    """Likeness of an output to the person in `pictures`, 0-1; None when it shows no face. Loads the model at first use.

    A picture that was edited never vouches for its edit. It takes a fraction of a second (0.3 s on a busy core), so
    that a worker of the network's cluster may do it.
    """
    from gpu_worker import studio  # noqa: PLC0415 - loads numpy, cv2 and the models: in the worker, at the first picture

    photos = [studio.Photo(picture.path, picture.sha256) for picture in measured_against(output, pictures)]
    return studio.likeness(output.data, photos)
