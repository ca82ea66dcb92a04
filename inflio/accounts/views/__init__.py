"""Screens of the profile, the members and the workspaces."""
