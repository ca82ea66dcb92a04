"""The five portraits every persona starts with; the engine knows each by the same key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """A portrait's key, its title and one line that says what to expect."""

    key: str
    title: str
    line: str


SCENARIOS = (
    Scenario("professional_headshot", "Professional headshot", "Studio, soft grey, looking straight at you"),
    Scenario("casual_friendly", "Casual and friendly", "Outdoors in warm, late light"),
    Scenario("dynamic_action", "Dynamic action", "The city at night, colour and a bright edge"),
    Scenario("thoughtful_closeup", "Thoughtful close-up", "Dark room, light from one side"),
    Scenario("environmental_portrait", "Environmental portrait", "At work, with window and lamp light"),
)


def scenario_choices() -> list[tuple[str, str]]:
    """Choices for models and forms; a new scenario needs no migration."""
    return [(scenario.key, scenario.title) for scenario in SCENARIOS]
