"""Texts made alike where only their letters and digits count."""


def folded(text: str) -> str:
    """Its letters and digits alone, without case."""
    return "".join(filter(str.isalnum, text.casefold()))
