"""Measured figures, each beside its target and the work that nobody can avoid; `make bench` prints them."""
