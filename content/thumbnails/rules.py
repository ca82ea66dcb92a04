"""The rules that turn clauses into edits: each is a pattern over one clause and what it means."""

import re
from dataclasses import dataclass, field

from content.thumbnails.places import Place, Places, find_place
from content.thumbnails.words import COLOURS, SLOT

COLOUR = rf"(?P<colour>{'|'.join(COLOURS)})"
SAME_COLOUR = {"gray": "grey", "golden": "gold", "violet": "purple", "turquoise": "cyan"}
TEXT_WORDS = rf"(?:headline|title|text|caption|words?|letters|lettering|font|{SLOT})"
NO = r"\b(?:no|not|without|remove|delete|drop|get rid of|take away|take out|take off|lose|do not|clear|hide|turn off)\b"
LESS = r"\b(?:less|lower|reduce|reduced|decrease|weaker|fewer|not so|not as|not that|too much|too)\b"
LITTLE = re.compile(r"\b(?:a bit|a little|slightly|subtly?|somewhat|a touch|a tad|bit|little)\b")
MUCH = re.compile(r"\b(?:much|a lot|way|very|really|extremely|super|far|lots|even)\b")
BIGGER = r"\b(?:bigger|larger|huge|large|big|giant|massive)\b"
SMALLER = r"\b(?:smaller|tiny|small)\b"
ME = r"\b(?:me|myself|face|person|her|him|subject|head)\b"
ASPECTS = {
    "1:1": r"1\s*[:x/]\s*1\b|\bsquare\b",
    "16:9": r"16\s*[:x/]\s*9\b|\b(?:landscape|widescreen|horizontal)\b|\byoutube (?:format|size)\b",
    "9:16": r"9\s*[:x/]\s*16\b|\b(?:vertical|upright)\b|\b(?:shorts?|story|stories|reels?|tiktok) (?:format|size)\b"
    r"|\bfor (?:shorts|reels|stories|tiktok)\b",
    "4:5": r"4\s*[:x/]\s*5\b|\b(?:instagram|portrait) (?:format|size)\b",
    "3:4": r"3\s*[:x/]\s*4\b",
    "2:3": r"2\s*[:x/]\s*3\b",
}
# Words that can only mean the format, where all others are for the engine to read: “Times Square” is a place there.
FORMAT = re.compile(
    r"(?<!\d)\d{1,2}\s*[:x]\s*\d{1,2}(?!\d)|\b\w+ (?:format|size)\b|\bfor (?:shorts|reels|stories|tiktok)\b"
    r"|\b(?:make|crop|turn|change) (?:it|this|that|the picture)(?: (?:in|to|into|a))* \w+(?=\s*(?:$|[,.;!]|and\b))"
)
# What needs an engine that draws: (what it is called, pattern, what can be done instead).
DRAWN = (
    (
        "expressions",
        r"\b(?:excited|exciting|happy|happier|sad|angry|angrier|surprised|shocked|scared|amazed|serious|smil\w+|laugh\w*|cry\w*|"
        r"scream\w*|wink\w*|frown\w*|grin\w*|expression|mouth|eyebrows?|emotion\w*|eyes?|teeth|tongue)\b",
        "start from a picture with that expression",
    ),
    (
        "clothes",
        r"\b(?:shirts?|t-shirt|dress|suit|hoodie|jacket|coat|tie|hats?|cap|clothes|clothing|outfit|wear\w*|glasses|sunglasses|"
        r"necklace|jewell?ery|earrings?|scarf|uniform|costume|helmet|crown)\b",
        "start from a picture with those clothes",
    ),
    (
        "hair and make-up",
        r"\b(?:hair\w*|haircut|beard|moustache|mustache|blond\w*|bald|make-?up|lipstick|tan|tattoos?|freckles)\b",
        "start from a picture with that look",
    ),
    (
        "poses",
        r"\b(?:pose|posing|arms?|hands?|fingers?|pointing|point at|thumbs?|sit|sitting|jump\w*|runn?ing|dancing|"
        r"hold\w*|hug\w*|turn (?:my|the|her|his|their) (?:head|face)|look(?:ing)? (?:left|right|up|down|away|at)|"
        r"full[- ]?body|lean\w*)\b",
        "start from a picture in that pose",
    ),
    (
        "changes of age or figure",
        r"\b(?:younger|older|thinner|slimmer|slim|muscular|muscles?|taller|wrinkles?|skinny)\b",
        "start from another picture",
    ),
    (
        "new things in the picture",
        r"\b(?:add|put|insert|place|draw|with|give me)\b.*\b(?:arrows?|circles?|emojis?|logo|cars?|dogs?|cats?|money|"
        r"cash|dollars?|rockets?|fire|flames?|explosion|phone|laptop|robot|friend|another person|someone|animals?|"
        r"sword|trophy|coins?|chart|graph|lightning|smoke|flag|heart|stars?|guitar|horse|lion|book|flowers?)\b",
        "say it with a headline, or choose a background that shows it",
    ),
)


@dataclass
class Reading:
    """What is being understood of one message. `has_text`: there is a headline now; `topic`: the last edit."""

    places: Places
    has_text: bool
    topic: str
    quoted: str
    side: str = ""
    operations: list[dict] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, operation: dict, words: str) -> None:
        """Note an edit and what is said about it."""
        self.operations.append(operation)
        self.said.append(words)
        self.topic = operation["op"]


@dataclass(frozen=True)
class Tone:
    """Two opposite wishes about one tone, and what is said of each."""

    what: str
    more: str
    less: str
    step: float
    up: str
    down: str


TONES = (
    Tone(
        "contrast", r"\b(?:contrast\w*|punch\w*|pop)\b", r"\b(?:flatter|flat)\b", 0.4, "more contrast", "less contrast"
    ),
    Tone(
        "saturation",
        r"\b(?:satura\w+|vivid|vibran\w+|colou?rful|more colou?rs?|stronger colou?rs?|intense colou?rs?)\b",
        r"\b(?:desaturat\w+|muted|pale|paler|(?:less|fewer) colou?r(?:s|ful)?)\b",
        0.4,
        "stronger colours",
        "calmer colours",
    ),
    Tone(
        "vignette",
        r"\b(?:vignett\w+|dark(?:er)? edges)\b",
        r"\b(?:bright(?:er)? edges)\b",
        0.5,
        "a vignette",
        "less vignette",
    ),
    Tone("grain", r"\b(?:grain\w*)\b", r"\b(?:smooth\w*|clean)\b", 0.6, "film grain", "less grain"),
    Tone("sharpness", r"\b(?:sharp\w*|crisp\w*|detail\w*)\b", r"\b(?:blurrier)\b", 0.6, "sharper", "less sharp"),
    Tone(
        "temperature",
        r"\b(?:warm\w*|cos(?:y|ier)|cozy|cozier|too (?:cold|cool|blue))\b",
        r"\b(?:cool\w*|cold\w*|bluer|icy|too (?:warm|yellow|orange|red))\b",
        0.4,
        "warmer",
        "cooler",
    ),
    Tone(
        "exposure",
        r"\b(?:bright\w*|lighter|lighten|more light|exposure|too dark)\b",
        r"\b(?:dark\w*|dim\w*|too (?:bright|light))\b",
        0.35,
        "brighter",
        "darker",
    ),
)
GRADES = (
    ("black_white", r"\b(?:blackwhite|monochrome|gr[ea]yscale)\b", "black and white"),
    ("cinematic", r"\b(?:cinema\w*|movie|film look|tealorange|hollywood)\b", "a cinematic look"),
    ("vintage", r"\b(?:vintage|retro|old[- ]school|nostalgic|polaroid)\b", "a vintage look"),
    ("noir", r"\bnoir\b", "a film noir look"),
    ("pastel", r"\bpastels?\b", "a pastel look"),
    ("neon", r"\b(?:neon(?! city)|cyberpunk|synthwave)\b(?! (?:rim|edge|light))", "a neon look"),
    ("moody", r"\b(?:moody|gloomy|mysterious)\b(?! light)", "a moody look"),
    ("sunset", r"\b(?:sunset|golden hour|dusk|sunrise|dawn|evening sun|evening light)\b", "evening light"),
    ("night", r"\b(?:night|nighttime|midnight|moonlight)\b", "a night mood"),
)


def amount(clause: str) -> float:
    """How strongly: a little 0.5, usual 1, much 1.7."""
    if LITTLE.search(clause):
        return 0.5
    return 1.7 if MUCH.search(clause) else 1.0


def colour_in(clause: str) -> str:
    """The first colour named in a clause, or nothing."""
    found = re.search(rf"\b{COLOUR}\b", clause)
    return SAME_COLOUR.get(found["colour"], found["colour"]) if found else ""


def has(clause: str, pattern: str) -> bool:
    """Whether a pattern occurs."""
    return re.search(pattern, clause) is not None


def drawn(clause: str) -> tuple[str, str] | None:
    """(what, instead) when a clause asks for something only a drawing engine can do."""
    for what, pattern, instead in DRAWN:
        if has(clause, pattern):
            return what, instead
    return None


def named_place(clause: str, places: Places) -> tuple[Place, str] | None:
    """A background that the clause asks for, and the words that name it."""
    asked = has(
        clause,
        r"\b(?:background|scene|setting|backdrop|put|place|set|take|move|bring|teleport|show|stand\w*|"
        r"in|on|at|to|aboard|beside|near|by|as if)\b",
    )
    found = find_place(clause, places)
    if found and (asked or len(clause.split()) <= len(found[1].split()) + 1):
        return found
    return None
