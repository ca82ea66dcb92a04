"""What users may ask of us about their data: a copy of it, and its end."""
