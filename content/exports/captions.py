"""The text file that goes with an exported picture."""

from content.models import ContentItem

DISCLOSURE = "Disclosure: this picture was made with AI. It shows an AI persona; the scene did not take place."


def caption_of(item: ContentItem, notes: tuple[str, ...] = ()) -> str:
    """Words, tags and the line that tells people it is AI; `item.tags` should be prefetched."""
    tags = [f"#{tag.name.replace(' ', '')}" for tag in item.tags.all()]
    lines = [item.prompt.strip() or str(item), " ".join([*tags, "#ai"]), DISCLOSURE]
    if notes:
        lines.append("Notes:\n" + "\n".join(f"- {note}" for note in notes))
    return "\n\n".join(lines) + "\n"
