"""From what is known to what is said: digests, cards and answers as documents. Pure."""
