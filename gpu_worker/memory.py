"""Hand memory back: what pictures needed for a moment must not stay with a worker that lives for days."""

import ctypes
import sys
from functools import cache

# glibc's mallopt parameters, from malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
# Larger blocks come from the kernel and go straight back. glibc would raise this limit to 32 MB by itself after the
# first large block was freed, and pictures would then leave holes in a heap that never shrinks (170 MB of them).
MAPPED_FROM = 8 << 20
KEPT_ON_TOP = 64 << 20
HEAPS = 2  # as many as threads work side by side


@cache
def bound_heap() -> None:
    """Keep this process's heap small from now on; does nothing where the C library is not glibc."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(M_MMAP_THRESHOLD, MAPPED_FROM)
        libc.mallopt(M_TRIM_THRESHOLD, KEPT_ON_TOP)
        libc.mallopt(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Return freed memory to the system now (some milliseconds)."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "gnu_get_libc_version") else None
