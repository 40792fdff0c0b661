"""The addresses that can be clicked on a page. Runs in the worker only."""

import ctypes
from collections.abc import Iterator
from typing import Any

_LONGEST = 2_000
_MOST = 500


def clickable(document: Any, page: Any) -> Iterator[str]:
    """Web addresses of the page's link annotations, in the file's order."""
    from pypdfium2 import raw  # noqa: PLC0415 -- only the worker loads the library

    at, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(_MOST):
        if not raw.FPDFLink_Enumerate(page, at, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        room = ctypes.create_string_buffer(_LONGEST)
        size = raw.FPDFAction_GetURIPath(document, action, room, _LONGEST)
        address = room.value.decode("utf-8", "replace").strip() if size <= _LONGEST else ""
        if address.startswith(("http://", "https://")):
            yield address
