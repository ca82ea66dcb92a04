"""Everything that changes content; each function is one transaction."""
