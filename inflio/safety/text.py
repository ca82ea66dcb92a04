"""Judge words by lists and rules: pure functions, which undo spelling tricks and look at whole words only."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "words"
ADULT = 18
LEET = str.maketrans("013457@$!|", "oieastasii")
LOOK_ALIKES = str.maketrans("асеорхуіјѕԁɡпкмтвн", "aceopxyijsdgnkmtbh")  # Cyrillic letters that look Latin
SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-_*,/]{1,2}){2,}[^\W\d_](?!\w)")
NUMBERS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
NUMBER = rf"(?P<age>\d{{1,2}}|{'|'.join(NUMBERS)})"
YEARS = r"(?:years?|yrs?|yo|y o|anos|ans|jahre|jahrige?[rns]?|anni|лет|года?|років)"
AGES = (
    re.compile(rf"\b{NUMBER} ?{YEARS} (?:old|alt|d age)\b"),
    re.compile(rf"\b{NUMBER} ?(?:yo|y o|jahrige?[rns]?)\b"),
    re.compile(rf"\b{NUMBER} (?:year|yr)s? old\b"),
    re.compile(rf"\b(?:aged?|age of|edad|alter|turned|turning|only|just|is|de|di) (?:is )?{NUMBER}(?: {YEARS})?\b"),
    re.compile(rf"\b{NUMBER} (?:anos|ans|anni|лет|года?|років)\b"),
)
BARE_AGE = ("turned", "turning", "only", "just", "is", "de", "di")  # need years after the number
OLD_THINGS = re.compile(
    r"^ ?(?:\w+ ){0,2}(?:whisky|whiskey|scotch|rum|wine|cheese|brand|company|business|building|house|car|tree|oak|"
    r"temple|castle|church|bridge|tradition|recipe|experience|anniversary|sherry|cognac|band|studio|blog|channel)\b"
)
DEPICTED = (
    r"(?:^|[.,:;] ?)(?:an? |the |one |two |some )?(?:\w+ ){{0,2}}?{term}\b",
    r"\b(?:as|like|into|of) (?:an? |the )?(?:\w+ ){{0,2}}?{term}\b",
    r"\b(?:she|he|her|him|person|persona|model|who|i) (?:is|s|am|looks? like) (?:an? |the |still )?(?:\w+ )?{term}\b",
    r"\b{term} (?:girl|boy|model|influencer|version|actress|face|body|idol)\b",
    r"\b(?:make|turn) (?:her|him|me|it) (?:look )?(?:like )?(?:an? )?{term}\b",
)
COMPANY = (
    r"\b(?:mother|father|mom|mum|dad|parents?|teacher|nanny|doctor|nurse|author|coach) (?:of|with|for|to) "
    r"(?:\w+ ){{0,4}}{term}\b"
)


@dataclass(frozen=True)
class Objection:
    """Why words are refused. category: as in Refusal.Category; term: what was found, as it reads in the list."""

    category: str
    term: str


def judge_text(text: str) -> Objection | None:
    """The objection to these words, or None; the gravest one when there are several."""
    plain = normalise(text)
    words = _without_harmless(plain)
    explicit = _find(words, "explicit.txt")
    suggestive = _find(words, "suggestive.txt")
    sexual = explicit or suggestive
    always = _find(words, "minors_always.txt")
    young = _young_age(plain)
    minors = [*always, *young, *_find(words, "minors.txt")]
    if sexual and minors:
        return Objection("sexual_minor", minors[0])
    if explicit:
        return Objection("sexual", explicit[0])
    if len(suggestive) > 1:
        return Objection("sexual", f"{suggestive[0]}” and “{suggestive[1]}")
    depicted = always or young or [term for term in minors if _is_depicted(words, term)]
    return Objection("minor", depicted[0]) if depicted else None


def normalise(text: str) -> str:
    """Lower case without accents, invisible letters, look-alikes and punctuation, words one space apart."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(letter for letter in text if unicodedata.category(letter) not in {"Mn", "Cf"})
    text = unicodedata.normalize("NFC", text)
    text = SPACED_OUT.sub(lambda match: re.sub(r"[^\w]|_", "", match.group()), text)
    text = " ".join(_plain_word(word) for word in re.split(r"[\s\-_/]+", text))
    text = re.sub(r"(\D)\1{2,}", r"\1", text)
    return " ".join(re.sub(r"[^\w\s.,:;]", " ", text).split())


def _plain_word(word: str) -> str:
    """Undo letters replaced by digits, signs or look-alikes, in words that mix them; numbers stay numbers."""
    if re.search(r"[a-z]", word) and re.search(r"[а-яіј]", word):
        word = word.translate(LOOK_ALIKES)
    core = word.strip(".,:;!?()\"'“”")
    mixed = re.search(r"[a-z]", core) and re.search(r"[0-9@$!|]", core)
    if mixed and not re.fullmatch(r"\d+(?:yo|yr|yrs|y|k|px|mm|cm|s|st|nd|rd|th)", core):
        return word.replace(core, core.translate(LEET))
    return word


@cache
def _terms(name: str) -> tuple[str, ...]:
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    found = {line.split("#")[0].strip() for line in lines}
    return tuple(sorted(found - {""}, key=len, reverse=True))


@cache
def _pattern(name: str) -> re.Pattern:
    """Any term of a list as whole words; scripts without spaces between words match anywhere."""
    spaced = [re.escape(term) for term in _terms(name) if not _is_unspaced(term)]
    unspaced = [re.escape(term) for term in _terms(name) if _is_unspaced(term)]
    parts = [rf"\b(?:{'|'.join(spaced)})\b", *(["|".join(unspaced)] if unspaced else [])]
    return re.compile("|".join(parts))


def _is_unspaced(term: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in term)


def _find(words: str, name: str) -> list[str]:
    """Different terms of a list that occur, in the order of the text."""
    return list(dict.fromkeys(match.group() for match in _pattern(name).finditer(words)))


def _without_harmless(words: str) -> str:
    """Take harmless phrases out, leaving a mark that no rule reads across."""
    return _pattern("harmless.txt").sub(" ~ ", words)


def _young_age(words: str) -> list[str]:
    """Ages under 18 that are stated of somebody, not of a whisky or a company."""
    found = []
    for pattern in AGES:
        for match in pattern.finditer(words):
            stated = match["age"]
            years = NUMBERS.index(stated) + 10 if stated in NUMBERS else int(stated)
            first = match.group().split()[0]
            bare = first in BARE_AGE and not re.search(YEARS, match.group())
            if years < ADULT and not bare and not OLD_THINGS.match(words[match.end() :]):
                found.append(match.group())
    return found


def _is_depicted(words: str, term: str) -> bool:
    """Whether a word for a child says who is to be seen, rather than who else is there."""
    term = re.escape(term)
    words = re.sub(COMPANY.format(term=term), " ~ ", words)
    return any(re.search(pattern.format(term=term), words) for pattern in DEPICTED)
