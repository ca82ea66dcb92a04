"""Reads one clause: light, tones, background, crop and headline, each taking its own words away."""

import re

from content.thumbnails.headlines import read_headline
from content.thumbnails.rules import (
    ASPECTS,
    BIGGER,
    COLOUR,
    GRADES,
    LESS,
    ME,
    NO,
    SMALLER,
    TONES,
    Reading,
    Tone,
    amount,
    colour_in,
    has,
    named_place,
)

SIDE = r"(?P<side>left|right|top|above|front|behind|back|below)"
SIDES = {"above": "top", "behind": "back"}
OPPOSITE = {"left": "right", "right": "left", "top": "front", "front": "top", "back": "front"}


def read_clause(reading: Reading, clause: str) -> bool:
    """Add what a clause asks for; whether anything in it was understood."""
    before = len(reading.operations)
    for read in (read_headline, _background, _blur, _aspect, _light, _grade, _tones, _crop, _mirror):
        clause = read(reading, clause)
    return len(reading.operations) > before


def _background(reading: Reading, clause: str) -> str:
    """Another background: a place, a colour, a gradient, its brightness, or the own one again."""
    names_it = has(clause, r"\b(?:background|backdrop|behind me)\b")
    if names_it and (found := re.search(r"\b(too )?(dark|bright|light)\w*\b", clause)):
        way = 1 if (found[2] == "dark") == bool(found[1]) else -1
        reading.add(
            {"op": "tone", "what": "behind", "by": way * 0.4 * amount(clause)},
            "a brighter background" if way > 0 else "a darker background",
        )
        return ""
    if names_it and has(clause, r"\b(?:original|old|own|first|previous|real|restore)\b"):
        reading.add({"op": "background", "original": True}, "the picture's own background")
        return ""
    if has(clause, r"\b(?:blur\w*|bokeh|focus|sharp\w*|bright\w*|dark\w*)\b"):
        return clause
    if found := named_place(clause, reading.places):
        place, words = found
        if has(clause, NO):
            return clause
        reading.add(
            {"op": "background", "look": place.look, "place": place.place}, f"another background: {place.title}"
        )
        # The hour is also a matter of light: it is read again as a look.
        return clause.replace(re.sub(r" at (?:sunset|night)$", "", words), " ")
    gradient = re.search(rf"\b{COLOUR}\b\s*(?:to|into|-|and)\s*(?P<to>\w+)", clause)
    if (names_it or has(clause, r"\bgradient\b")) and gradient and (to := colour_in(gradient["to"])):
        colour = colour_in(gradient["colour"])
        reading.add({"op": "background", "colour": colour, "to": to}, f"a background from {colour} to {to}")
        return ""
    if names_it and (colour := colour_in(clause)):
        reading.add({"op": "background", "colour": colour}, f"a plain {colour} background")
        return ""
    if names_it and has(clause, NO + r"|\b(?:plain|empty|clean|solid|simple|blank)\b"):
        reading.add({"op": "background", "colour": "white"}, "a plain white background")
        return ""
    return clause


def _blur(reading: Reading, clause: str) -> str:
    blurred = r"\b(?:blur\w*|bokeh|defocus\w*|out of focus)\b"
    sharp = r"\bsharp\w*\b.*\bbackground\b|\bbackground\b.*\bsharp\w*\b|\bbackground in focus\b"
    if has(clause, sharp) and not has(clause, blurred):
        reading.add({"op": "blur", "to": 0}, "the background sharp again")
        return ""
    if not has(clause, blurred):
        return clause
    if has(clause, NO):
        reading.add({"op": "blur", "to": 0}, "the background without blur")
    elif has(clause, LESS):
        reading.add({"op": "blur", "by": -0.4 * amount(clause)}, "less blur behind")
    else:
        reading.add({"op": "blur", "by": 0.6 * amount(clause)}, "the background blurred")
    return ""


def _aspect(reading: Reading, clause: str) -> str:
    for aspect, pattern in ASPECTS.items():
        if has(clause, pattern):
            reading.add({"op": "aspect", "to": aspect}, f"format {aspect}")
            return re.sub(pattern, " ", clause)
    return clause


def _light(reading: Reading, clause: str) -> str:
    """Direction, hardness and colour of the light on the person."""
    lit = r"\b(?:light|lights|lighting|lit|illuminat\w+|lamp|sun|spotlight)\b"
    operation: dict = {"op": "light"}
    words: list[str] = []
    if found := re.search(r"\bfrom (?:the |my )?(?:other side|opposite)\b", clause):
        operation["from"] = OPPOSITE.get(reading.side, "right")
    elif found := re.search(rf"\bfrom (?:the |my |its )?{SIDE}\b", clause):
        operation["from"] = SIDES.get(found["side"], found["side"])
    elif has(clause, r"\b(?:back ?lights?|backlit|back ?lighting)\b"):
        operation["from"] = "back"
    elif has(clause, r"\bside ?(?:light|lit)\w*\b"):
        operation["from"] = "left"
    elif found := re.search(
        rf"\b{SIDE}(?: side)? {lit}|{lit} (?:on|at) (?:the |my )?{SIDE.replace('side', 'where')}", clause
    ):
        side = found["side"] or found["where"]
        operation["from"] = SIDES.get(side, side)
    if operation.get("from") == "below":
        operation["from"] = "front"
    if "from" in operation:
        reading.side = operation["from"]
        words.append(
            {"back": "light from behind", "top": "light from above"}.get(reading.side, f"light from the {reading.side}")
        )
    speaks = has(clause, lit) or "from" in operation
    if (
        speaks
        and has(clause, NO + r".*" + lit + r"|\b(?:original|normal|natural|reset)\b.*" + lit)
        and len(operation) == 1
    ):
        reading.add({"op": "light", "off": True}, "the picture's own light")
        return ""
    words += _light_character(reading, clause, operation, speaks)
    if len(operation) == 1:
        return clause
    reading.add(operation, ", ".join(words))
    clause = re.sub(rf"\bfrom (?:the |my |its )?{SIDE}\b|{lit}|\bback ?lit\b", " ", clause)
    return (
        re.sub(r"\b(?:dramatic\w*|soft\w*|hard\w*|harsh\w*|warm|cool|cold|too)\b", " ", clause)
        if len(words)
        else clause
    )


def _light_character(reading: Reading, clause: str, operation: dict, speaks: bool) -> list[str]:
    words = []
    dramatic = has(clause, r"\bdramat\w*|\bmoody light\w*|\bchiaroscuro\b|\bepic\b")
    hard = speaks and has(clause, r"\b(?:hard\w*|harsh\w*|strong\w*)\b")
    soft = has(clause, r"\bsoft\w*\b") or (speaks and has(clause, r"\b(?:flat\w*|gentle|gentler|diffuse\w*|even)\b"))
    if dramatic or hard or soft:
        up = (dramatic or hard) and not soft
        if has(clause, LESS) or has(clause, NO):
            up = not up
        operation["drama"] = (0.5 if up else -0.5) * amount(clause)
        words.append("more dramatic light" if up else "softer light")
    rim = has(clause, r"\b(?:rim|edge|hair|neon|contour)[ -]?lights?\w*|\bglow\w*|\boutline of light\b")
    colour = colour_in(clause)
    if rim:
        operation["rim"] = colour or "white"
        words.append(f"a {colour} rim light" if colour else "a rim light")
    elif speaks and colour:
        operation["colour"] = colour
        words.append(f"{colour} light")
    elif speaks and (found := re.search(r"\b(warm|cool|cold) (?:\w+ )?light", clause)):
        operation["colour"] = {"cold": "cool"}.get(found[1], found[1])
        words.append(f"{found[1]} light")
    return words


def _grade(reading: Reading, clause: str) -> str:
    if has(clause, r"\b(?:back to|back in|in|with|full) colou?rs?\b|\bcolou?r again\b") or (
        has(clause, NO) and has(clause, r"\b(?:filter|look|grade|effect|blackwhite|cinematic|vintage)\b")
    ):
        reading.add({"op": "grade", "name": ""}, "the picture's own colours")
        return ""
    for name, pattern, words in GRADES:
        if has(clause, pattern):
            reading.add({"op": "grade", "name": name}, words)
            return re.sub(pattern, " ", clause)
    return clause


def _tones(reading: Reading, clause: str) -> str:
    for tone in TONES:
        up, down = has(clause, tone.more), has(clause, tone.less)
        if not up and not down:
            continue
        rest = re.sub(tone.more, " ", re.sub(tone.less, " ", clause))
        if has(rest, NO) and tone.what in ("vignette", "grain", "sharpness"):
            reading.add({"op": "tone", "what": tone.what, "to": 0}, f"no {tone.what}")
            return ""
        way = _way(tone, clause, rest)
        reading.add(
            {"op": "tone", "what": tone.what, "by": way * tone.step * amount(rest)}, tone.up if way > 0 else tone.down
        )
        clause = rest
    return clause


def _way(tone: Tone, clause: str, rest: str) -> int:
    """1 for more, -1 for less of a tone; rest: the clause without the words for the tone."""
    more, less = re.search(tone.more, clause), re.search(tone.less, clause)
    if less and less[0].startswith("too"):
        return -1
    if more and more[0].startswith("too"):
        return 1
    way = 1 if more else -1
    return -way if has(rest, LESS) or has(rest, NO) else way


def _crop(reading: Reading, clause: str) -> str:
    """Closer, wider, and where in the frame the person stands."""
    if has(clause, r"\b(?:closer|close[- ]?up|zoom(?:ed)? in|tighter|tight|nearer|headshoulders|zoom)\b(?!.*\bout\b)"):
        wider = has(clause, r"\b(?:less zoom|not so close|less close|too close|too tight|less tight)\b")
    elif has(clause, r"\b(?:zoom(?:ed)? out|wider|further|farther|more room|more space|step back|less zoom)\b"):
        wider = True
    elif has(clause, BIGGER) and (has(clause, ME) or not reading.has_text):
        wider = False
    elif has(clause, SMALLER) and (has(clause, ME) or not reading.has_text):
        wider = True
    else:
        return _shift(reading, clause)
    step = 1 + 0.25 * amount(clause)
    reading.add({"op": "zoom", "by": round(1 / step if wider else step, 3)}, "wider" if wider else "closer")
    return ""


def _shift(reading: Reading, clause: str) -> str:
    found = re.search(r"\b(left|right|up|higher|down|lower|middle|centre|center)\b", clause)
    moves = has(clause, r"\b(?:move|shift|put|place|slide|stand|me|push)\b")
    if not found or not moves:
        return clause
    step = 0.5 * amount(clause)
    across = {"left": -step, "right": step}.get(found[1])
    if across is not None:
        reading.add({"op": "shift", "x": across}, f"you further to the {found[1]}")
    elif found[1] in ("middle", "centre", "center"):
        reading.add({"op": "shift", "to": 0}, "you in the middle")
    else:
        up = found[1] in ("up", "higher")
        reading.add({"op": "shift", "y": -step if up else step}, f"you {'higher' if up else 'lower'}")
    return ""


def _mirror(reading: Reading, clause: str) -> str:
    if has(clause, r"\b(?:mirror\w*|flip\w*|other way (?:a)?round|reverse)\b"):
        reading.add({"op": "mirror"}, "mirrored")
        return ""
    return clause
