"""The words of the 17 looks, as a first version that the back office can change."""

from django.db import migrations

NATURAL = "natural light, golden hour warmth from one side"
STUDIO = "dramatic studio light, one hard key and a clear edge light"
SOFT = "soft, flattering light from a large window or a softbox"
MOODY = "moody, atmospheric light, low key, air you can see"
PREMIUM = "golden hour, warm premium light with long soft shadows"

# look: (sentence, light, pose, setting)
TEMPLATES = {
    "lifestyle.working": (
        "Candid {content_type} of {persona}, in the middle of a working day, {setting}. {pose}. {light}. {style}",
        NATURAL,
        "relaxed and absorbed, looking up for a moment",
        "at a wooden desk by a window, laptop and coffee within reach",
    ),
    "lifestyle.travel": (
        "Travel {content_type} of {persona}, somewhere worth the journey, {setting}. {pose}. {light}. {style}",
        NATURAL,
        "relaxed, candid, half turned back to the camera",
        "in the old town of a coastal city, pale stone and shutters behind",
    ),
    "lifestyle.home": (
        "Quiet {content_type} of {persona}, at home, {setting}. {pose}. {light}. {style}",
        "soft natural morning light through thin curtains",
        "relaxed, at ease, an unposed smile",
        "in a lived-in living room with plants and books",
    ),
    "lifestyle.social": (
        "Candid {content_type} of {persona}, out with friends, {setting}. {pose}. {light}. {style}",
        "the last golden light mixed with strings of warm lamps",
        "relaxed, laughing at something just said",
        "at a table on a rooftop terrace, the city out of focus",
    ),
    "editorial.magazine_cover": (
        "Magazine cover {content_type} of {persona}, {setting}, calm empty space above the head for a title. "
        "{pose}. {light}. {style}",
        STUDIO,
        "powerful, confident, eyes straight into the lens",
        "in front of a seamless studio backdrop in one deep colour",
    ),
    "editorial.fashion": (
        "Fashion editorial {content_type} of {persona}, clear shapes and strong colour, {setting}. "
        "{pose}. {light}. {style}",
        "hard directional light with graphic shadows",
        "powerful, angular, unsmiling and sure",
        "against a plain concrete wall",
    ),
    "editorial.business": (
        "Business editorial {content_type} of {persona}, {setting}. {pose}. {light}. {style}",
        "dramatic daylight from tall windows, controlled contrast",
        "powerful, confident, arms at rest, direct gaze",
        "on a high floor of glass and stone, the city behind",
    ),
    "portrait.headshot": (
        "Headshot, {content_type} of {persona}, {setting}. {pose}. {light}. {style}",
        SOFT,
        "direct gaze, composed, the hint of a smile",
        "plain light grey backdrop",
    ),
    "portrait.creative": (
        "Creative {content_type} of {persona}, coloured light and the play of shadow, {setting}. "
        "{pose}. {light}. {style}",
        "two coloured lights, teal against amber, soft on the skin",
        "direct gaze, composed, chin slightly raised",
        "dark studio with a single coloured wall",
    ),
    "portrait.professional": (
        "Professional {content_type} of {persona}, {setting}. {pose}. {light}. {style}",
        SOFT,
        "direct gaze, composed, shoulders a little turned",
        "in an office with shelves of books out of focus",
    ),
    "story.journey": (
        "Story-telling {content_type} of {persona}, on the way somewhere, {setting}. {pose}. {light}. {style}",
        MOODY,
        "thoughtful and authentic, looking past the camera",
        "on a train at dusk, hills passing in the window",
    ),
    "story.transformation": (
        "Story-telling {content_type} of {persona}, at the moment something changes, stepping from the dark into light, "
        "{setting}. {pose}. {light}. {style}",
        "deep shadow on one side, clear light opening on the other",
        "emotional and authentic, taking a breath",
        "in a bare room with one bright doorway",
    ),
    "story.behind_scenes": (
        "Behind the scenes {content_type} of {persona}, between two takes, {setting}. {pose}. {light}. {style}",
        "practical lamps, a mirror's bulbs, the spill of a film light",
        "authentic, unguarded, in the middle of getting ready",
        "on a set with light stands, cables and a make-up mirror",
    ),
    "luxury.yacht": (
        "Elegant {content_type} of {persona}, on the water, {setting}. {pose}. {light}. {style}",
        PREMIUM,
        "elegant, sophisticated, one hand at the rail",
        "on the teak deck of a sailing yacht, open sea behind",
    ),
    "luxury.villa": (
        "Elegant {content_type} of {persona}, {setting}. {pose}. {light}. {style}",
        PREMIUM,
        "elegant, sophisticated, unhurried",
        "on the terrace of a modern villa, pool and cypresses behind",
    ),
    "luxury.shopping": (
        "Elegant {content_type} of {persona}, an afternoon of shopping, {setting}. {pose}. {light}. {style}",
        "warm light from shop windows, polished reflections",
        "elegant, sophisticated, caught mid-step",
        "in a glass-roofed arcade of boutiques",
    ),
    "luxury.events": (
        "Elegant {content_type} of {persona}, at an evening event, {setting}. {pose}. {light}. {style}",
        "warm chandeliers and small points of light in the dark",
        "elegant, sophisticated, turning to greet somebody",
        "in the foyer of a gala, guests out of focus",
    ),
}


def add_templates(apps, schema_editor):
    PromptTemplate = apps.get_model("content", "PromptTemplate")
    for look, (text, light, pose, setting) in TEMPLATES.items():
        words = {"text": text, "light": light, "pose": pose, "setting": setting}
        PromptTemplate.objects.get_or_create(look=look, defaults=words)


class Migration(migrations.Migration):
    dependencies = [("content", "0002_index_items_by_time_and_tag")]

    operations = [migrations.RunPython(add_templates, migrations.RunPython.noop)]
