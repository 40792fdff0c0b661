"""What stands in the archive's folder: whose it is, and what is left over there.

Whatever the folder's memory has forgotten is found here by looking.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from formatters.site.paths import MANIFEST, ROOT, STATIC, feed_path, topic_path
from jobs.archive.ports import Folder
from storage.errors import UserError
from storage.models import Lang

_PLACES = (ROOT, *Lang, MANIFEST.partition("/")[0], STATIC)
_SIGNS = (
    '<meta name="generator" content="paperround">',
    "<generator>paperround<",
    "paperround.add(",
    "paperround.open(",
)
_LED_TO = re.compile(r'href="[./]+[a-z]+/topic/([^/"]+)/')
"""How a paper's page names its topics."""


def is_ours(text: str) -> bool:
    """Whether a page, a feed or a piece of the search was made here."""
    return any(sign in text for sign in _SIGNS)


def refuse_others(folder: Folder, *places: str) -> None:
    """Raise UserError for a file of others that is where the archive or its `places` will be.

    A first page of ours says that all of it is ours.
    """
    if is_ours(folder.read(ROOT) or ""):
        return
    for place in (*_PLACES, *places):
        for path in folder.paths(place):
            if not is_ours(folder.read(path) or ""):
                raise UserError("archive.foreign", file=path)


def of_other_topics(folder: Folder, shown: Collection[str]) -> Iterator[str]:
    """What stands where pages and feeds of topics do that are not shown."""
    for lang in Lang:
        pages = folder.paths(str(PurePosixPath(topic_path(lang, "any")).parent.parent))
        feeds = folder.paths(str(PurePosixPath(feed_path(lang, "any")).parent))
        for path in (*pages, *feeds):
            if PurePosixPath(path).parts[2].removesuffix(".xml") not in shown:
                yield path


def of_other_months(folder: Folder, months: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What stands where pages of months do in which a topic has no paper."""
    for lang in Lang:
        for slug, known in months.items():
            wanted = {topic_path(lang, slug), *(topic_path(lang, slug, m) for m in known)}
            place = str(PurePosixPath(topic_path(lang, slug)).parent)
            yield from (path for path in folder.paths(place) if path not in wanted)


def leading_elsewhere(
    folder: Folder, place: str, known: Collection[str], shown: Collection[str]
) -> Iterator[str]:
    """Pages of papers that are not `known`, in topics that are not shown."""
    for path in folder.paths(place):
        if path not in known and set(_LED_TO.findall(folder.read(path) or "")).difference(shown):
            yield path
