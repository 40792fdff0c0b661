"""Answers to commands as documents, a module a subject. Pure: all that is said is passed in."""
