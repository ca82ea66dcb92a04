"""How much a picture that was made elsewhere looks like the person: measured on this machine, with SFace."""

from inflio.generation.engines.base import Output, Picture


def measure(output: Output, pictures: tuple[Picture, ...]) -> float | None:
    """Likeness of an output to the person in `pictures`, 0-1; None when it shows no face. Loads the model at first use.

    It takes a fraction of a second (0.3 s on a busy core), so that a worker of the network's cluster may do it.
    """
    from gpu_worker import studio  # noqa: PLC0415 - loads numpy, cv2 and the models: in the worker, at the first picture

    return studio.likeness(output.data, [studio.Photo(picture.path, picture.sha256) for picture in pictures])
