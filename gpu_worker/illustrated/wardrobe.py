"""Clothes for the drawn person, in the coordinates of the figure: the neck ends at about (475, 910)."""

from dataclasses import dataclass

from gpu_worker.illustrated.look import INK, mix

TORSO = (
    "M262 838C205 872 90 900 10 968C-60 1030-90 1200-100 1700L1060 1700C1050 1200 1020 1030 950 962"
    "C880 905 745 868 678 812L470 800Z"
)
NECKLINE = "M259 839C290 905 390 924 475 923C570 922 644 890 677 813"
TURTLENECK = (
    "M344 736C392 790 488 818 600 776C612 794 650 792 692 802C684 922 560 950 470 950"
    "C372 950 268 930 256 842C300 822 336 800 344 736Z"
)
SHIRT = "M256 850C300 905 390 924 475 923C570 922 640 895 680 830L700 1000 560 1700 400 1700 240 1000Z"
COLLAR_LEFT = "M262 838L226 902 384 1034 476 928C400 922 312 892 284 846Z"
COLLAR_RIGHT = "M677 812L712 880 570 1030 476 928C560 922 636 890 660 836Z"
LAPEL_LEFT = "M240 862L146 990 226 1046 196 1100 452 1700 480 1700C420 1440 330 1190 252 930Z"
LAPEL_RIGHT = "M704 852L806 978 728 1036 758 1090 502 1700 474 1700C534 1440 624 1190 692 918Z"
FRONT_LEFT = (
    "M258 842C200 880 176 930 196 1010C250 1180 320 1400 352 1700L250 1700-100 1700"
    "C-90 1200-60 1030 10 968C90 900 205 872 258 842Z"
)
FRONT_RIGHT = (
    "M680 812C744 868 764 920 746 1000C690 1180 626 1400 596 1700L1060 1700C1050 1200 1020 1030 950 962"
    "C880 905 745 868 680 812Z"
)
STAND_LEFT = "M258 836L196 862C150 930 150 1010 206 1084L300 1004C262 952 252 900 262 846Z"
STAND_RIGHT = "M678 810L742 838C792 900 796 990 744 1066L648 992C684 940 692 880 678 820Z"
HOOD = (
    "M250 830C190 840 140 870 120 920C180 1010 330 1060 478 1060C620 1060 760 1000 812 900"
    "C790 850 740 815 684 806C676 900 580 940 475 940C380 940 280 920 250 830Z"
)
SLEEVES = "M92 1150C112 1290 108 1450 112 1700M868 1140C848 1290 852 1450 848 1700"

# What each garment comes in: its cloth and, where it has one, the shirt under it.
CLOTHES = {
    "blazer": (("#2c3a57", "#f4f1ea"), ("#3b3a40", "#e9eef2"), ("#5b4a44", "#f5efe4"), ("#27454a", "#f4f1ea")),
    "tee": (("#d9774f", "#fff"), ("#3f7f78", "#fff"), ("#e0b04c", "#fff"), ("#c9545a", "#fff")),
    "hoodie": (("#d98e4a", "#fff"), ("#6d8f6a", "#fff"), ("#c65f4e", "#fff"), ("#e6dcc8", "#fff")),
    "jacket": (("#26242f", "#e4e0da"), ("#2a2b3d", "#d94f4f"), ("#3a2430", "#f0c24b"), ("#1f3038", "#f4f0ea")),
    "turtleneck": (("#2f3440", "#fff"), ("#57413c", "#fff"), ("#2e4440", "#fff"), ("#6a3f46", "#fff")),
    "overshirt": (("#71805a", "#efe6d6"), ("#4d6680", "#f2ece0"), ("#a0643f", "#f3ead9"), ("#6f5a73", "#efe6d6")),
}


@dataclass(frozen=True)
class Outfit:
    """SVG in two layers: behind the head, and between neck and front hair."""

    body: str
    collar: str


def dress(garment: str, cloth: str, second: str, lowered: bool) -> Outfit:
    """The garment (tee, turtleneck, blazer, jacket, hoodie or overshirt) in two #rrggbb colours.

    `lowered` fits it to the longer neck of the softer head.
    """
    body, collar = _GARMENTS[garment](cloth, second)
    shift = (24, 26) if lowered else (0, 0)
    # The collar is drawn inside the head, whose origin lies at (207, 171).
    return Outfit(
        body=f'<g transform="translate({shift[0]} {shift[1]})">{body}</g>',
        collar=f'<g transform="translate({shift[0] - 207} {shift[1] - 171})">{collar}</g>',
    )


def _shape(outline: str, fill: str, width: float = 13) -> str:
    return (
        f'<path d="{outline}" fill="{fill}" stroke="{INK}" stroke-width="{width}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _line(outline: str, colour: str = INK, width: float = 9) -> str:
    return f'<path d="{outline}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'


def _darker(colour: str, share: float = 0.22) -> str:
    return mix(colour, "#140f1c", share)


def _band(colour: str) -> str:
    return _line(NECKLINE, INK, 46) + _line(NECKLINE, colour, 24)


def _buttons(colour: str, x: int = 476) -> str:
    return "".join(f'<circle cx="{x + 14}" cy="{y}" r="9" fill="{colour}"/>' for y in (1080, 1210, 1340))


def _tee(cloth: str, second: str) -> tuple[str, str]:
    folds = _line("M250 1060C300 1100 330 1110 380 1112M690 1050C650 1090 620 1100 580 1104", _darker(cloth), 8)
    return _shape(TORSO, cloth) + _line(SLEEVES) + folds, _band(_darker(cloth))


def _turtleneck(cloth: str, second: str) -> tuple[str, str]:
    ribs = "".join(
        _line(f"M{x} {900 - abs(x - 470) * 0.1:.0f}L{x + 4} 838", _darker(cloth), 7) for x in range(310, 640, 46)
    )
    return _shape(TORSO, cloth) + _line(SLEEVES), _shape(TURTLENECK, mix(cloth, "#ffffff", 0.08)) + ribs


def _shirt(cloth: str) -> str:
    return (
        _shape(SHIRT, cloth, 10) + _line("M476 930L476 1700", _darker(cloth, 0.35), 7) + _buttons(_darker(cloth, 0.4))
    )


def _blazer(cloth: str, second: str) -> tuple[str, str]:
    lapels = _shape(LAPEL_LEFT, _darker(cloth)) + _shape(LAPEL_RIGHT, _darker(cloth))
    points = _shape(COLLAR_LEFT, second, 10) + _shape(COLLAR_RIGHT, second, 10)
    pocket = _line("M690 1290L800 1274", _darker(cloth, 0.4), 12)
    return _shape(TORSO, cloth) + _line(SLEEVES) + _shirt(second), points + lapels + pocket


def _jacket(cloth: str, second: str) -> tuple[str, str]:
    fronts = _shape(FRONT_LEFT, cloth) + _shape(FRONT_RIGHT, cloth) + _line(SLEEVES)
    stands = _shape(STAND_LEFT, _darker(cloth)) + _shape(STAND_RIGHT, _darker(cloth))
    zip_teeth = _line("M214 1030C262 1190 322 1400 350 1690M738 1020C690 1190 632 1400 602 1690", "#c9c3bd", 5)
    return _shape(TORSO, second), _band(_darker(second)) + fronts + zip_teeth + stands


def _hoodie(cloth: str, second: str) -> tuple[str, str]:
    cords = _line("M352 1040C346 1110 350 1180 344 1230M610 1030C618 1110 612 1170 620 1226", "#f4efe8", 11)
    return _shape(TORSO, cloth) + _line(SLEEVES), _shape(HOOD, _darker(cloth, 0.14)) + cords


def _overshirt(cloth: str, second: str) -> tuple[str, str]:
    fronts = _shape(FRONT_LEFT, cloth) + _shape(FRONT_RIGHT, cloth) + _line(SLEEVES)
    points = _shape("M256 838L196 880 250 1070 352 980C300 940 270 900 262 846Z", _darker(cloth, 0.12))
    points += _shape("M680 812L744 858 700 1056 596 972C650 930 676 880 678 820Z", _darker(cloth, 0.12))
    pocket = _shape("M700 1240H840V1390H700Z", _darker(cloth, 0.08), 9)
    return _shape(TORSO, second), _band(_darker(second)) + fronts + pocket + points


_GARMENTS = {
    "tee": _tee,
    "turtleneck": _turtleneck,
    "blazer": _blazer,
    "jacket": _jacket,
    "hoodie": _hoodie,
    "overshirt": _overshirt,
}
