"""The error tree of what is known and asked for.

BotError
├── UserError       the person who asked can mend it; carries a catalogue key
├── StorageError    the database could not do it (locked, full, damaged)
│   ├── NotFound
│   └── AlreadyExists
"""

from typing import Any


class BotError(Exception):
    """Every error that paperround raises on purpose."""


class UserError(BotError):
    """A mistake that the asker can mend.

    `key` names a text of the catalogue, `values` fill its places: the error is said in
    the chat's language where it is shown, never here.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values


class StorageError(BotError):
    """The database could not do what was asked; the state is as before."""


class NotFound(StorageError):
    """What was asked for is not stored."""


class AlreadyExists(StorageError):
    """What was to be stored is there already."""
