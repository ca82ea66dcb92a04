"""Who has to agree, and how they say so."""
