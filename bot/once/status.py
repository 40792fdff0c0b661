"""A line on standard error that changes while something takes long; none in a pipe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from formatters.catalogue import say
from storage.models import Lang


@contextmanager
def status() -> Iterator[Callable[[str], None]]:
    """Gives what sets the line."""
    from rich.console import Console  # noqa: PLC0415 -- only for the display
    from rich.markup import escape  # noqa: PLC0415

    with Console(stderr=True).status("") as shown:
        yield lambda text: shown.update(escape(text))


@contextmanager
def steps(lang: Lang) -> Iterator[Callable[[str], None]]:
    """Likewise, for steps that the catalogue names under `once.step_`."""
    with status() as show:
        yield lambda step: show(say(f"once.step_{step}", lang))
