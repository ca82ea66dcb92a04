"""What sentences mean: a table of them, and what is asked about in return."""

import pytest

from content.thumbnails.interpret import interpret

PLACES = {
    "luxury.yacht": (("yacht_deck", "On the deck"), ("yacht_bow", "At the bow"), ("marina", "In the marina")),
    "luxury.villa": (("terrace", "On the terrace"), ("pool", "By the pool")),
    "lifestyle.travel": (("old_town", "Old town"), ("coast", "Coast road"), ("mountains", "Mountains")),
    "lifestyle.working": (("desk", "At the desk"),),
    "lifestyle.social": (("cafe", "Café"),),
    "lifestyle.home": (("kitchen", "Kitchen"),),
    "editorial.business": (("glass_tower", "Glass tower"),),
    "editorial.fashion": (("wall", "Hard light"),),
    "story.journey": (("train", "Train window"),),
    "luxury.events": (("gala", "Gala"),),
}
TEXT = ({"op": "text", "text": "X"},)


def light(**given):
    return {"op": "light", **given}


def tone(what, by):
    return {"op": "tone", "what": what, "by": by}


def text(words=None, **given):
    return {"op": "text", **({"text": words} if words else {}), **given}


def place(look, key):
    return {"op": "background", "look": look, "place": key}


SENTENCES = [
    # light
    ("more dramatic lighting", [light(drama=0.5)]),
    ("make it way more dramatic", [light(drama=0.85)]),
    ("less dramatic", [light(drama=-0.5)]),
    ("light from the left", [light(**{"from": "left"})]),
    ("Light from the left, warmer", [light(**{"from": "left"}), tone("temperature", 0.4)]),
    ("softer light from the right", [light(**{"from": "right", "drama": -0.5})]),
    ("light from above", [light(**{"from": "top"})]),
    ("backlight", [light(**{"from": "back"})]),
    ("light me from behind", [light(**{"from": "back"})]),
    ("warm light from the right", [light(**{"from": "right", "colour": "warm"})]),
    ("blue light from the left", [light(**{"from": "left", "colour": "blue"})]),
    ("blue rim light", [light(rim="blue")]),
    ("original light", [light(off=True)]),
    ("no light effects", [light(off=True)]),
    # tones
    ("brighter", [tone("exposure", 0.35)]),
    ("a bit brighter", [tone("exposure", 0.175)]),
    ("too dark", [tone("exposure", 0.35)]),
    ("it is too bright", [tone("exposure", -0.35)]),
    ("darker please", [tone("exposure", -0.35)]),
    ("warmer", [tone("temperature", 0.4)]),
    ("too warm", [tone("temperature", -0.4)]),
    ("colder", [tone("temperature", -0.4)]),
    ("more contrast", [tone("contrast", 0.4)]),
    ("less contrast", [tone("contrast", -0.4)]),
    ("not so colourful", [tone("saturation", -0.4)]),
    ("much less saturated", [tone("saturation", -0.68)]),
    ("make it pop", [tone("contrast", 0.4)]),
    ("sharper", [tone("sharpness", 0.6)]),
    ("add film grain", [tone("grain", 0.6)]),
    ("add a vignette", [tone("vignette", 0.5)]),
    ("no vignette", [{"op": "tone", "what": "vignette", "to": 0}]),
    # looks
    ("black and white", [{"op": "grade", "name": "black_white"}]),
    ("b&w", [{"op": "grade", "name": "black_white"}]),
    ("turn it to black & white with more contrast", [{"op": "grade", "name": "black_white"}, tone("contrast", 0.4)]),
    ("back to colour", [{"op": "grade", "name": ""}]),
    ("cinematic look", [{"op": "grade", "name": "cinematic"}]),
    ("without the filter", [{"op": "grade", "name": ""}]),
    # background
    ("put me on a yacht", [place("luxury.yacht", "yacht_deck")]),
    ("put me on a yacht at sunset", [place("luxury.yacht", "yacht_bow"), {"op": "grade", "name": "sunset"}]),
    ("place me in the old town", [place("lifestyle.travel", "old_town")]),
    ("mountains in the background", [place("lifestyle.travel", "mountains")]),
    ("take me to the pool", [place("luxury.villa", "pool")]),
    ("café background", [place("lifestyle.social", "cafe")]),
    ("in the office", [place("lifestyle.working", "desk")]),
    ("red background", [{"op": "background", "colour": "red"}]),
    (
        "gradient background from purple to orange",
        [{"op": "background", "colour": "purple", "to": "orange"}],
    ),
    ("remove the background", [{"op": "background", "colour": "white"}]),
    ("original background", [{"op": "background", "original": True}]),
    ("make the background darker", [tone("behind", -0.4)]),
    ("the background is too dark", [tone("behind", 0.4)]),
    ("blur the background", [{"op": "blur", "by": 0.6}]),
    ("don't blur the background", [{"op": "blur", "to": 0}]),
    ("less blur", [{"op": "blur", "by": -0.4}]),
    # crop
    ("crop closer", [{"op": "zoom", "by": 1.25}]),
    ("zoom in a little", [{"op": "zoom", "by": 1.125}]),
    ("zoom out", [{"op": "zoom", "by": 0.8}]),
    ("make me smaller", [{"op": "zoom", "by": 0.8}]),
    ("make it 1:1", [{"op": "aspect", "to": "1:1"}]),
    ("vertical format", [{"op": "aspect", "to": "9:16"}]),
    ("mirror it", [{"op": "mirror"}]),
    ("move me to the right", [{"op": "shift", "x": 0.5}]),
    ("put me in the middle", [{"op": "shift", "to": 0}]),
    # headline
    ('add the headline "BITCOIN 100K?" in yellow', [text("BITCOIN 100K?", colour="yellow")]),
    ("write “Ärger für 5 €” at the bottom", [text("Ärger für 5 €", place="bottom")]),
    ("headline: Ten days alone", [text("Ten days alone")]),
    ("add text saying I QUIT MY JOB in red", [text("I QUIT MY JOB", colour="red")]),
    ("put a headline that says 5 DAYS IN LISBON", [text("5 DAYS IN LISBON")]),
    ("headline: five days in lisbon in yellow", [text("five days in lisbon", colour="yellow")]),
    ("no text", [text(remove=True)]),
    ("without the headline, brighter", [text(remove=True), tone("exposure", 0.35)]),
    # several, and typing errors
    ("crop closer and light from the right", [{"op": "zoom", "by": 1.25}, light(**{"from": "right"})]),
    (
        "put me on the beach and add the headline “I left” in big white letters",
        [place("lifestyle.travel", "coast"), text("I left", colour="white", by=1.25)],
    ),
    ("lihgt form the left", [light(**{"from": "left"})]),
    ("more contarst", [tone("contrast", 0.4)]),
    ("blur the backgroud", [{"op": "blur", "by": 0.6}]),
    ("brigther", [tone("exposure", 0.35)]),
    ("more dramtic lighting", [light(drama=0.5)]),
]
WITH_A_HEADLINE = [
    ("bigger", [text(by=1.25)]),
    ("smaller text", [text(by=0.8)]),
    ("move the text to the left", [text(place="left")]),
    ("make it red", [text(colour="red")]),
    ("put it in a box", [text(style="box")]),
    ("without the outline", [text(style="plain")]),
    ('change the text to "Why?"', [text("Why?")]),
    ("make me bigger", [{"op": "zoom", "by": 1.25}]),
]


@pytest.mark.parametrize(("words", "wanted"), SENTENCES)
def test_sentence_is_understood(words, wanted):
    read = interpret(words, places=PLACES)
    assert list(read.operations) == wanted
    assert (read.back_to, read.needs_drawing, read.unread) == (None, (), ())


@pytest.mark.parametrize(("words", "wanted"), WITH_A_HEADLINE)
def test_headline_is_what_short_words_are_about(words, wanted):
    assert list(interpret(words, places=PLACES, done=TEXT).operations) == wanted


@pytest.mark.parametrize(
    ("words", "back_to"),
    [
        ("undo", -1),
        ("Undo that.", -1),
        ("go back", -1),
        ("go back to step 2", 2),
        ("back to picture 3", 3),
        ("start over", 0),
    ],
)
def test_going_back_is_no_edit(words, back_to):
    read = interpret(words, places=PLACES)
    assert (read.back_to, read.operations) == (back_to, ())


def test_undo_and_an_edit_in_one_sentence():
    read = interpret("undo that and make it warmer", places=PLACES)
    assert (read.back_to, list(read.operations)) == (-1, [tone("temperature", 0.4)])


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("make me look excited", "expressions"),
        ("smile more", "expressions"),
        ("give me sunglasses", "clothes"),
        ("blond hair", "hair and make-up"),
        ("let me point at the viewer with my hands", "poses"),
        ("make me younger", "changes of age or figure"),
        ("add a rocket", "new things in the picture"),
        ("put an arrow next to me", "new things in the picture"),
    ],
)
def test_what_needs_drawing_is_said_and_not_done(words, what):
    read = interpret(words, places=PLACES)
    assert read.operations == ()
    assert read.needs_drawing == (what,)
    assert "need an engine that draws" in read.reply


def test_rest_of_a_sentence_is_done_although_a_part_needs_drawing():
    read = interpret("put me in a red suit on a yacht, warmer", places=PLACES)
    assert list(read.operations) == [place("luxury.yacht", "yacht_deck"), tone("temperature", 0.4)]
    assert read.needs_drawing == ("clothes",)


def test_headline_may_speak_of_anything():
    read = interpret('headline "MAKE ME SMILE and undo it"', places=PLACES)
    assert list(read.operations) == [text("MAKE ME SMILE and undo it")]
    assert read.needs_drawing == ()


def test_unknown_words_are_quoted_with_examples():
    read = interpret("florble the wug", places=PLACES)
    assert read.is_empty
    assert "“florble the wug”" in read.reply
    assert "yacht" in read.reply


def test_other_side_is_opposite_of_the_last_light():
    done = ({"op": "light", "from": "left"},)
    assert list(interpret("light from the other side", places=PLACES, done=done).operations) == [
        light(**{"from": "right"})
    ]


def test_reply_says_what_is_done_in_plain_words():
    reply = interpret('light from the left, warmer, headline "GO" in yellow', places=PLACES).reply
    assert reply == "Light from the left, warmer, headline “GO” in yellow."


def test_places_come_from_the_engine_alone():
    read = interpret("put me on a yacht", places={"lifestyle.travel": (("coast", "Coast"),)})
    assert read.operations == ()
