"""The five portraits as data: which scene, which framing, which light and which kind of photo each one asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Framing:
    """How a portrait wants its subject; lengths are shares of the frame.

    face_height: (least, best, most) height of the face (forehead to chin) by the frame's height.
    eyes_x, eyes_y: where the point between the eyes should lie.
    drift: how far eyes_x may vary with the seed to either side.
    headroom: space wanted above the hair; negative when a tight frame may cut the hair.
    lean: (degrees, spread) of tilt of the head in the picture, 0 = upright; the side is drawn by the seed.
    soles: where the soles should stand, for pictures from head to feet; 0 = the frame ends above them.
    strict: no closer than face_height allows, even where a photo allows no more; then it can't be used.
    """

    face_height: tuple[float, float, float]
    eyes_x: float
    eyes_y: float
    drift: float
    headroom: float
    lean: tuple[float, float]
    soles: float = 0.0
    strict: bool = False


@dataclass(frozen=True)
class Scenario:
    """One kind of portrait.

    yaw: wanted turn of the head in radians to either side; smile: 0 calm to 1 smiling.
    exposure: stops by which the subject is lit more or less than the scene says; rim: gain of lights from behind.
    """

    key: str
    title: str
    description: str
    scene: str
    framing: Framing
    yaw: float = 0.0
    smile: float = 0.5
    exposure: float = 0.0
    rim: float = 1.0


SCENARIOS = (
    Scenario(
        key="professional_headshot",
        title="Professional headshot",
        description="Studio light on a plain backdrop, straight to the camera.",
        scene="studio",
        framing=Framing((0.27, 0.31, 0.38), 0.5, 0.39, 0.02, 0.07, (0.0, 1.0)),
    ),
    Scenario(
        key="casual_friendly",
        title="Casual and friendly",
        description="Outdoors in warm light, relaxed and a little to the side.",
        scene="outdoors",
        framing=Framing((0.23, 0.275, 0.36), 0.47, 0.38, 0.05, 0.07, (1.5, 1.5)),
        yaw=0.15,
        smile=1.0,
    ),
    Scenario(
        key="dynamic_action",
        title="Dynamic",
        description="City lights at night, strong colour, light along the edges.",
        scene="city_night",
        framing=Framing((0.28, 0.33, 0.42), 0.48, 0.41, 0.05, 0.03, (4.0, 1.5)),
        yaw=0.2,
        exposure=-0.2,
        rim=1.7,
    ),
    Scenario(
        key="thoughtful_closeup",
        title="Thoughtful close-up",
        description="A dark room, one light from the side, close to the face.",
        scene="dark_room",
        framing=Framing((0.34, 0.42, 0.56), 0.5, 0.41, 0.03, -0.02, (1.0, 1.5)),
        smile=0.0,
    ),
    Scenario(
        key="environmental_portrait",
        title="Environmental portrait",
        description="At work, window light and lamps, with room around.",
        scene="workspace",
        framing=Framing((0.18, 0.225, 0.34), 0.42, 0.36, 0.05, 0.1, (0.0, 1.5)),
        smile=0.7,
    ),
)
BY_KEY = {scenario.key: scenario for scenario in SCENARIOS}
