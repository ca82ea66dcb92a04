"""What a look is: a subcategory of content and the places it can be taken at; plain data, cheap to import."""

from dataclasses import dataclass, replace

from ..scenarios import Framing, Scenario

# How close the camera is; see Framing. WIDE shows the place, ROOMY leaves the top free for a title.
TIGHT = Framing((0.28, 0.34, 0.44), 0.49, 0.41, 0.03, 0.03, (0.5, 1.5))
USUAL = Framing((0.22, 0.27, 0.36), 0.48, 0.38, 0.05, 0.07, (1.0, 1.5))
ROOMY = Framing((0.2, 0.245, 0.33), 0.49, 0.44, 0.04, 0.16, (1.0, 1.5))
WIDE = Framing((0.17, 0.215, 0.3), 0.42, 0.38, 0.07, 0.11, (1.0, 2.0))
POISED = Framing((0.2, 0.25, 0.34), 0.46, 0.37, 0.06, 0.08, (3.0, 2.0))


@dataclass(frozen=True)
class Look:
    """One subcategory, such as "lifestyle.travel".

    places: the settings that can be chosen; each is a scenario of its own with a key unique within the look.
    """

    key: str
    title: str
    places: tuple[Scenario, ...]

    def place(self, key: str, seed: int) -> Scenario:
        """Return the place called `key`, or for an empty key the one the seed falls on; KeyError for an unknown one."""
        if not key:
            return self.places[seed % len(self.places)]
        return {place.key: place for place in self.places}[key]


def at(scene: str, title: str, description: str, framing: Framing = USUAL, **light: float) -> Scenario:
    """A place named after its scene; `light`: yaw, smile, exposure, rim of Scenario."""
    return replace(Scenario(scene, title, description, scene, framing), **light)
