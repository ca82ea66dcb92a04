"""Reads about content: what services ask for, and what each screen shows."""
