"""The platforms: one file each, plain Python without Django; `platform_class` finds them by name."""
