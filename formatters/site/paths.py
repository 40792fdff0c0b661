"""Where everything stands in the archive's folder, and how one file names another.

People link to these paths, so that they never change: `en/paper/2602.06043.html`,
`zh/day/2026-02-06.html`, `en/topic/cs-cv/2026-02.html`. An id of the old form stands under
its name with `_` for the stroke, which no archive's name has: `en/paper/astro-ph_0601001.html`.
"""

from datetime import date

from storage.models import Lang, PaperId

ROOT = "index.html"
STATIC = "static"
MANIFEST = "search/manifest.js"


def index_path(lang: Lang) -> str:
    """The front page of a language."""
    return f"{lang}/index.html"


def search_path(lang: Lang) -> str:
    """The page that searches."""
    return f"{lang}/search.html"


def day_path(lang: Lang, day: date) -> str:
    """What was announced on one day."""
    return f"{lang}/day/{day.isoformat()}.html"


def topic_path(lang: Lang, slug: str, month: str = "index") -> str:
    """A topic's papers of one month (`2026-02`); without one, of its newest."""
    return f"{lang}/topic/{slug}/{month}.html"


def paper_path(lang: Lang, paper: PaperId) -> str:
    """One paper's own page."""
    return f"{lang}/paper/{paper.replace('/', '_')}.html"


def feed_path(lang: Lang, slug: str) -> str:
    """A topic's Atom feed."""
    return f"{lang}/feed/{slug}.xml"


def shard_path(day: date, part: int) -> str:
    """One piece of what search knows of a day, counted from 1."""
    return f"search/{day.isoformat()}-{part}.js"


def month_of(day: date) -> str:
    """The month that a day is filed under: `2026-02`."""
    return f"{day:%Y-%m}"


def relative(path: str, start: str) -> str:
    """How the file `start` names the file `path`."""
    return "../" * start.count("/") + path


def day_address(archive: str, lang: Lang, day: date) -> str:
    """The address of a day's page, where the archive is served at `archive`."""
    return f"{archive}/{day_path(lang, day)}"
