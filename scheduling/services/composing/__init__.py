"""Writing posts: their parts, what is wrong with them, what they use."""
