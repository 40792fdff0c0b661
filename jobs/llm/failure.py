"""How a call to a model fails, and what that calls for. Pure."""

from enum import StrEnum

from storage.errors import BotError


class Trouble(StrEnum):
    """What went wrong; the words that /status shows are under `model.` in the catalogue."""

    NOT_ALLOWED = "not_allowed"
    NO_MODEL = "no_model"
    NO_CREDIT = "no_credit"
    MISSING = "missing"
    """The provider's package is not installed."""
    THROTTLED = "throttled"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    SERVER = "server"
    UNFIT_REQUEST = "unfit_request"
    REFUSED = "refused"
    TOO_LONG = "too_long"
    """The answer was cut off, or the question doesn't fit."""
    UNUSABLE = "unusable"
    """No JSON, not the form, or texts that fail the checks, each time."""

    @property
    def fatal(self) -> bool:
        """The next call would fail alike, whatever it asks."""
        return self in (Trouble.NOT_ALLOWED, Trouble.NO_MODEL, Trouble.NO_CREDIT, Trouble.MISSING)

    @property
    def passing(self) -> bool:
        """The same call may work in a moment."""
        return self in (
            Trouble.THROTTLED,
            Trouble.TIMED_OUT,
            Trouble.UNREACHABLE,
            Trouble.SERVER,
        )

    @property
    def counts(self) -> bool:
        """It speaks against the provider, not against what was asked."""
        return self.fatal or self.passing or self is Trouble.UNUSABLE

    @property
    def of_the_papers(self) -> bool:
        """It lies in what was asked: other papers, or fewer at once, may do."""
        return not self.fatal and not self.passing


class Failure(BotError):
    """A call that brought no answer that could be used."""

    def __init__(self, trouble: Trouble, said: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{trouble}: {said}")
        self.trouble = trouble
        self.said = said
        self.retry_after = retry_after
        """Seconds that the provider asked for."""
