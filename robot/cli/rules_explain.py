"""`invoice-robot rules explain`: why a document was decided so, and what would have posted it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click

from robot import bootstrap, settings
from robot.cli import rules_explain_view
from robot.cli.explained_sheet import SHEET, number_of
from robot.cli.rule_tools import JSON, RULES, MakeTools, RuleTools
from robot.cli.rules_explain_view import Subject, Told
from robot.domain.decision import Outcome
from robot.domain.document import ApprovedDocument
from robot.domain.facts import NOTHING_KNOWN, Facts
from robot.domain.facts_text import FactsTextError, facts_from
from robot.domain.fields import FieldValues
from robot.domain.reposting import REPOSTING
from robot.flow.history import history
from robot.flow.records import DecisionRow, DocumentCore
from robot.flow.sheet_port import Part
from robot.flow.sheets import document_at
from robot.rulebook.book import RuleBook
from robot.rulebook.calendar import load_calendar
from robot.rulebook.explain.recorded import seen_values
from robot.rulebook.explain.tree import explain
from robot.rulebook.explain.why_not import why_not
from robot.rulebook.loader import LoadedRules, load
from robot.rulebook.ruleset import CompiledRuleSet
from robot.rulebook.versions import loaded_from_text
from robot.settings import Settings


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
@click.option("--row", type=click.IntRange(min=1), help="A row of DOCUMENT, a re-posting sheet.")
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
    row: int | None,
    rule: str | None,
    language: str,
    as_json: bool,
) -> None:
    """Say why DOCUMENT was decided so, and what would have let it be posted.

    DOCUMENT is a file, decided now by the rules of --rules; or a document in the store (source id,
    invoice number, case number or the beginning of its key), explained by the rules and facts of
    its last decision. With --rules these rules are asked about it instead. A re-posting is named
    by its number (OMP-…), or by the sheet (.xlsx) that was handed in, and a row of it.
    """
    given = tools()
    path = Path(document)
    try:
        sheet = path.suffix.lower() == SHEET
        if row is not None and not sheet:
            raise click.UsageError("--row is for a re-posting sheet (.xlsx)")
        if not sheet and (path.suffix.lower() == ".xml" or path.is_file()):
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
            subject = _stored(document, given, row)
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
        click.echo(json.dumps(rules_explain_view.as_json(told, rule), ensure_ascii=False))
    else:
        click.echo("\n".join(rules_explain_view.lines(told, rule)))


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
    return replace(subject, loaded=book.loaded, stem=stem, recorded=None, rules_now="")


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


def _stored(reference: str, tools: RuleTools, row: int | None) -> Subject:
    """The last version of a document in the store, with what its last decision saw."""
    given = settings.load()
    store = bootstrap.open_store(given.store.url, bootstrap.SystemClock())
    try:
        if reference.lower().endswith(SHEET):
            reference = number_of(reference, row, store)
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
        part = store.sheets.part(core.source_id) if core.system == REPOSTING else None
    finally:
        store.close()
    if text is None:
        raise click.ClickException(f"no rules decided '{reference}'; `invoice show` says more")
    made = decisions[-1]
    loaded = loaded_from_text(text, "(as decided)", tools.catalogue)
    stem = next(iter(loaded.customers), None)
    past = bootstrap.history_reader(given.history.directory)
    values = seen_values(past, core, made.decision.decided_on, loaded)
    if values is None:
        document = _in_files(given, core) if part is None else _of_sheet(given, part, made)
        values = _seen_again(document, core, made, _rule_set(loaded, stem, tools))
    now = _rules_now(given.rules.directory, core.customer, tools)
    return Subject(
        name=f"{core.source_id} ({core.supplier} {core.number})",
        values=values,
        loaded=loaded,
        stem=stem,
        today=made.decision.decided_on,
        recorded=made.decision,
        rules_now="" if now == made.decision.ruleset else now,
    )


def _in_files(given: Settings, core: DocumentCore) -> ApprovedDocument | None:
    path = given.source.path / core.name
    return bootstrap.read_file(path) if path.is_file() else None


def _of_sheet(given: Settings, part: Part, made: DecisionRow) -> ApprovedDocument:
    calendar = load_calendar(given.rules.directory / "calendar.yaml")
    return document_at(part, calendar, made.decided_at)


def _seen_again(
    document: ApprovedDocument | None,
    core: DocumentCore,
    made: DecisionRow,
    rule_set: CompiledRuleSet,
) -> FieldValues:
    """The document itself with the facts of the decision, where there is no history."""
    if document is None or (document.invoice is not None and document.version != core.version):
        raise click.ClickException(
            f"what was decided on is not kept: the history does not have '{core.source_id}', "
            f"and {core.name} is gone or is another version; `invoice show` has its decision"
        )
    facts = NOTHING_KNOWN if made.facts is None else facts_from(made.facts)
    return _computed(document, facts, rule_set, made.decision.decided_on)


def _rules_now(directory: Path, customer: str, tools: RuleTools) -> str:
    """Hash of the set that the files give a customer now; empty when they give none."""
    if not directory.is_dir():
        return ""
    loaded = load(directory, tools.catalogue)
    kreds = {
        file.customer.bogfoeringskreds: stem
        for stem, file in loaded.customers.items()
        if file.customer is not None
    }
    try:
        return loaded.effective(kreds.get(customer) if customer else None).hash
    except KeyError:
        return ""


def _show_refusal(name: str, refused: _RefusedError, *, as_json: bool) -> None:
    if as_json:
        told = {"document": name, "outcome": refused.outcome, "reason": refused.reason}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{name}: {refused.outcome}: {refused.reason}")


COMMANDS: Final = (explain_document,)
