"""Whether a model goes round in circles: small ones do, until they are cut off. Pure."""

LOOKED_AT = 480
"""Characters at the end of what it has said."""
LONGEST_ROUND = 120
EVERY = 240
"""Characters between two looks."""


def goes_round(tail: str) -> bool:
    """Whether the end of a text is one piece again and again, at least four times."""
    if len(tail) < LOOKED_AT:
        return False
    tail = tail[-LOOKED_AT:]
    return any(tail[size:] == tail[:-size] for size in range(1, LONGEST_ROUND + 1))


class Listener:
    """Hears a text as it comes, piece by piece."""

    def __init__(self) -> None:
        self._tail = ""
        self._unlooked = 0

    def hear(self, piece: str) -> bool:
        """Take the next piece; True once the text goes round in circles."""
        self._tail = (self._tail + piece)[-LOOKED_AT:]
        self._unlooked += len(piece)
        if self._unlooked < EVERY:
            return False
        self._unlooked = 0
        return goes_round(self._tail)
