"""Commands that are too long for a button, under a short name.

Owns the table shorthand. A name stands for its command for ever: the buttons that carry it
do not go away.
"""

from collections.abc import Mapping
from datetime import datetime

from storage.database import Tx
from storage.rows import moment


def keep(tx: Tx, commands: Mapping[str, str], now: datetime) -> None:
    """Remember commands by name; what a name stands for never changes."""
    tx.conn.executemany(
        "INSERT OR IGNORE INTO shorthand (name, command, created) VALUES (?, ?, ?)",
        [(name, command, moment(now)) for name, command in commands.items()],
    )


def find(tx: Tx, name: str) -> str | None:
    """The command of this name, or None."""
    row = tx.conn.execute("SELECT command FROM shorthand WHERE name = ?", [name]).fetchone()
    return row[0] if row else None
