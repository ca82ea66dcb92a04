"""Everything that reads or makes pixels: plain functions and frozen dataclasses, no Django, no database."""
