"""Whole papers by a model: read in parts where they are long, claim by claim held to the paper.

`making` and `answering` ask; the rest is pure. `layout` lays a paper out for a model, `ground`
(with `quoting` and `places`) is what it is held to, `judging` turns an answer into claims, and
`questions` words what is asked. Nothing here knows pydantic-ai or which engine comes next.
"""
