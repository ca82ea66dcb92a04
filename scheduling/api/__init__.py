"""The API of scheduling, for mobile clients and cron."""
