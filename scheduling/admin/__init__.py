"""Posting in the back office: everything can be found and read; services alone write it. No token is ever shown."""

from scheduling.admin import channels, posts, publications, reviews

__all__ = ["channels", "posts", "publications", "reviews"]
