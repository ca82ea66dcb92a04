"""Edits of a finished picture by a list of operations: light, tone, background, crop, headline; plain functions.

Every render starts from the untouched base picture and applies the whole list, so nothing is lost from edit to edit
and going back is exact.
"""
