"""The built-in reader: what a paper says of itself, aspect by aspect, in its own sentences.

Pure, without a model, and it never fails. Every claim is a sentence of the paper with its
section; nothing is inferred, and of what the paper does not clearly say nothing is said.
The way of a text: `roles` tells what each section is for, `reading` takes the sections
apart into sentences that can stand alone, `cues` marks those that speak of an aspect, and
`composing` puts the best of each together. `answering` finds what answers a question.
"""

from jobs.outline.answering import passages_for
from jobs.outline.composing import outline

__all__ = ["outline", "passages_for"]
