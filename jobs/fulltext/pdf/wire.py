"""What the worker hands back, as bytes and read again."""

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from jobs.fulltext.pdf.limits import Cause, Unreadable
from storage.models.fulltext import FullText

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_READ, _FAILED = b"+", b"-"


def told(text: FullText) -> bytes:
    """A text that was read."""
    return _READ + json.dumps(asdict(text), ensure_ascii=False).encode("utf-8", "replace")


def refused(cause: Cause) -> bytes:
    """Why there is none."""
    return _FAILED + cause.value.encode()


def heard(answer: bytes) -> FullText:
    """The worker's answer; Unreadable where it could not read, or said nothing that makes sense."""
    head, said = answer[:1], answer[1:]
    if head == _FAILED:
        try:
            raise Unreadable(Cause(said.decode("ascii", "replace")))
        except ValueError as error:
            raise Unreadable(Cause.CRASHED) from error
    if head != _READ:
        raise Unreadable(Cause.CRASHED)
    try:
        return _adapter().validate_json(said)
    except ValueError as error:
        raise Unreadable(Cause.CRASHED) from error


@cache
def _adapter() -> "TypeAdapter[FullText]":
    from pydantic import TypeAdapter  # noqa: PLC0415 -- the worker does without

    return TypeAdapter(FullText)
