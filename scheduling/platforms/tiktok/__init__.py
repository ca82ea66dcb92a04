"""TikTok: adapter.py publishes, connect.py connects."""
