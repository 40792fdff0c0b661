"""What paperround does: collect, match, summarize, digest, deliver."""
