"""The archive as a static site: entries in, whole files out, for any web server or none.

Pages, feeds and the search's data are plain files with relative links between them, under a
content security policy that lets nothing in from elsewhere. Pure; the jobs write the files.
"""
