"""The check that works with no key: how old faces look, and how likely the picture is sexual, on this machine's CPU."""

from inflio.safety.checks.base import Check, Finding

ADULT = 18.0  # years of apparent age
SEXUAL = 0.8  # from here on open_nsfw's own guide says "sexual with high probability"
WORKING_SIDE = 1600  # pixels, as for the analysis of photos
REVIEW = "If this is wrong, ask us to look at it: a person reviews such refusals."
LOOKS_MINOR = f"A face here looks under 18, and Inflio only works with adults. {REVIEW}"
LOOKS_SEXUAL = f"This picture looks sexual or undressed, which Inflio does not take or make. {REVIEW}"
LOOKS_BOTH = "This picture is refused: it looks sexual, and a face in it looks under 18. It was logged for review."


class EmbeddedCheck(Check):
    """Two small networks whose licences allow commercial use; docs/safety.md says what they cannot see."""

    name = "embedded"

    def look(self, data: bytes) -> Finding | None:
        from gpu_worker.pictures import read_picture  # noqa: PLC0415 - loads numpy and cv2: in a worker, when needed
        from gpu_worker.safety import estimate_nudity, youngest_face  # noqa: PLC0415

        rgb = read_picture(data, WORKING_SIDE)
        age, nudity = youngest_face(rgb), estimate_nudity(rgb)
        scores = {"nudity": round(nudity, 3)} | ({"age": round(age, 1)} if age is not None else {})
        minor, sexual = age is not None and age < ADULT, nudity >= SEXUAL
        if minor and sexual:
            return Finding("sexual_minor", LOOKS_BOTH, scores)
        if minor:
            return Finding("minor", LOOKS_MINOR, scores)
        return Finding("sexual", LOOKS_SEXUAL, scores) if sexual else None
