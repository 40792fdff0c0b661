"""The one-time code that makes the first admin. It lives in memory and is never stored."""

import hmac
import secrets

CODE_BYTES = 12
PREFIX = "claim_"
"""What a deep link's payload begins with: `/start claim_CODE`."""


class ClaimCode:
    """A code of `[A-Za-z0-9_-]` that can be used once."""

    def __init__(self, code: str | None = None) -> None:
        self.code = code or secrets.token_urlsafe(CODE_BYTES)
        self._open = True

    def take(self, typed: str) -> bool:
        """Whether this is the code, unused until now; from now on it is used."""
        right = hmac.compare_digest(typed.encode("utf-8", "replace"), self.code.encode())
        taken = right and self._open
        self._open = self._open and not taken
        return taken

    def give_back(self) -> None:
        """It could not be made good: the code can be used after all."""
        self._open = True
