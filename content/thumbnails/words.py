"""Cleaning a sentence before it is read: quoted words put aside, small typing errors mended, clauses taken apart."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

SLOT = "headlinewords"  # stands for the quoted words
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]+)[\"“”„«»]|(?<!\w)['‘]([^'‘’]{2,}?)['’](?!\w)")
_COLOURS = """
    white black grey gray yellow gold golden orange red pink magenta purple violet blue navy cyan turquoise teal green
    lime beige brown
"""
COLOURS = tuple(_COLOURS.split())
_LOOKS = "|".join((*COLOURS, "bold", "capitals", "letters", "middle", "centre", "center", "corner"))
# "headline: Ten days alone" and "headline saying ten days alone", without quotation marks
UNQUOTED = re.compile(
    r"\b(?:headline|title|text|caption|words)\b(?:\s+(?:that\s+)?(?:says|saying|reads|reading|called)\b\s*:?|\s*:)\s*"
    rf"(.+?)(?=\s+(?:in|on|at)\s+(?:the\s+)?(?:(?:{_LOOKS})\s*$|big|left|right|top|bottom)|[,;]|\s+and\s+(?:make|put|add|blur)\b|$)",
    re.IGNORECASE,
)
TOGETHER = (
    (re.compile(r"\bblack\s*(?:and|&|n|\+|-)\s*white\b|\bb\s*[&/]\s*w\b"), "blackwhite"),
    (re.compile(r"\bteal\s*(?:and|&|-)\s*orange\b"), "tealorange"),
    (re.compile(r"\bblack\s+or\s+white\b"), "blackwhite"),
    (re.compile(r"\bhead\s+and\s+shoulders\b"), "headshoulders"),
)
CLAUSE = re.compile(r"[;,!\n]|\.(?!\d)|\b(?:and|then|but|also|plus|&)\b")
_PLAIN = """
    about above add after again all also another around away back because before behind being below better between
    bigger blank both bring bottom change clear close closer colour color colours colors could crop different does down
    each edge edges even every face fine first format from front give going good great have here higher hold image into
    just keep last later left less light like little look looks lower make maybe middle more most move much need nice
    noise normal nothing only other over part person photo picture place please plain position post pretty quite really
    right round same scene second set should show side simple size small smaller some something stand start step still
    style such take than thanks that their them then there these thing think this those thumbnail time today together
    towards turn under until upper use version very want well what when where which while whole wide will with without
    word words would write your yourself leave upside person people three third fourth fifth
"""
PLAIN = frozenset(_PLAIN.split())  # right as they are


@dataclass(frozen=True)
class Sentence:
    """Clauses in lower case, and the quoted words, which a clause names by SLOT."""

    clauses: tuple[str, ...]
    quoted: str


def read_sentence(text: str, vocabulary: frozenset[str]) -> Sentence:
    """Put quoted words aside, mend typing errors against `vocabulary`, and split what is left into clauses."""
    text = " ".join(text.split())
    quoted = ""
    if found := QUOTED.search(text):
        quoted = (found[1] or found[2]).strip()
        text = f"{text[: found.start()]} {SLOT} {text[found.end() :]}"
    elif found := UNQUOTED.search(text):
        quoted = found[1].strip(" .")
        text = f"{text[: found.start(1)]} {SLOT} {text[found.end(1) :]}"
    text = text.lower().replace("’", "'").replace("don't", "do not").replace("isn't", "is not")
    text = re.sub(r"\bform the\b", "from the", text)
    for pattern, word in TOGETHER:
        text = pattern.sub(word, text)
    clauses = (mend(" ".join(part.split()), vocabulary) for part in CLAUSE.split(text))
    return Sentence(tuple(clause for clause in clauses if clause), quoted)


def mend(clause: str, vocabulary: frozenset[str]) -> str:
    """The clause with small typing errors corrected to words that mean something here."""
    return re.sub(r"[a-zé]{5,}", lambda found: _mended(found[0], vocabulary), clause)


def _mended(word: str, vocabulary: frozenset[str]) -> str:
    if word in vocabulary or word in PLAIN or word == SLOT:
        return word
    near = get_close_matches(word, vocabulary, n=1, cutoff=0.78)
    if near and near[0][0] == word[0] and len(near[0]) >= 5 and abs(len(near[0]) - len(word)) <= 2:
        return near[0] if not word.startswith(near[0]) else word  # "brightly" is no error for "bright"
    return word
