"""Read a description in words and decide how the person is drawn: the same words always give the same face."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from gpu_worker.illustrated import hair
from gpu_worker.illustrated.hair import word_set

# Only these attributes say something about the looks; "dark" in a tone of voice must not darken the skin.
LOOK_ATTRIBUTES = ("gender", "pronouns", "age", "appearance", "ethnicity", "origin", "accessories")
NAMED_ATTRIBUTES = {"hair": "hair", "hair_color": "hair", "eyes": "eyes", "eye_color": "eyes", "skin": "skin"}
NEGATIONS = frozenset(("no", "not", "without", "never", "minus"))
# Words at which looking back for adjectives ends: they belong to something else.
BORDERS = word_set(
    "hair haired eyes eyed eye skin skinned complexion beard glasses freckles with has wears wearing in of on "
    "who is her his their my the jacket shirt dress coat suit hat"
)

FEMININE = word_set("female lady she her hers mum mom grandma aunt sister wife queen actress feminine f")
MASCULINE = word_set("male guy he him his dad grandpa uncle brother husband king actor masculine m")
NOT_MEN = word_set("human german roman norman shaman talisman")

SKIN_TONES = ("#fbe1d1", "#f4cdb0", "#e9b890", "#d49f70", "#be8355", "#a9724b", "#92603f", "#7c4d34")
SKIN_WORDS = {
    "porcelain": (0,), "pale": (0,), "fair": (0, 1), "light": (1,), "white": (0, 1), "rosy": (0, 1),
    "beige": (2,), "olive": (2, 3), "tan": (3,), "tanned": (3,), "golden": (2, 3), "bronze": (4,),
    "caramel": (4,), "honey": (3,), "brown": (4, 5), "dark": (6, 7), "black": (6, 7), "ebony": (7,), "deep": (6, 7),
}  # fmt: skip
# A place is a hint, used only where nothing is said about the skin itself.
ORIGINS = (
    (re.compile(r"\b(african|nigeria|kenya|ghana|senegal|ethiopia|jamaica|haiti|congo|black (wo)?m[ae]n)"), (5, 6, 7)),
    (re.compile(r"\b(india|pakistan|bangladesh|sri lanka|south asian|desi\b|tamil|bengali)"), (3, 4, 5)),
    (re.compile(r"\b(latin|hispanic|mexic|brazil|colombia|peru|cuba|filipin|indonesia|thai)"), (2, 3, 4)),
    (re.compile(r"\b(arab|moroc|egypt|iran|persian|turk|leban|middle eastern|greek|italian|spanish|portug)"), (2, 3)),
    (re.compile(r"\b(japan|korea|chin(a|ese)|east asian|vietnam|taiwan|asian)"), (1, 2)),
    (re.compile(r"\b(scandinav|swed|norw|dan(e|ish)|finn|irish|scot|nordic|dutch|polish|russian)"), (0, 1)),
)  # fmt: skip
EYE_COLOURS = {
    "blue": "#5f8dc0", "green": "#6c9a5e", "grey": "#8c9aa6", "gray": "#8c9aa6", "hazel": "#9c7640",
    "amber": "#b07a30", "brown": "#7c4b2d", "dark": "#4c2e20", "black": "#3a241b",
}  # fmt: skip
EYE_NOUNS = ("eyes", "eyed", "eye")
LIGHT_EYES = word_set("blue green grey gray")
LIGHT_HAIR = word_set("blonde blond redhead ginger auburn platinum strawberry")
INK = "#231a1d"

BEARD = ("beard", "bearded")
EYES = {"f": ("02", "04", "11", "12", "20"), "m": ("04", "06", "08", "11", "12")}
EYEBROWS = {"f": ("05", "07", "09", "10"), "m": ("03", "07", "10")}
NOSES = ("01", "02", "03", "04", "05", "06")


def describe_look(description: str, attributes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Options for drawing this person: what the words say, and the rest by chance that never changes.

    Keys and values are those that dicebear takes for the Lorelei style (`hairVariant`, `skinColor`,
    `glassesProbability`, ...) and the `irisColor` we add to it, plus `presentation`: f or m.
    `attributes["look_seed"]` gives another person of the same description; without it the description itself
    is the seed.
    """
    attributes = attributes or {}
    text = _gather_text(description, attributes)
    words = re.findall(r"[a-z]+|\d+", text)
    seed = str(attributes.get("look_seed") or description)
    presentation = _presentation(words) or pick(seed, "presentation", ("f", "m"))
    age = _age(text)
    skin = _skin(seed, words, text)
    hair_variant, hair_colour = _hair(seed, words, presentation, age, skin)
    beard = presentation == "m" and _mentions(words, BEARD)
    options: dict[str, Any] = {
        "presentation": presentation,
        "headVariant": ["variant01" if presentation == "m" else "variant04"],
        "skinColor": [skin],
        "hairVariant": [hair_variant],
        "hairColor": [hair_colour],
        "eyesVariant": [f"variant{pick(seed, 'eyes', EYES[presentation])}"],
        "eyesColor": [INK],
        "irisColor": [_eye_colour(seed, words, skin)],
        "eyebrowsVariant": [f"variant{pick(seed, 'eyebrows', EYEBROWS[presentation])}"],
        "eyebrowsColor": [mix(hair_colour, INK, 0.6)],
        "noseVariant": [f"variant{pick(seed, 'nose', NOSES)}"],
        "noseColor": [mix(skin, INK, 0.8)],
        "mouthColor": [mix(skin, "#c04552" if skin in SKIN_TONES[5:] else "#701c2b", 0.62)],
        "outlineColor": [INK],
        "beardProbability": 100 if beard else 0,
        "beardVariant": [pick(seed, "beard", ("variant01", "variant02"))],
        "hairAccessoriesProbability": 0,
        "frecklesProbability": 100 if _mentions(words, ("freckles", "freckled", "freckle")) else 0,
        "frecklesColor": [mix(skin, "#5a2a14", 0.55)],
    }
    return options | _glasses(seed, words) | _earrings(seed, words)


def mix(colour: str, other: str, share: float) -> str:
    """The colour that lies `share` (0-1) of the way from one #rrggbb to another."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _gather_text(description: str, attributes: Mapping[str, Any]) -> str:
    parts = [description]
    parts += [str(attributes[key]) for key in LOOK_ATTRIBUTES if attributes.get(key)]
    parts += [f"{attributes[key]} {noun}" for key, noun in NAMED_ATTRIBUTES.items() if attributes.get(key)]
    return " . with ".join(parts).lower()


def pick(seed: str, part: str, choices: Sequence[Any]) -> Any:
    """One of `choices`, decided by the seed for this part alone, so that one word more changes one thing only."""
    digest = hashlib.sha256(f"{part}:{seed}".encode()).digest()
    return choices[int.from_bytes(digest[:4], "big") % len(choices)]


def _mentions(words: Sequence[str], nouns: Sequence[str]) -> bool:
    """Whether a noun is said and not denied ("no", "without a")."""
    return any(word in nouns and not NEGATIONS & set(words[max(0, i - 2) : i]) for i, word in enumerate(words))


def _words_before(words: Sequence[str], nouns: Sequence[str]) -> list[str]:
    """The adjectives that stand before a noun, nearest last."""
    found: list[str] = []
    for index, word in enumerate(words):
        if word in nouns:
            start = index
            while start > max(0, index - 6) and words[start - 1] not in BORDERS:
                start -= 1
            found += words[start:index]
    return found


def _colour_before(words: Sequence[str], nouns: Sequence[str], colours: Mapping[str, str]) -> str | None:
    said = [colours[word] for word in _words_before(words, nouns) if word in colours]
    return said[0] if said else None


def _presentation(words: Sequence[str]) -> str | None:
    for word in words:
        if word in FEMININE or word.endswith(("woman", "mother", "girl")):
            return "f"
        if word in MASCULINE or (word.endswith(("man", "father", "boy")) and word not in NOT_MEN):
            return "m"
    return "m" if _mentions(words, BEARD) else None


def _age(text: str) -> int | None:
    said = re.search(r"\b([1-9]\d)(?:\s*[-–]\s*\d\d)?\s*(?:s\b|year|yrs|-year|\b)", text)
    if said:
        return int(said.group(1))
    return 68 if re.search(r"\b(elderly|senior|grandm|grandf|retired|old (wo)?man)", text) else None


def _skin(seed: str, words: Sequence[str], text: str) -> str:
    said = [word for word in _words_before(words, ("skin", "skinned", "complexion")) if word in SKIN_WORDS]
    if said:
        return SKIN_TONES[pick(seed, "skin", SKIN_WORDS[said[0]])]
    for origin, tones in ORIGINS:
        if origin.search(text):
            return SKIN_TONES[pick(seed, "skin", tones)]
    usually_light = LIGHT_HAIR & set(words) or LIGHT_EYES & set(_words_before(words, EYE_NOUNS))
    return SKIN_TONES[pick(seed, "skin", range(4 if usually_light else len(SKIN_TONES)))]


def _eye_colour(seed: str, words: Sequence[str], skin: str) -> str:
    said = _colour_before(words, EYE_NOUNS, EYE_COLOURS)
    usual = ("brown", "dark") if skin in SKIN_TONES[3:] else ("brown", "hazel", "blue", "green", "grey")
    return said or EYE_COLOURS[pick(seed, "eye colour", usual)]


def _hair(seed: str, words: Sequence[str], presentation: str, age: int | None, skin: str) -> tuple[str, str]:
    if _mentions(words, ("bald",)) or "shaved head" in " ".join(words):
        return hair.BALD, skin
    before = _words_before(words, ("hair", "haired", *hair.ALWAYS_HAIR))
    said = before + [word for word in words if word in hair.ALWAYS_HAIR]
    wanted = {hair.HAIR_WORDS.get(word, word) for word in said} & hair.ALL_HAIR_TAGS
    score = {
        variant: 2 * len(wanted & tags) + (presentation in tags) - 0.5 * len((tags - wanted) & hair.SPECIAL)
        for variant, tags in hair.HAIR_TAGS.items()
    }
    best = max(score.values())
    variant = pick(seed, "hair", [name for name, points in score.items() if points == best])
    colours = [hair.HAIR_COLOURS[word] for word in before if word in hair.HAIR_COLOURS]
    colours += [hair.HAIR_COLOURS[word] for word in ("blonde", "blond", "brunette", "redhead") if word in words]
    if colours:
        colour = mix(colours[0], hair.DARK_HAIR[0], 0.4) if "dark" in before else colours[0]
    elif "dark" in before:
        colour = pick(seed, "hair colour", hair.DARK_HAIR)
    elif age and age >= 60:
        colour = pick(seed, "hair colour", hair.GREY_HAIR)
    else:
        natural = hair.DARK_HAIR if skin in SKIN_TONES[3:] else hair.NATURAL_HAIR
        colour = pick(seed, "hair colour", natural)
    return variant, colour


def _glasses(seed: str, words: Sequence[str]) -> dict[str, Any]:
    sunglasses = _mentions(words, ("sunglasses", "shades"))
    worn = sunglasses or _mentions(words, ("glasses", "spectacles", "bespectacled", "eyeglasses"))
    shape = "variant02" if sunglasses else pick(seed, "glasses", ("variant03", "variant04"))
    if "round" in _words_before(words, ("glasses", "spectacles", "eyeglasses")):
        shape = "variant01"
    return {"glassesVariant": [shape], "glassesProbability": 100 if worn else 0, "glassesColor": [INK]}


def _earrings(seed: str, words: Sequence[str]) -> dict[str, Any]:
    worn = _mentions(words, ("earrings", "earring", "jewellery", "jewelry", "hoops"))
    return {
        "earringsVariant": [pick(seed, "earrings", ("variant02", "variant03"))],
        "earringsProbability": 100 if worn else 0,
        "earringsColor": ["#c79a3b"],
    }
