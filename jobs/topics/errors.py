"""What is wrong with a topic's text, and where: an error that points at the place.

Pure. The words for it are the catalogue's, subject `topic`.
"""

from typing import Any

from formatters.text import display_width, pointed
from storage.errors import UserError


class TopicError(UserError):
    """A text that is no topic.

    `values` always has `text` (the normalized text), `column` and `length` (the place in
    it, by display width, the first column is 0) and `what` (the piece of text there).
    """


def error_at(key: str, text: str, place: tuple[int, int], **values: Any) -> TopicError:
    """The error `topic.<key>` about the characters of `text` from start to end of `place`."""
    start, end = place
    return TopicError(
        f"topic.{key}",
        text=text,
        column=display_width(text[:start]),
        length=max(1, display_width(text[start:end])),
        what=text[start:end].strip(),
        **values,
    )


def pointer(error: UserError) -> str:
    """The text and, under it, a mark at the place; for a fixed pitch."""
    values = error.values
    return pointed(values["text"], values["column"], values["length"])
