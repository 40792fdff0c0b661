"""A paper's whole text, read from arXiv's HTML or from its PDF."""
