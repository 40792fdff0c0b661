"""The commands of the command line that do one thing and end, beside a running service."""
