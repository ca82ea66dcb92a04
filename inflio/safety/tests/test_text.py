"""Words: what must pass, what must not, spelling tricks, and which category is said."""

import pytest

from inflio.safety.text import judge_text, normalise

FINE = [
    "A portrait in Essex, golden hour",
    "Scunthorpe market at dusk",
    "bare shoulders, evening gown",
    "swimsuit at the beach, summer",
    "bikini at the pool, laughing",
    "a sexy dress on a red carpet",
    "nude lipstick and nude heels",
    "breast cancer awareness campaign",
    "with the naked eye",
    "a mother with her baby brand",
    "mother with a baby in a park",
    "father of two children cooking",
    "baby blue dress",
    "17 years of experience as a chef",
    "a 12 year old whisky on the table",
    "a 16 year old company",
    "cocktail bar, class, assassin costume, glass",
    "same-sex couple at a wedding",
    "magna cum laude graduation",
    "Dick, a tall man with a beard",
    "a kind woman with warm eyes",
    "an 18 year old woman, student",
    "25-year-old athlete",
    "girl boss in an office",
    "children's book author at her desk",
    "the girl next door, freckles, 30 years old",
    "high school teacher, 45",
    "Portrait of a woman, 35mm, f1.8, 4k",
    "sports bra and leggings in the gym",
    "a doctor for children in a hospital",
    "analysis of documents, Sussex, Middlesex",
    "unisex perfume",
    "breakfast in bed, pyjamas",
    "teacher with kids in a classroom",
    "aged 30, grey hair",
    "Is 12 noon, in Paris",
    "100% cotton t-shirt!!!",
    "she is kind, like a friend",
    "man with 15 tattoos",
    "at 17:00 in a cafe, table for 4",
    "Kind, gebildet",
    "minor edits to the light",
    "sex: female, age 30",
    "the pupil of an eye",
]
SEXUAL = [
    "nude woman",
    "n u d e portrait",
    "n.u.d.e",
    "nuuude",
    "nüde",
    "nud3",
    "n4ked",
    "пude пaked",
    "topless at the beach",
    "sexy pose in lingerie",
    "seductive, on the bed",
    "porno",
    "mujer desnuda",
    "femme nue",
    "nackte Frau",
    "голая девушка",
    "裸体 portrait",
    "remove her clothes",
    "p0rn star",
    "NSFW",
    "s e x",
    "wearing nothing but a hat",
]
MINOR = [
    "17 year old girl",
    "17-year-old",
    "sixteen year old model",
    "aged 15",
    "15yo girl",
    "une fille de 15 ans",
    "chica de 14 años",
    "ein 16-jähriges Model",
    "schoolgirl outfit",
    "school-girl uniform",
    "a child playing in the park",
    "portrait of a child",
    "as a teenager",
    "she looks like a child",
    "teen girl in a cafe",
    "young girl, freckles",
    "make her look like a kid",
    "as a lolita",
    "toddler version of her",
    "ein Kind im Park",
    "teen model, mother of two",
    "teenage girl with a mother of two",
]
BOTH = [
    "nude child",
    "sexy schoolgirl",
    "bikini, 16 years old",
]


@pytest.mark.parametrize("text", FINE)
def test_harmless_words_pass(text):
    assert judge_text(text) is None


@pytest.mark.parametrize(
    ("category", "text"),
    [("sexual", text) for text in SEXUAL]
    + [("minor", text) for text in MINOR]
    + [("sexual_minor", text) for text in BOTH],
)
def test_what_is_refused_and_as_what(category, text):
    objection = judge_text(text)
    assert objection is not None
    assert objection.category == category


def test_the_term_is_named_as_people_wrote_it_nearly():
    assert judge_text("A NÜDE woman").term == "nude"
    assert judge_text("sexy, in lingerie").term == "sexy” and “lingerie"


def test_normalise_keeps_numbers_and_undoes_tricks():
    assert normalise("18-Year-Old, N.U.D.E. p0rn, 35mm") == "18 year old, nude. porn, 35mm"


def test_long_and_strange_texts_are_judged_quickly():
    assert judge_text("a " * 20_000) is None
    assert judge_text("\u200b" * 500 + "n\u200bude").category == "sexual"
    assert judge_text("") is None
