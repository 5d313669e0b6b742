"""Loads a whole rule directory. A file that is broken stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from robot.domain.fields import FieldSpec, FieldValues
from robot.domain.taxonomy import Taxonomy
from robot.rulebook.customer_file import CustomerFile, CustomerReader
from robot.rulebook.effective import EffectiveSet, Shared, effective_set, of_sheet
from robot.rulebook.mail_words import MAIL_WORDS, MailWords, read_mail_words
from robot.rulebook.names import Fields
from robot.rulebook.problem import Position, Problem, Report, Weight, in_order
from robot.rulebook.refusals import ERP_REFUSALS, RefusalTable, read_refusals
from robot.rulebook.reuse import same_text, untouched
from robot.rulebook.rule_reader import ErrorTypes
from robot.rulebook.source import FOLDERS, RuleFile, RuleFiles, read_directory
from robot.rulebook.standard import NAME as STANDARD
from robot.rulebook.standard import Standard, read_standard
from robot.rulebook.taxonomy import ReadTaxonomy, read_taxonomy
from robot.rulebook.uncollected import uncollected
from robot.rulebook.value_lists import ValueList, list_name, read_list

ERROR_TYPES: Final = "error_types.yaml"
#: Read elsewhere.
_OTHERS: Final = frozenset({"calendar.yaml", STANDARD, ERROR_TYPES, ERP_REFUSALS, MAIL_WORDS})
#: Told after each customer's file: how many are read, how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """Everything that could be read of a rule directory, and every problem in it.

    `customers` holds each customer file by its stem, also broken ones; `broken` those that must
    not come into force.
    """

    fields: Fields
    files: RuleFiles
    taxonomy: Taxonomy
    taxonomy_file: RuleFile | None
    standard: Standard | None
    lists: Mapping[str, ValueList] = field(default_factory=dict)
    list_files: Mapping[str, RuleFile] = field(default_factory=dict)
    customers: Mapping[str, CustomerFile] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    #: What the ERP's texts mean; empty when there is no such file.
    refusals: RefusalTable = field(default_factory=RefusalTable)
    #: What customers' own mails are about; empty when there is no such file.
    mail_words: MailWords = field(default_factory=MailWords)
    problems: tuple[Problem, ...] = ()
    #: Customers whose file was not read again, since nothing that it rests on has changed.
    unchanged: frozenset[str] = frozenset()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something out of force."""
        return tuple(p for p in self.problems if p.severity is Weight.ERROR)

    @property
    def for_repostings(self) -> LoadedRules:
        """The same rules as re-posting sheets meet them: `rules` and `repostings` changed over.

        The effective sets keep their text and hash, since they come from the same files.
        """
        standard = self.standard
        return replace(
            self,
            standard=None
            if standard is None
            else replace(standard, rules=standard.repostings, repostings=standard.rules),
            customers={
                stem: replace(file, rules=file.repostings, repostings=file.rules)
                for stem, file in self.customers.items()
            },
        )

    def met_by(self, values: FieldValues) -> LoadedRules:
        """The rules as a document with these field values meets them."""
        return self.for_repostings if of_sheet(values) else self

    @property
    def shared(self) -> Shared | None:
        """What all customers share; None when the standard or the error types are broken."""
        if self.standard is None or self.taxonomy_file is None:
            return None
        if self.standard.file.report.broken or self.taxonomy_file.report.broken:
            return None
        return Shared(
            fields=self.fields,
            taxonomy=self.taxonomy,
            taxonomy_file=self.taxonomy_file,
            standard=self.standard,
            lists=self.lists,
            list_files=self.list_files,
        )

    def effective(self, stem: str | None) -> EffectiveSet:
        """The effective set of one customer file, or of nobody (None).

        Raises:
            KeyError: There is no such file, or it or what it rests on is broken.
        """
        shared = self.shared
        if shared is None:
            raise KeyError(STANDARD)
        if stem is None:
            return effective_set(shared, None)
        if stem in self.broken:
            raise KeyError(stem)
        return effective_set(shared, self.customers[stem])


def load(
    rules_dir: Path, catalogue: Mapping[str, FieldSpec], *, progress: Progress | None = None
) -> LoadedRules:
    """Read and check a rule directory.

    Args:
        rules_dir: Laid out like `rules/`.
        catalogue: Every field that rules may use.
        progress: Told after each customer's file.
    """
    return load_files(read_directory(rules_dir), Fields(catalogue), progress=progress)


def load_files(
    files: RuleFiles,
    fields: Fields,
    *,
    progress: Progress | None = None,
    earlier: LoadedRules | None = None,
) -> LoadedRules:
    """Check rule files that are already in memory.

    Args:
        files: The files.
        fields: The field catalogue.
        progress: Told after each customer's file.
        earlier: An earlier reading of the same directory; of customer files that are as they
            were then, it is taken over.
    """
    with uncollected():
        return _read_files(files, fields, progress, earlier)


def _read_files(
    files: RuleFiles, fields: Fields, progress: Progress | None, earlier: LoadedRules | None
) -> LoadedRules:
    missing: list[Problem] = []
    taxonomy_file = _needed(files, ERROR_TYPES, missing)
    read = read_taxonomy(taxonomy_file) if taxonomy_file else None
    error_types = _error_types(read)
    lists, list_files = _lists(files)
    standard_file = _needed(files, STANDARD, missing)
    list_names = {list_name(file) for file in list_files.values()}
    standard = (
        read_standard(standard_file, fields, error_types, list_names) if standard_file else None
    )
    reader = CustomerReader(
        fields,
        error_types,
        {name: lists.get(name, ValueList(name=name, rows=())) for name in list_names},
        standard or Standard(file=_empty_file(files), readable=False),
    )
    kept = _untouched(files, fields, list_files, earlier)
    customers = _customers(files, reader, kept, progress)
    _refuse_shared_numbers(customers)
    _warn_of_strangers(files)
    refusals_file = files.get(ERP_REFUSALS)
    refusals = read_refusals(refusals_file, error_types.codes) if refusals_file else RefusalTable()
    words_file = files.get(MAIL_WORDS)
    mail_words = read_mail_words(words_file, error_types.codes) if words_file else MailWords()
    reports = [file.report for file in files.files.values()]
    return LoadedRules(
        fields=fields,
        files=files,
        taxonomy=error_types.taxonomy,
        taxonomy_file=taxonomy_file,
        standard=standard,
        lists=lists,
        list_files=list_files,
        customers=customers,
        broken=frozenset(
            stem
            for stem, customer in customers.items()
            if customer.file.report.broken or customer.customer is None
        ),
        refusals=refusals,
        mail_words=mail_words,
        problems=in_order([*missing, *(p for report in reports for p in report.problems)]),
        unchanged=frozenset(one.stem for one in kept.values()),
    )


def _untouched(
    files: RuleFiles,
    fields: Fields,
    list_files: Mapping[str, RuleFile],
    earlier: LoadedRules | None,
) -> dict[str, CustomerFile]:
    """Customer files of an earlier reading that need no other one."""
    if (
        earlier is None
        or earlier.fields is not fields
        or earlier.list_files.keys() != list_files.keys()
    ):
        return {}
    if not same_text(earlier.files, files, (STANDARD, ERROR_TYPES)):
        return {}
    return untouched(earlier.customers, files.under("customers"))


def _needed(files: RuleFiles, name: str, missing: list[Problem]) -> RuleFile | None:
    file = files.get(name)
    if file is None:
        report = Report(files.path(name))
        report.error("file-missing", report.at(1, 1), f"there is no {name} in {files.root}")
        missing.extend(report.problems)
    return file


def _empty_file(files: RuleFiles) -> RuleFile:
    path = files.path(STANDARD)
    return RuleFile(name=STANDARD, path=path, text="", report=Report(path))


def _error_types(read: ReadTaxonomy | None) -> ErrorTypes:
    if read is None:
        return ErrorTypes(codes=None, taxonomy=Taxonomy(()))
    return ErrorTypes(codes=read.codes, taxonomy=read.taxonomy)


def _lists(files: RuleFiles) -> tuple[dict[str, ValueList], dict[str, RuleFile]]:
    lists: dict[str, ValueList] = {}
    read_from: dict[str, RuleFile] = {}
    for file in files.under("lists"):
        name = list_name(file)
        if name in read_from:
            file.report.error(
                "duplicate-list",
                file.report.at(1, 1),
                f"the list '{name}' is also in {read_from[name].path}",
            )
            continue
        found = read_list(file)
        if found is not None:
            lists[name] = found
        if found is not None or file.report.broken:
            read_from[name] = file
    return lists, read_from


def _customers(
    files: RuleFiles,
    reader: CustomerReader,
    kept: Mapping[str, CustomerFile],
    progress: Progress | None,
) -> dict[str, CustomerFile]:
    customers: dict[str, CustomerFile] = {}
    wanted = [file for file in files.under("customers") if file.name.endswith(".yaml")]
    for done, file in enumerate(wanted, 1):
        customer = kept.get(file.name) or reader.read(file)
        customers[customer.stem] = customer
        if progress is not None:
            progress(done, len(wanted))
    return customers


def _refuse_shared_numbers(customers: Mapping[str, CustomerFile]) -> None:
    """A number that finds two customers finds neither: both files are told of each other."""
    holders: dict[str, list[tuple[CustomerFile, Position]]] = {}
    for customer in customers.values():
        for number, at in customer.numbers.items():
            holders.setdefault(number, []).append((customer, at))
    for number, found in holders.items():
        for customer, at in found if len(found) > 1 else ():
            others = " and ".join(str(place) for other, place in found if other is not customer)
            customer.file.report.error(
                "shared-number", at, f"{number} is also in {others}; it must name one customer"
            )


def _warn_of_strangers(files: RuleFiles) -> None:
    for name, file in files.files.items():
        place = file.report.at(1, 1)
        if name.endswith(".yml") or (name.startswith("customers/") and not name.endswith(".yaml")):
            file.report.warning(
                "file-ignored", place, "not read: rule files end in .yaml", "rename it"
            )
        elif "/" not in name and name not in {*_OTHERS, *FOLDERS}:
            file.report.warning("file-ignored", place, f"not read: nothing here is called {name}")
