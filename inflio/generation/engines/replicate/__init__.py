"""Replicate: FLUX with a model trained on one person, and the training of it."""
