"""Which model is asked, where, and within which limits: plain values. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PROVIDERS = ("openai", "anthropic", "google")
CONTEXT_TOKENS = 24_000
"""That a model is taken to read at once where nobody says: all but the smallest do."""
SECONDS = 120.0
"""That an answer may take where nobody says."""
SILENCE = 0.5
"""The part of an answer's time that ends a call when no sign of life came in it."""

MOST_OUTPUT = 8_000
"""Tokens of an answer."""


class Output(StrEnum):
    """The ways of an answer in a form, the strictest first; most servers take the first."""

    NATIVE = "native"
    """By a JSON schema that the server holds the model to."""
    TOOL = "tool"
    PROMPTED = "prompted"
    """By words alone: servers that run on few cores take many times as long for a schema."""


def answer_tokens(context: int) -> int:
    """How many tokens an answer may have of a model that takes so many at once."""
    return min(MOST_OUTPUT, context // 3)


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One model and the way to it."""

    name: str
    """`openai:gpt-…`, `anthropic:…`, `google:…`; any name with a `base_url`."""
    api_key: str = ""
    base_url: str | None = None
    """A server that speaks OpenAI's chat completions."""
    proxy: str | None = None
    context: int = CONTEXT_TOKENS
    """Tokens that it takes at once, questions and answers together."""
    output: Output = Output.NATIVE
    """The way that is tried first."""
    seconds: float = SECONDS
    """That an answer about abstracts may take, from its question to its last word."""

    def __repr__(self) -> str:
        """Without the key: what is printed may be logged."""
        return f"ModelChoice({self.name!r}, base_url={self.base_url!r})"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens, where the library's table is not to be trusted."""

    input: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What so many tokens cost."""
        return (self.input * input_tokens + self.output * output_tokens) / 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a day may use; None: as much as it likes."""

    tokens: int | None = None
    cost: Decimal | None = None
    """Dollars."""
