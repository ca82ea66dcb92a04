"""Gemini's picture models at Google: a picture from references and words, or the change of one."""
