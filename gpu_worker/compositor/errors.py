"""What the compositor says when it can't make a portrait."""


class PortraitRefused(Exception):
    """A photo, or all of them, can't make a portrait; the message is one sentence for the photo's owner."""
