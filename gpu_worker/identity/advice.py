"""What is wrong with a photo and how to do it better, in words for the person who took it."""

from gpu_worker.identity.quality import Measures, Scores

MESSAGES = {
    "no_face": "No face found: use a photo that shows one face from the front.",
    "several_people": "Several people: use a photo with only one person, or crop it to one.",
    "face_too_small": "The face is too small: come closer, so that it fills at least a fifth of the picture.",
    "too_dark": "Too dark: face a window or turn on a light.",
    "too_bright": "Too bright: step out of the direct light so that the skin keeps its detail.",
    "blurred": "Blurred: hold the phone still and wipe the lens.",
    "turned_away": "Turned away: look towards the camera, a slight turn is fine.",
    "another_person": "Another person: this face does not match the others.",
    "duplicate": "The same picture as another one: add a different photo instead.",
}
# Below this many true pixels across the face SFace starts to lose the person.
BLURRED_DETAIL = 64.0


def find_problem(measures: Measures) -> str | None:
    """The code of the reason for which this face can't serve as a reference, or None."""
    if measures.highlight < 0.40 and measures.middle < 0.32:
        return "too_dark"
    if measures.clipped > 0.45 or measures.middle > 0.93:
        return "too_bright"
    if measures.detail < BLURRED_DETAIL:
        return "blurred"
    if abs(measures.yaw) > 48 or abs(measures.pitch) > 42:
        return "turned_away"
    return None


def advise(measures: Measures) -> tuple[str, ...]:
    """Concrete hints for a better photo, the most useful first; empty where nothing needs to change."""
    light_behind = measures.middle < 0.45 and measures.behind - measures.middle > 0.25
    small = measures.width < 1.3 * measures.detail
    hints = (
        (light_behind, "The light is behind you: turn round so that it falls on your face."),
        (measures.highlight < 0.55 and not light_behind, "Add light: face a window or turn on a lamp."),
        (measures.clipped > 0.15 or measures.middle > 0.85, "Soften the light: move out of the sun or flash."),
        (measures.imbalance > 0.25, "One side is in shadow: turn a little towards the light."),
        (measures.contrast < 0.12, "The picture is hazy: wipe the lens."),
        (measures.detail < 130 and not small, "Hold the phone still, wipe the lens and tap on your face to focus."),
        (measures.detail < 130 and small, "Come closer, or send the photo in its full size."),
        (abs(measures.yaw) > 35, "Turn your face a little more towards the camera."),
        (measures.pitch > 25, "Lift your chin, or hold the phone at eye level."),
        (measures.pitch < -25, "Lower your chin, or hold the phone at eye level."),
        (abs(measures.roll) > 30, "Hold the phone upright."),
        (measures.cut_off > 0.06, "Your face is cut off: move it into the middle of the picture."),
    )
    return tuple(words for applies, words in hints if applies)


def praise(scores: Scores) -> str:
    """One sentence about a photo that can be used."""
    if scores.overall >= 0.75:
        return "A very good photo."
    if scores.overall >= 0.55:
        return "A good photo."
    return "Usable; a better one would help."
