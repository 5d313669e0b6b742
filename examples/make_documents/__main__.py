"""Write the documents, what is expected of each, and the table in examples/README.md."""

from __future__ import annotations

import argparse
import collections
import csv
import io
import itertools
import shutil
from pathlib import Path

from examples.make_documents import (
    domsarkivet,
    eksempelstyrelsen,
    fyrvaesenet,
    klimaforskning,
    nordhavns_museum,
    skovfogedskolen,
)
from examples.make_documents.drafts import Example

EXAMPLES: tuple[Example, ...] = (
    *eksempelstyrelsen.EXAMPLES,
    *fyrvaesenet.EXAMPLES,
    *nordhavns_museum.EXAMPLES,
    *klimaforskning.EXAMPLES,
    *domsarkivet.EXAMPLES,
    *skovfogedskolen.EXAMPLES,
)
_START = "<!-- documents: written by `python -m examples.make_documents` -->"
_END = "<!-- end of documents -->"


def documents() -> dict[str, bytes]:
    """Every file of `examples/documents/` by its path there."""
    files: dict[str, bytes] = {}
    for example in EXAMPLES:
        files[example.file] = example.content
        if example.sidecar is not None:
            files[example.file.removesuffix(".xml") + ".json"] = example.sidecar
    return files


def expected() -> str:
    """`examples/expected.csv`: the outcome, causes and notes that each document should get."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("file", "customer", "outcome", "findings", "notes", "why"))
    for example in EXAMPLES:
        draft = example.draft
        rows.writerow(
            (
                example.file,
                example.customer.bogfoeringskreds,
                draft.outcome.value,
                " ".join(draft.findings),
                " ".join(draft.notes),
                draft.why,
            )
        )
    return written.getvalue()


def with_table(readme: str) -> str:
    """The README with its table of the documents renewed."""
    before, _, rest = readme.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}\n{_table()}{_END}{after}"


def _table() -> str:
    counts = collections.Counter(example.draft.outcome.value for example in EXAMPLES)
    told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    parts = [f"{len(EXAMPLES)} documents: {told}.\n"]
    for customer, group in itertools.groupby(EXAMPLES, lambda example: example.customer.name):
        parts.append(f"\n### {customer}\n\n| file | what it shows | expected |\n|---|---|---|\n")
        for example in group:
            draft = example.draft
            causes = ", ".join((*draft.findings, *(f"({note})" for note in draft.notes)))
            outcome = draft.outcome.value if draft.outcome.value != causes else ""
            shown = ": ".join(part for part in (outcome, causes) if part)
            parts.append(f"| {example.file} | {draft.why} | {shown} |\n")
    return "".join((*parts, "\n"))


def main() -> None:
    """Replace the documents in the folder of this package's parent."""
    parser = argparse.ArgumentParser(prog="python -m examples.make_documents", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[1])
    into: Path = parser.parse_args().into
    shutil.rmtree(into / "documents", ignore_errors=True)
    for name, content in documents().items():
        path = into / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (into / "expected.csv").write_text(expected(), encoding="utf-8")
    readme = into / "README.md"
    if readme.exists():
        readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(EXAMPLES)} documents in {into / 'documents'}")


if __name__ == "__main__":
    main()
