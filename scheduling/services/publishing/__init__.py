"""Taking what is due to its platform, once."""
