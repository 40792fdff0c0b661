"""How the cost of absurd input grows with its size.

    PYTHONPATH=tests python benchmarks/growth.py

For each page, text and message that the tests of malformed ones try: the CPU milliseconds of
what reads it at a half and at the whole of that size, and how many times the half the whole
takes: 2 grows with the size, 4 with its square. Below a millisecond nothing is said of that.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from time import process_time

from absurd import ADDRESSES, LINES, PAGES, RELEASES, TEXTS, Absurd
from html_pages import page, reading
from outline_stage import full, section, told

from bot.telegram.elsewhere import split_line
from formatters.text.links import addresses, code_links, project_links
from formatters.text.own_code import own_code
from jobs.ports import SourceError


def main() -> None:
    print(f"{'':36}   half  whole  ratio")
    for title, several, work in (
        ("page", PAGES, read),
        ("told", TEXTS, tell),
        ("addresses", ADDRESSES, look_for_addresses),
        ("own code", RELEASES, look_for_code),
        ("message", LINES, split_line),
    ):
        show(title, several, work)


def show(title: str, several: Mapping[str, Absurd], work: Callable[[str], object]) -> None:
    for name, absurd in several.items():
        half, whole = (milliseconds(work, absurd.make(n)) for n in (absurd.size // 2, absurd.size))
        ratio = f"{whole / half:6.1f}" if half >= 1 else ""
        print(f"{title:10} {name:25} {half:6.0f} {whole:6.0f} {ratio}")


def milliseconds(work: Callable[[str], object], text: str) -> float:
    """CPU, the better of two tries."""
    taken = []
    for _ in range(2):
        started = process_time()
        work(text)
        taken.append(process_time() - started)
    return 1000 * min(taken)


def read(body: str) -> None:
    with suppress(SourceError):
        reading(page(body))


def tell(text: str) -> None:
    told(section("Introduction", text), section("Method", text))


def look_for_addresses(text: str) -> None:
    addresses(text)
    code_links(text)
    project_links(text)


def look_for_code(text: str) -> None:
    own_code(full(section("Introduction", text)))


if __name__ == "__main__":
    main()
