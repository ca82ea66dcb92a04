"""Instagram: adapter.py publishes, connect.py connects."""
