"""Thumbnails by conversation: words read as edits, without any model and the same every time."""
