"""Writes the demo's documents: invented invoices in the structure of real ones.

`python -m examples.make_documents` writes `examples/documents/`, `examples/expected.csv` and the
table in `examples/README.md`. The same input gives the same bytes. One module a customer lists its
documents, each with the reason why it is there and what the robot should make of it.
"""
