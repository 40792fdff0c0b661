"""What was asked of language models, what came of it, and what it cost.

Owns the table model_call. Holds neither questions nor answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Tx
from storage.rows import moment

OK = "ok"


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One question to a language model, with its corrections."""

    at: datetime
    model: str
    outcome: str
    """`ok`, or what went wrong."""
    detail: str = ""
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens, those that the provider had in its cache."""
    cost: float | None = None
    """Dollars; None where no price is known."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What was asked of models since some moment."""

    calls: int = 0
    failed: int = 0
    tokens: int = 0
    cost: float = 0.0
    """Dollars, of the calls whose price is known."""
    unpriced: int = 0
    """Calls that used tokens and have no known price."""


def record(tx: Tx, call: ModelCall) -> None:
    """Keep a call."""
    tx.conn.execute(
        """
        INSERT INTO model_call (at, model, outcome, detail, requests, input_tokens,
            output_tokens, cached_tokens, cost, seconds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            moment(call.at),
            call.model,
            call.outcome,
            call.detail,
            call.requests,
            call.input_tokens,
            call.output_tokens,
            call.cached_tokens,
            call.cost,
            call.seconds,
        ],
    )


def used(tx: Tx, since: datetime) -> ModelUse:
    """What was used since then, by all models together."""
    row = tx.conn.execute(
        """
        SELECT COUNT(*), COALESCE(SUM(outcome <> 'ok'), 0),
            COALESCE(SUM(input_tokens + output_tokens), 0), COALESCE(SUM(cost), 0.0),
            COALESCE(SUM(cost IS NULL AND input_tokens + output_tokens > 0), 0)
        FROM model_call WHERE at >= ?
        """,
        [moment(since)],
    ).fetchone()
    return ModelUse(*row)


def latest(tx: Tx, most: int) -> list[ModelCall]:
    """The last calls, newest first."""
    rows = tx.query("SELECT * FROM model_call ORDER BY at DESC, key DESC LIMIT ?", [most])
    return [_call(row) for row in rows]


def forget(tx: Tx, before: datetime) -> None:
    """Drop calls that nobody asks about any more."""
    tx.conn.execute("DELETE FROM model_call WHERE at < ?", [moment(before)])


def _call(row: Mapping[str, Any]) -> ModelCall:
    values = {name: row[name] for name in ModelCall.__slots__}
    return ModelCall(**{**values, "at": datetime.fromisoformat(row["at"])})
