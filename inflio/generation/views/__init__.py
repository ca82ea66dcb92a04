"""Screens of jobs and engines, and the addresses that providers call."""
