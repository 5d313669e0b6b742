"""Charts as SVG made on the server; each has a title and is followed by its numbers as a table."""
