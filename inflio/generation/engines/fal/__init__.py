"""fal.ai: picture models of many makers behind one queue."""
