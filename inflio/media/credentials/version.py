"""The version that pictures state; the same as in pyproject.toml, which is not there in an installed container."""

VERSION = "0.1.0"
