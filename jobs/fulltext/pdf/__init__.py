"""Papers' PDFs to text, in a process of their own.

`reading` starts the process, `worker` is it. There `opening` asks pdfium what stands where
(`typesetting`, `drawing`, `links`), and `assembly` makes sections of it: pure decisions about
`geometry`, one subject a module.
"""

from jobs.fulltext.pdf.limits import Cause, PdfLimits, Unreadable
from jobs.fulltext.pdf.reading import read_pdf

__all__ = ["Cause", "PdfLimits", "Unreadable", "read_pdf"]
