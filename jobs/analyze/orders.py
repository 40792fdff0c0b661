"""What is asked of analyses, and what becomes of it at once."""

from dataclasses import dataclass

from storage.analyses import JobKey
from storage.models import Analysis, Chat, Lang, Paper


@dataclass(frozen=True, slots=True)
class Order:
    """A chat's wish for the analysis of one version of a paper."""

    paper: Paper
    lang: Lang
    chat: Chat
    person: str
    anew: bool = False
    """Though there is one."""


@dataclass(frozen=True, slots=True)
class Ready:
    """It was made before."""

    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Waiting:
    """It will be posted to the chat."""

    job: JobKey
    ahead: int
    """Runs that come first."""
