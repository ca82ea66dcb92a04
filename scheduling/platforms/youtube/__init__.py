"""YouTube: adapter.py publishes, connect.py connects."""
