"""The screens of the content studio, one module each."""
