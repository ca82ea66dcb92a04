"""The sandbox in the box: a loopback server that behaves like the four platforms, and misbehaves on demand."""
