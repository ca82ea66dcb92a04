"""Screens of personas, one module per screen; each action calls one service."""
