"""Whether a model goes round in circles: small ones do, until they are cut off. Pure."""

WINDOWS = ((480, 120), (3_600, 1_200))
"""Characters at the end of what it has said, and of the longest round that is looked for there."""
LOOKED_AT = max(window for window, _ in WINDOWS)
EVERY = 240
"""Characters between two looks."""


def goes_round(tail: str) -> bool:
    """Whether a text ends with one piece again and again: a short one four times, or three."""
    return any(
        _repeats(tail[-window:], longest) for window, longest in WINDOWS if len(tail) >= window
    )


def _repeats(text: str, longest: int) -> bool:
    return any(text[size:] == text[:-size] for size in range(1, longest + 1))


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
