"""`invoice-robot rules`: check, test, look up and complete rule files."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from robot.cli.rule_tools import (
    FAILED,
    JSON,
    RULES,
    MakeTools,
    loaded_rules,
)
from robot.cli.rules_check import check, kinds
from robot.cli.rules_explain import explain_document
from robot.cli.rules_test import test
from robot.domain.fields import FieldSpec, FieldType
from robot.rulebook.display import effective_json, effective_lines
from robot.rulebook.loader import LoadedRules
from robot.rulebook.schema import case_schema, schema, schemas, standard_schema
from robot.rulebook.vocabulary import FLAG_WORDS, OPERATORS, STATES, Quantifier

#: Width of tables that are written to a file or a pipe.
_PIPED_WIDTH: Final = 120


def register(main: click.Group, tools: MakeTools, more: Sequence[click.Command] = ()) -> None:
    """Put the group `rules` under a command; `tools` is called when one of it is used.

    `more` are commands of other modules that belong to the group.
    """

    @click.group("rules")
    @click.pass_context
    def rules(context: click.Context) -> None:
        """Rule files: check, test, look up, complete."""
        context.obj = tools

    for command in (check, kinds, test, explain_document, fields, schema_of, show, *more):
        rules.add_command(command)
    main.add_command(rules)


@click.command("fields")
@click.argument("words", nargs=-1)
@JSON
@click.pass_obj
def fields(tools: MakeTools, words: tuple[str, ...], *, as_json: bool) -> None:
    """List the fields that rules can use; WORDS narrow the list."""
    _show_fields(tools().catalogue, words, as_json=as_json)


@click.command("schema")
@click.argument("customer", required=False)
@RULES
@click.option("--standard", is_flag=True, help="For standard.yaml.")
@click.option("--cases", is_flag=True, help="For case files.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write all here.")
@click.pass_obj
def schema_of(
    tools: MakeTools,
    customer: str | None,
    directory: Path,
    out: Path | None,
    *,
    standard: bool,
    cases: bool,
) -> None:
    """Print the JSON Schema of a customer's file, for completion in editors.

    config/schema is written by `rules schema --out config/schema`; rule files name it in their
    first line, `# yaml-language-server: $schema=…`.
    """
    loaded = loaded_rules(directory, tools())
    if out is not None:
        _write_schemas(loaded, out)
        return
    stem = None if customer is None else _known_customer(customer, loaded)
    if standard:
        made = standard_schema(loaded)
    else:
        made = case_schema(loaded) if cases else schema(loaded, stem)
    click.echo(json.dumps(made, ensure_ascii=False, indent=1))


def _write_schemas(loaded: LoadedRules, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, made in schemas(loaded).items():
        path = out / name
        path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        click.echo(str(path))


@click.command("show")
@click.argument("customer", required=False)
@click.option("--hash", "beginning", help="A set that was ever used or proposed, by its hash.")
@RULES
@click.option("--effective", is_flag=True, help="With the standard, settings and lists.")
@JSON
@click.pass_obj
def show(
    tools: MakeTools,
    customer: str | None,
    beginning: str | None,
    directory: Path,
    *,
    effective: bool,
    as_json: bool,
) -> None:
    """Show what is in force for CUSTOMER (a file's name or a bogføringskreds).

    With --hash, the exact text of all files that a set was made from.
    """
    if beginning is not None:
        click.echo(tools().kept_set(beginning), nl=False)
        return
    if customer is None:
        raise click.UsageError("name a customer, or a set by --hash")
    loaded = loaded_rules(directory, tools())
    stem = _known_customer(customer, loaded)
    _show_customer(stem, loaded, effective=effective, as_json=as_json)


def _known_customer(customer: str, loaded: LoadedRules) -> str:
    for stem, file in loaded.customers.items():
        kreds = file.customer.bogfoeringskreds if file.customer else None
        if customer in {stem, kreds, file.file.path}:
            return stem
    known = ", ".join(sorted(loaded.customers)) or "none"
    raise click.UsageError(f"there is no customer '{customer}' (known: {known})")


def _show_fields(
    catalogue: Mapping[str, FieldSpec], words: Sequence[str], *, as_json: bool
) -> None:
    wanted = [word.casefold() for word in words]
    chosen = [
        spec
        for spec in catalogue.values()
        if all(word in f"{spec.name} {spec.da} {spec.en}".casefold() for word in wanted)
    ]
    if as_json:
        click.echo(json.dumps([_field_json(spec) for spec in chosen], ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.width = max(console.width, _PIPED_WIDTH)
    console.print(_field_table(chosen), _operator_table({spec.type for spec in chosen}))
    if not chosen:
        _fail_on_words(words)


def _field_table(specs: Sequence[FieldSpec]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("field", no_wrap=True)
    table.add_column("type")
    table.add_column("meaning", ratio=1)
    table.add_column("source", ratio=1)
    for spec in specs:
        kind = f"{spec.type}: {', '.join(spec.choices)}" if spec.choices else str(spec.type)
        name = f"{spec.name}<name>" if spec.open_ended else spec.name
        unit = f" ({spec.unit})" if spec.unit else ""
        table.add_row(Text(name), Text(kind), Text(f"{spec.en}{unit}\n{spec.da}"), spec.source)
    return table


def _operator_table(kinds: Collection[FieldType]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("type")
    table.add_column("operators")
    for kind in FieldType:
        if kind in kinds:
            table.add_row(kind, ", ".join(_operators(kind)))
    return table


def _fail_on_words(words: Sequence[str]) -> NoReturn:
    click.echo(f"no field has to do with {' '.join(words)}", err=True)
    raise SystemExit(FAILED)


def _operators(kind: FieldType) -> list[str]:
    states = [state.value for state in STATES]
    if kind is FieldType.FLAG:
        return [*FLAG_WORDS, *states]
    if kind is FieldType.LINES:
        return [*(word.value for word in Quantifier), "count", "sum", *states]
    return [*(operator.value for operator in OPERATORS[kind]), *states]


def _field_json(spec: FieldSpec) -> dict[str, object]:
    return {
        "name": spec.name,
        "type": spec.type.value,
        "operators": _operators(spec.type),
        "choices": list(spec.choices),
        "unit": spec.unit,
        "da": spec.da,
        "en": spec.en,
        "source": spec.source,
        "of_line": spec.of_line,
        "open_ended": spec.open_ended,
    }


def _show_customer(stem: str, loaded: LoadedRules, *, effective: bool, as_json: bool) -> None:
    file = loaded.customers[stem]
    if not effective:
        click.echo(file.file.text or "", nl=False)
        return
    try:
        in_force = loaded.effective(stem)
    except KeyError as error:
        problems = [p for p in loaded.errors if str(error.args[0]) in p.path]
        for problem in problems or loaded.errors:
            click.echo(str(problem), err=True)
        raise SystemExit(FAILED) from None
    if as_json:
        click.echo(json.dumps(effective_json(in_force), ensure_ascii=False))
        return
    click.echo("\n".join(effective_lines(in_force)))
