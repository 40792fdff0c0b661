"""What paperround knows: SQL and the types that travel; no decisions."""
