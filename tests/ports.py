"""Ports for servers that are told theirs."""

import random
import socket


def free_port() -> int:
    """A free port from below those that systems give away by themselves."""
    while True:
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
