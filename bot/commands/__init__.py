"""What people can ask, the same on every platform: a line in, a document out.

`dispatch.Commands` is the way in. Handlers decide what to read and write; what is said is
built by `formatters.compose.replies`. No platform and no SQL here.
"""
