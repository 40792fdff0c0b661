"""Sets papers as PDFs, line by line: columns, headings, notes, figures, and hidden text."""

from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

ROMAN, BOLD, ITALIC, SANS = "Times-Roman", "Times-Bold", "Times-Italic", "Helvetica"
WIDTH, HEIGHT = letter
LOREM = (
    "we study how careful readers keep track of what a long document says and where it says "
    "so because every answer that cannot be traced back to a line of the source is an answer "
    "that nobody should trust and our measurements show that plain methods do this rather well"
)


def prose(count, start=0):
    """`count` words of filler, a sentence: begins with a capital, ends with a stop."""
    all_words = LOREM.split()
    words = [all_words[(start + at) % len(all_words)] for at in range(count)]
    return " ".join(words).capitalize() + "."


def wrapped(text, width, font=ROMAN, size=10.0):
    """The text's lines in that width."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, font, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


@dataclass
class Press:
    """One document in the making; `y` is where the next line's baseline will be."""

    stream: BytesIO = field(default_factory=BytesIO)
    left: float = 72.0
    width: float = 468.0
    leading: float = 12.0
    y: float = HEIGHT - 80

    def __post_init__(self):
        self.canvas = Canvas(self.stream, pagesize=letter, invariant=1)

    def line(self, text, *, font=ROMAN, size=10.0, x=None, centred=False):
        """One line, at the left edge unless told otherwise."""
        self.canvas.setFont(font, size)
        x = self.left if x is None else x
        if centred:
            x = self.left + (self.width - stringWidth(text, font, size)) / 2
        self.canvas.drawString(x, self.y, text)
        self.y -= max(self.leading, size * 1.1)

    def lines(self, *texts, **how):
        """Lines broken by hand."""
        for text in texts:
            self.line(text, **how)

    def paragraph(self, text, *, indent=12.0, font=ROMAN, size=10.0, width=None):
        """Ragged lines, the first one indented."""
        first, *rest = wrapped(
            "\u00a0" * round(indent / 2.5) + text, width or self.width, font, size
        )
        self.line(first.lstrip("\u00a0"), font=font, size=size, x=self.left + indent)
        self.lines(*rest, font=font, size=size)

    def heading(self, text, *, font=BOLD, size=12.0, centred=False):
        """With room above and below."""
        self.y -= 10
        self.line(text, font=font, size=size, centred=centred)
        self.y -= 4

    def skip(self, points):
        """Leave room."""
        self.y -= points

    def at(self, *, left=None, width=None, y=None):
        """Go on somewhere else."""
        self.left = self.left if left is None else left
        self.width = self.width if width is None else width
        self.y = self.y if y is None else y

    def turn(self):
        """The next page."""
        self.canvas.showPage()
        self.y = HEIGHT - 80

    def done(self):
        """The PDF."""
        self.canvas.save()
        return self.stream.getvalue()


def front(press, title="Reading Long Documents", abstract=None):
    """A title, two names, and an abstract under its heading."""
    press.line(title, font=BOLD, size=16, centred=True)
    press.skip(8)
    press.line("A. Reader and B. Writer", size=11, centred=True)
    press.line("Institute of Pages, Papertown", size=10, centred=True)
    press.heading("Abstract", centred=True)
    press.paragraph(abstract or prose(45, 3), indent=0)


def one_column():
    """A document of one column, with its front set."""
    press = Press()
    front(press)
    return press
