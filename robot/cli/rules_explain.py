"""`invoice-robot rules explain`: why a document was decided so, and what would have posted it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from robot import bootstrap, settings
from robot.cli.rule_tools import JSON, RULES, MakeTools, RuleTools
from robot.domain.decision import Decision, Effect, Outcome, Truth
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.facts_text import FactsTextError, facts_from
from robot.domain.fields import FieldValues
from robot.domain.taxonomy import Taxonomy
from robot.errors import HistoryError
from robot.flow.history import history
from robot.flow.past import Narrowing
from robot.flow.records import DecisionRow, DocumentCore
from robot.rulebook.book import RuleBook
from robot.rulebook.conditions import LINES
from robot.rulebook.effective import files_of
from robot.rulebook.explain.tree import ALL_OF, Explained, ExplainedRule, Node, explain
from robot.rulebook.explain.why_not import WhyNot, why_not
from robot.rulebook.explain.words import Teller
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.playbook.values import in_words
from robot.rulebook.ruleset import CompiledRuleSet
from robot.settings import Settings

_MARKS: Final = {Truth.TRUE: "✓", Truth.FALSE: "✗", Truth.UNKNOWN: "?"}
_TRUTHS: Final = {
    Truth.TRUE: ("opfyldt", "true"),
    Truth.FALSE: ("ikke opfyldt", "false"),
    Truth.UNKNOWN: ("kan ikke afgøres", "not known"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is to be explained: what was known about a document, and the rules that count."""

    name: str
    values: FieldValues
    loaded: LoadedRules
    stem: str | None
    today: date
    #: What the robot recorded, of a document in the store.
    recorded: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything there is to say about a subject."""

    subject: Subject
    explained: Explained
    answer: WhyNot
    language: str


class _RefusedError(Exception):
    """The document is no invoice that can be read, so there are no fields to explain it by."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


@click.command("explain")
@click.argument("document")
@RULES
@click.option(
    "--customer", help="A file's name or a bogføringskreds; else by the document itself."
)
@click.option(
    "--facts",
    "facts_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the ERP says, as JSON; what is left out is not known.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Decide as on this day.")
@click.option("--rule", help="Only this rule, whatever came of it.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", show_default=True)
@JSON
@click.pass_obj
def explain_document(  # noqa: PLR0913 - one for each option
    tools: MakeTools,
    document: str,
    *,
    directory: Path,
    customer: str | None,
    facts_file: Path | None,
    as_of: datetime | None,
    rule: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Say why DOCUMENT was decided so, and what would have let it be posted.

    DOCUMENT is a file, decided now by the rules of --rules; or a document in the store (source id,
    invoice number, case number or the beginning of its key), explained by the rules and facts of
    its last decision. With --rules these rules are asked about it instead.
    """
    given = tools()
    path = Path(document)
    try:
        if path.suffix.lower() == ".xml" or path.is_file():
            today = given.today() if as_of is None else as_of.date()
            book = _book(directory, given)
            read = _read(path, given)
            stem = _stem(book, customer, read)
            values = _computed(
                read, _facts(facts_file), _rule_set(book.loaded, stem, given), today
            )
            subject = Subject(
                name=document, values=values, loaded=book.loaded, stem=stem, today=today
            )
        else:
            subject = _stored(document, given)
            if _given("directory"):
                subject = _by(subject, _book(directory, given), customer)
            if as_of is not None:
                subject = replace(subject, today=as_of.date())
    except _RefusedError as refused:
        _show_refusal(document, refused, as_json=as_json)
        return
    told = _told(subject, language)
    if rule is not None and all(one.part.rule.id != rule for one in told.explained.rules):
        known = ", ".join(one.part.rule.id for one in told.explained.rules)
        raise click.BadParameter(f"no rule '{rule}' (known: {known})", param_hint="--rule")
    if as_json:
        click.echo(json.dumps(_as_json(told, rule), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(told, rule)))


def _told(subject: Subject, language: str) -> Told:
    loaded, stem, values = subject.loaded, subject.stem, subject.values
    return Told(
        subject=subject,
        explained=explain(loaded, stem, values, subject.today, language),
        answer=why_not(loaded, stem, values, subject.today),
        language=language,
    )


def _book(directory: Path, tools: RuleTools) -> RuleBook:
    if not directory.is_dir():
        raise click.UsageError(f"there is no directory {directory}")
    return RuleBook(directory, catalogue=tools.catalogue, compute=tools.compute)


def _rule_set(loaded: LoadedRules, stem: str | None, tools: RuleTools) -> CompiledRuleSet:
    try:
        return CompiledRuleSet(loaded.effective(stem), tools.compute)
    except KeyError as error:
        raise click.ClickException(
            f"the rules of '{error.args[0]}' can't be used; `rules check` says why"
        ) from None


def _computed(
    document: ApprovedDocument, facts: Facts, rule_set: CompiledRuleSet, today: date
) -> FieldValues:
    if document.invoice is None:
        raise _RefusedError(
            document.refusal or Outcome.UNREADABLE.value, document.reason or "it can't be read"
        )
    return rule_set.values(document, facts, today)


def _read(path: Path, tools: RuleTools) -> ApprovedDocument:
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}", param_hint="DOCUMENT")
    if tools.read_document is None:
        raise click.ClickException("documents can't be read here")
    return tools.read_document(path)


def _facts(path: Path | None) -> Facts:
    if path is None:
        return NOTHING_KNOWN
    try:
        return facts_from(path.read_text(encoding="utf-8"))
    except (FactsTextError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--facts") from None


def _given(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


def _by(subject: Subject, book: RuleBook, customer: str | None) -> Subject:
    """The same document under other rules of its customer, or of another one."""
    mine = subject.loaded.customers.get(subject.stem or "")
    kreds = mine.customer.bogfoeringskreds if mine is not None and mine.customer else None
    wanted = customer or kreds
    stem = None if wanted is None else _named(book, wanted)
    return replace(subject, loaded=book.loaded, stem=stem, recorded=None)


def _named(book: RuleBook, customer: str) -> str:
    """The name of a customer's file.

    Raises:
        BadParameter: There is no such customer.
    """
    for stem, file in book.loaded.customers.items():
        if file.customer is not None and customer in {stem, file.customer.bogfoeringskreds}:
            return stem
    known = ", ".join(book.loaded.customers)
    raise click.BadParameter(f"no customer '{customer}' (known: {known})", param_hint="--customer")


def _stem(book: RuleBook, customer: str | None, document: ApprovedDocument) -> str | None:
    if customer is not None:
        return _named(book, customer)
    served = book.customer_for(document)
    return None if served is None else _named(book, served.bogfoeringskreds)


def _stored(reference: str, tools: RuleTools) -> Subject:
    """The last version of a document in the store, with what its last decision saw."""
    given = settings.load()
    store = bootstrap.open_store(given.store.url, bootstrap.SystemClock())
    try:
        versions = history(store, reference)
        if not versions:
            raise click.BadParameter(
                f"neither a file nor a document in the store: '{reference}'",
                param_hint="DOCUMENT",
            )
        if len({version.document.core.document_key for version in versions}) > 1:
            named = ", ".join(version.document.core.source_id for version in versions)
            raise click.BadParameter(
                f"'{reference}' means several: {named}", param_hint="DOCUMENT"
            )
        core, decisions = versions[-1].document.core, versions[-1].decisions
        text = store.runs.ruleset_text(decisions[-1].decision.ruleset) if decisions else None
    finally:
        store.close()
    if text is None:
        raise click.ClickException(f"no rules decided '{reference}'; `invoice show` says more")
    made = decisions[-1]
    loaded = load_files(files_of(text, "(as decided)"), Fields(tools.catalogue))
    stem = next(iter(loaded.customers), None)
    values = _seen(given, core, made, loaded)
    if values is None:
        values = _seen_again(given, core, made, _rule_set(loaded, stem, tools))
    return Subject(
        name=f"{core.source_id} ({core.supplier} {core.number})",
        values=values,
        loaded=loaded,
        stem=stem,
        today=made.decision.decided_on,
        recorded=made.decision,
    )


def _seen(
    given: Settings, core: DocumentCore, made: DecisionRow, loaded: LoadedRules
) -> FieldValues | None:
    """What the decision saw, from the history; None when it is not there."""
    day = made.decision.decided_on
    which = Narrowing(customer=core.customer, since=day, until=day)
    names = [*loaded.fields.document, LINES.key]
    dimensions = {
        name
        for file in loaded.customers.values()
        if file.customer is not None
        for name in file.customer.dimensions
    }
    line_names = [*loaded.fields.line, *(f"dimensions.{name}" for name in sorted(dimensions))]
    try:
        past = bootstrap.history_reader(given.history.directory)
        for part in past.parts(which):
            batch = past.read(part, which, names, line_names)
            for row in range(batch.size):
                document = batch.document(row)
                if (document.document_key, document.version) == (core.document_key, core.version):
                    return batch.values(row, names, line_names)
    except HistoryError:
        return None
    return None


def _seen_again(
    given: Settings, core: DocumentCore, made: DecisionRow, rule_set: CompiledRuleSet
) -> FieldValues:
    """The document's own file with the facts of the decision, where there is no history."""
    path = given.source.path / core.name
    document = bootstrap.read_file(path) if path.is_file() else None
    if document is None or (document.invoice is not None and document.version != core.version):
        raise click.ClickException(
            f"what was decided on is not kept: the history does not have '{core.source_id}', "
            f"and {path} is gone or is another version; `invoice show` has its decision"
        )
    facts = NOTHING_KNOWN if made.facts is None else facts_from(made.facts)
    return _computed(document, facts, rule_set, made.decision.decided_on)


def _show_refusal(name: str, refused: _RefusedError, *, as_json: bool) -> None:
    if as_json:
        told = {"document": name, "outcome": refused.outcome, "reason": refused.reason}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{name}: {refused.outcome}: {refused.reason}")


def _as_json(told: Told, rule: str | None) -> dict[str, object]:
    decision = told.explained.decision
    effective = told.subject.loaded.effective(told.subject.stem)
    teller = Teller(effective, told.subject.values, told.subject.today, told.language)
    answer = told.answer
    return {
        "document": told.subject.name,
        "customer": effective.customer.bogfoeringskreds,
        "ruleset": effective.hash,
        "today": told.subject.today.isoformat(),
        "outcome": decision.outcome.value,
        "findings": [
            {
                "code": finding.code,
                "path": finding.path,
                "seen": finding.seen,
                "expected": finding.expected,
                "rule": finding.rule,
            }
            for finding in decision.findings
        ],
        "posted_by": list(decision.posted_by),
        "rules": [one.as_json() for one in _chosen(told.explained, rule)],
        "why_not": {
            "smallest": teller.as_json(answer.smallest),
            "by_document": teller.as_json(answer.by_document),
            "by_rules": teller.as_json(answer.by_rules),
            "not_by_rules": [part.rule.id for part in answer.not_by_rules],
            "words": teller.lines(answer),
        },
    }


def _chosen(explained: Explained, rule: str | None) -> tuple[ExplainedRule, ...]:
    if rule is None:
        return explained.telling()
    return tuple(one for one in explained.rules if one.part.rule.id == rule)


def _lines(told: Told, rule: str | None) -> Iterator[str]:
    effective = told.subject.loaded.effective(told.subject.stem)
    decision = told.explained.decision
    language = told.language
    customer = effective.customer
    yield (
        f"{told.subject.name}: {decision.outcome.value}  "
        f"({customer.bogfoeringskreds or '–'} {customer.name}, {told.subject.today}, "
        f"{in_words(language, 'regelsæt', 'rule set')} {effective.hash[:12]})"
    )
    yield from _finding_lines(decision, effective.taxonomy, language)
    recorded = told.subject.recorded
    if recorded is not None and _codes(recorded) != _codes(decision):
        yield "  " + in_words(language, "registreret", "recorded") + f": {_codes(recorded)}"
    yield ""
    yield in_words(language, "Hvorfor", "Why")
    for one in _chosen(told.explained, rule):
        yield from _rule_lines(one, language)
    if decision.outcome is not Outcome.POST and rule is None:
        yield ""
        yield in_words(language, "Hvorfor ikke bogført", "Why not posted")
        teller = Teller(effective, told.subject.values, told.subject.today, language)
        for line in teller.lines(told.answer):
            yield f"  {line}"


def _codes(decision: Decision) -> str:
    codes = sorted({finding.code for finding in decision.findings})
    return " ".join([decision.outcome.value, *codes])


def _finding_lines(decision: Decision, taxonomy: Taxonomy, language: str) -> Iterator[str]:
    for finding in decision.findings:
        title = taxonomy[finding.code].texts[language].title if finding.code in taxonomy else ""
        where = f"  {finding.path}" if finding.path else ""
        yield f"  {finding.code}{where}  {title}"
    for finding in decision.suppressed:
        follows = in_words(language, "følger af en anden", "follows from another")
        yield f"  ({finding.code}  {finding.path}  {follows})"


def _rule_lines(one: ExplainedRule, language: str) -> Iterator[str]:
    rule = one.part.rule
    effect = rule.effect if rule.error_type is None else f"{rule.effect}: {rule.error_type}"
    marks = [in_words(language, *_TRUTHS[one.truth])]
    if rule.mandatory:
        marks.append(in_words(language, "obligatorisk", "mandatory"))
    if one.dispensation is not None:
        until = one.dispensation.valid_to
        marks.append(in_words(language, f"dispenseret til {until}", f"dispensed until {until}"))
    if not one.in_force:
        marks.append(in_words(language, "gælder ikke i dag", "not in force today"))
    yield f"  {_MARKS[one.truth]} {rule.id}  {effect}  [{', '.join(marks)}]  {rule.at}"
    if rule.why:
        yield f"      {in_words(language, 'fordi', 'why')}: {rule.why}"
    for node in _spread(one.when):
        yield from _node_lines(node, 3, language)
    if one.unless is not None:
        yield "      unless"
        for node in _spread(one.unless):
            yield from _node_lines(node, 4, language)
    if one.when is None and one.unless is None and rule.effect is not Effect.POST:
        yield f"      {in_words(language, 'altid', 'always')}"


def _spread(node: Node | None) -> tuple[Node, ...]:
    """What must all hold, one by one: that it all must is what a rule's block means."""
    if node is None:
        return ()
    return node.children if node.text == ALL_OF else (node,)


def _node_lines(node: Node, depth: int, language: str) -> Iterator[str]:
    pad = "  " * depth
    place = f"  :{node.at.line}" if node.at is not None else ""
    seen = f"  ({node.seen})" if node.seen else ""
    yield f"{pad}{_MARKS[node.truth]} {node.text}{seen}{place}"
    for child in node.children:
        yield from _node_lines(child, depth + 1, language)
    if node.left_out:
        more = in_words(language, "linjer mere", "more lines")
        yield f"{pad}  … {node.left_out} {more}"


COMMANDS: Final = (explain_document,)
