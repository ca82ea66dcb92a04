"""Providers on loopback for the contract tests and trials: they answer the real clients, and misbehave on order."""
