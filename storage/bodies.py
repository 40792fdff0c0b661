"""Values as JSON bodies of one column: what is read whole and never searched.

Pure. A body that an older version wrote and this one can't read counts as absent.
"""

import zlib
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def body_of(value: object) -> str:
    """A frozen value as JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def value_of(kind: type[T], body: str | bytes) -> T | None:
    """The value that `body_of` wrote, or None."""
    try:
        found: T = _adapter(kind).validate_json(body)
    except ValidationError:
        return None
    return found


def packed(value: object) -> bytes:
    """A long value as packed JSON."""
    return zlib.compress(body_of(value).encode())


def unpacked(kind: type[T], body: bytes) -> T | None:
    """The value that `packed` wrote, or None."""
    try:
        return value_of(kind, zlib.decompress(body))
    except zlib.error:
        return None


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
