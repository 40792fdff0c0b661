"""What is kept for looking back: tables, topic files, reports, a static site, feeds.

Pure: entries in, whole files out. Writing them, and choosing what is in them, is the jobs'.
"""
