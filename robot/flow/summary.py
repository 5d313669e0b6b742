"""What came of a run: counts for people, `result.json` for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from robot.domain.answer import answer_told
from robot.domain.state import IN_FLIGHT, State
from robot.flow.context import Run
from robot.flow.records import DocumentFilter, DocumentRow
from robot.flow.store_port import Documents

#: The words of `result.json` for where a document stands; the others keep their state's name.
_WORDS: Final = {**dict.fromkeys(IN_FLIGHT, "unknown"), State.DECIDED: "unknown"}
_COUNTED: Final = ("posted", "bounced", "held", "unreadable", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """The result of one run. `counts` are documents that this run changed, by where they stand."""

    run: int
    slot: str
    #: Customer to the hash of its rule set.
    rulesets: Mapping[str, str]
    counts: Mapping[str, int]
    #: Mails handed over.
    notices: int
    errors: Mapping[str, int]
    #: Documents left unpulled because their customer is paused.
    paused: Mapping[str, int]
    #: What a person has to know, in words.
    problems: tuple[str, ...]
    stopped: bool

    @property
    def needs_person(self) -> bool:
        """Whether somebody has to look at something."""
        return bool(
            self.problems
            or self.counts["held"]
            or self.counts["unreadable"]
            or self.counts["unknown"]
        )

    @property
    def must_retry(self) -> bool:
        """Whether the source could not be read, so that the run has to be done again."""
        return bool(self.errors.get("source-unavailable")) and not self.counts["pulled"]

    @property
    def exit_code(self) -> int:
        """0 done, 1 something for a person to see, 3 could not do it now."""
        if self.must_retry:
            return 3
        return 1 if self.needs_person else 0

    def as_json(self) -> dict[str, Any]:
        """The head of `result.json`; keys of the design come first, ours after them."""
        return {
            "run": self.run,
            "slot": self.slot,
            "ruleset": dict(self.rulesets),
            "counts": dict(self.counts),
            "notices": self.notices,
            "errors": dict(self.errors),
            "paused": dict(self.paused),
            "problems": [str(words) for words in self.problems],
            "told": [
                {"code": said.code, "values": dict(said.values)}
                for said in map(answer_told, self.problems)
            ],
            "stopped": self.stopped,
        }


def summarise(run: Run, pulled: int) -> RunSummary:
    """Count what this run changed, one document at a time."""
    counts: Counter[str] = Counter()
    errors: Counter[str] = Counter(run.errors)
    for row in run.ports.store.documents.listing(DocumentFilter(run=run.id)):
        counts[outcome_word(row.state)] += 1
        if row.state not in {State.POSTED, State.SUPERSEDED}:
            errors.update(row.codes)
    return RunSummary(
        run=run.id,
        slot=run.options.slot,
        rulesets=dict(sorted(run.rulesets.items())),
        counts={"pulled": pulled, **{word: counts[word] for word in _COUNTED}},
        notices=run.notices,
        errors=dict(sorted(errors.items())),
        paused=dict(sorted(run.paused.items())),
        problems=tuple(run.problems),
        stopped=run.stopping(),
    )


def result_lines(summary: RunSummary, documents: Documents) -> Iterator[str]:
    """`result.json` line by line, in memory that does not grow with the documents."""
    head = summary.as_json()
    first = ("run", "ruleset", "counts")
    yield "{\n"
    for name in first:
        yield f"  {json.dumps(name)}: {_json(head[name])},\n"
    yield '  "documents": ['
    comma = "\n"
    for row in documents.listing(DocumentFilter(run=summary.run)):
        if row.state is State.SUPERSEDED:
            continue
        yield f"{comma}    {_json(_document(row))}"
        comma = ",\n"
    yield "\n  ]" if comma == ",\n" else "]"
    for name in head:
        if name not in first:
            yield f",\n  {json.dumps(name)}: {_json(head[name])}"
    yield "\n}\n"


def outcome_word(state: State) -> str:
    """`posted`, `bounced`, `held`, `unreadable`, `unknown`, or the state's own name."""
    return _WORDS.get(state, state.value)


def _document(row: DocumentRow) -> dict[str, Any]:
    return {
        "id": row.core.source_id,
        "version": row.core.version,
        "customer": row.core.customer,
        "outcome": outcome_word(row.state),
        "findings": list(row.codes) if row.state is not State.POSTED else [],
        "receipt": row.receipt,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
