"""Where: accounts, their tokens and health, public pages."""
