"""Versions of the rules: a directory, a kept set by its hash, files of an earlier commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from robot.domain.fields import FieldSpec
from robot.rulebook.effective import files_of
from robot.rulebook.loader import LoadedRules, load_files
from robot.rulebook.names import Fields
from robot.rulebook.source import FOLDERS, RuleFiles, rule_file

#: What `RuleBook` and `rules` call the standard without any customer.
STANDARD: Final = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentSet:
    """The set that the files give for one customer now. `stem` is None for the standard alone."""

    stem: str | None
    customer: str
    name: str
    hash: str
    text: str

    def changed_files(self, earlier: str | None) -> tuple[str, ...]:
        """Names of its files that are others, or not there, in an earlier text."""
        before = {} if earlier is None else files_of(earlier, "").files
        return tuple(
            name
            for name, file in files_of(self.text, "").files.items()
            if name not in before or before[name].text != file.text
        )


def current_sets(loaded: LoadedRules) -> list[CurrentSet]:
    """Every set that the files give, the standard alone first; broken files are left out."""
    found = []
    for stem in (None, *sorted(loaded.customers)):
        try:
            effective = loaded.effective(stem)
        except KeyError:
            continue
        found.append(
            CurrentSet(
                stem=stem,
                customer=effective.customer.bogfoeringskreds,
                name=STANDARD if stem is None else effective.customer.name,
                hash=effective.hash,
                text=effective.text,
            )
        )
    return found


def loaded_from_text(text: str, label: str, catalogue: Mapping[str, FieldSpec]) -> LoadedRules:
    """A kept set, read again.

    Raises:
        ValueError: It is not a kept set.
    """
    return load_files(files_of(text, label), Fields(catalogue))


def loaded_from_files(
    files: Mapping[str, bytes], label: str, catalogue: Mapping[str, FieldSpec]
) -> LoadedRules:
    """A rule directory given as the contents of its files by their name inside it."""
    wanted = {name: data for name, data in files.items() if _belongs(name)}
    read = {name: rule_file(name, f"{label}/{name}", data) for name, data in wanted.items()}
    return load_files(RuleFiles(root=label, files=read), Fields(catalogue))


def only_customer(loaded: LoadedRules, customer: str) -> LoadedRules:
    """The rules as far as one customer (its bogføringskreds, empty for nobody) has them.

    Raises:
        KeyError: It has none that can be used.
    """
    for found in current_sets(loaded):
        if found.customer == customer:
            root = loaded.files.root
            return load_files(files_of(found.text, root), loaded.fields)
    raise KeyError(customer)


def _belongs(name: str) -> bool:
    folder, _, rest = name.rpartition("/")
    if folder:
        return folder in FOLDERS and not rest.startswith(".")
    return name.endswith((".yaml", ".yml"))
