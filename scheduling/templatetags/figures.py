"""A card with the figures of a publication or a channel: `{% load figures %}{% figures publication %}`."""

from django import template

from scheduling.models import Channel, Publication
from scheduling.queries.metrics import account_metrics_of, given_of, metrics_of, missing_of

register = template.Library()


@register.inclusion_tag("scheduling/_metrics.html")
def figures(row: Publication | Channel) -> dict:
    """The figures of the last days, and what the platform does not give; one query. Nothing for a page of ours."""
    channel = row if isinstance(row, Channel) else row.channel
    if channel.is_site:
        return {"lines": []}
    lines = account_metrics_of(row) if isinstance(row, Channel) else metrics_of(row)
    return {"lines": lines, "shown": given_of(lines), "missing": missing_of(lines)}
