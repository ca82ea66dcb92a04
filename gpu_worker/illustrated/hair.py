"""The hair styles of the Lorelei drawings that suit an adult, by what a description may call them."""


def word_set(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


# variant -> words; f, m and n say how the drawing is usually read: feminine, masculine or either.
HAIR = {
    "variant01": "m short straight neat side",
    "variant02": "m short straight textured",
    "variant03": "m short straight quiff",
    "variant04": "m n short messy spiky straight",
    "variant05": "n m f short medium curly afro voluminous",
    "variant06": "f n short pixie straight bangs",
    "variant07": "n m short straight curtain",
    "variant08": "m short straight quiff slick",
    "variant09": "m short curly",
    "variant10": "f medium straight bangs flipped",
    "variant12": "f n short pixie straight",
    "variant13": "f medium bob straight",
    "variant15": "f long straight",
    "variant17": "f medium straight flipped layered",
    "variant18": "f medium wavy messy voluminous",
    "variant19": "f medium bob straight bangs",
    "variant20": "n m medium messy mullet wavy",
    "variant21": "f n long straight curtain",
    "variant22": "m short curly quiff",
    "variant23": "f medium bob straight bangs",
    "variant24": "f n medium curly voluminous afro",
    "variant25": "m balding",
    "variant27": "n m f mohawk punk spiky",
    "variant28": "m balding receding short",
    "variant29": "f long wavy ponytail",
    "variant31": "f long ponytail straight",
    "variant32": "f medium wavy bun",
    "variant33": "f long ponytail straight",
    "variant35": "f long wavy curly",
    "variant36": "n m bun messy topknot",
    "variant37": "f medium wavy",
    "variant38": "f bun topknot straight",
    "variant39": "m n short curly afro fade",
    "variant42": "f long ponytail wavy bangs",
    "variant43": "n m short straight bangs",
    "variant44": "n m short curly cornrows braids slick",
    "variant46": "f bun bangs",
    "variant47": "m n buzz short shaved",
    "variant48": "f medium ponytail bangs straight",
}
HAIR_TAGS = {variant: word_set(words) for variant, words in HAIR.items()}
BALD = "variant25"

# Other words for the same thing.
HAIR_WORDS = {
    "curls": "curly", "coily": "curly", "kinky": "curly", "frizzy": "curly", "permed": "curly",
    "waves": "wavy", "sleek": "straight", "cropped": "short", "crew": "buzz", "undercut": "fade",
    "shoulder": "medium", "chin": "bob", "waist": "long", "fringe": "bangs", "chignon": "bun",
    "updo": "bun", "manbun": "bun", "dreadlocks": "braids", "dreads": "braids", "locs": "braids",
    "braid": "braids", "braided": "braids", "plaits": "braids", "cornrow": "cornrows", "tousled": "messy",
    "thinning": "balding", "tail": "ponytail", "buzzcut": "buzz", "shaggy": "messy", "big": "voluminous",
    "thick": "voluminous", "fluffy": "voluminous", "slicked": "slick", "spiked": "spiky",
}  # fmt: skip
# Nobody gets these without asking for them.
SPECIAL = word_set("ponytail bun topknot mohawk mullet punk cornrows braids balding shaved")
ALL_HAIR_TAGS = frozenset().union(*HAIR_TAGS.values()) - {"f", "m", "n"}
# These mean hair wherever they stand; "short" and the like only beside the word hair.
ALWAYS_HAIR = word_set(
    "bob ponytail bun pixie afro mohawk bangs fringe curls dreadlocks dreads locs braids cornrows buzzcut "
    "balding quiff mullet topknot manbun updo chignon curly buzz crew undercut fade"
)

HAIR_COLOURS = {
    "jet": "#17131a", "black": "#221a1f", "raven": "#17131a", "brunette": "#54321f", "brown": "#63402a",
    "chestnut": "#70402a", "hazel": "#7b5233", "caramel": "#a8713f", "honey": "#c08d4a", "blonde": "#d8ad62",
    "blond": "#d8ad62", "golden": "#d9a44a", "platinum": "#e9dcbd", "ginger": "#bb5a2c", "red": "#a8432a",
    "redhead": "#b04c2a", "copper": "#b2592f", "auburn": "#7c3626", "grey": "#9b9a9e", "gray": "#9b9a9e",
    "silver": "#b9bac0", "white": "#e4e1dc", "salt": "#8e8c8d", "pink": "#dd7fa3", "blue": "#3f66a8",
    "purple": "#77519c", "violet": "#77519c", "lilac": "#b39bd0", "green": "#3f8464", "teal": "#2f7f86",
    "turquoise": "#2f9a9b", "orange": "#cc6a2b",
}  # fmt: skip
NATURAL_HAIR = ("#221a1f", "#3a251c", "#54321f", "#63402a", "#84583a", "#a8713f", "#d8ad62", "#a8432a")
DARK_HAIR = NATURAL_HAIR[:3]
GREY_HAIR = ("#9b9a9e", "#b9bac0", "#d7d4d0")
