"""Pictures on their way out: sizes of the platforms, crops, encoding, captions, and zips that stream."""
