"""What paperround says: pure functions from data to finished text."""
