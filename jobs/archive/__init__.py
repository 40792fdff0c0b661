"""The archive: which topics and papers it shows (`selecting`), and its files."""
