"""LinkedIn: adapter.py publishes, connect.py connects."""
