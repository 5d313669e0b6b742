"""Takes files out of force whose conditions exclude themselves: they can't be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from robot.rulebook.analysis.contradiction import Contradictions, Nonsense, may_be_nonsense
from robot.rulebook.analysis.problem_kinds import KINDS
from robot.rulebook.customer_file import CustomerFile
from robot.rulebook.loader import LoadedRules
from robot.rulebook.names import ParameterSpec
from robot.rulebook.problem import Weight, in_order
from robot.rulebook.rules import Rule
from robot.rulebook.source import RuleFile
from robot.rulebook.standard import Standard


def without_nonsense(loaded: LoadedRules) -> LoadedRules:
    """The rules as loaded, with files out of force whose conditions exclude themselves.

    Such conditions are errors of the file that holds them: the standard's, the customer's, or the
    customer's `set` when only its values make a standard rule impossible.
    """
    standard = loaded.standard
    if standard is None:
        return loaded
    contradictions = Contradictions(loaded.fields)
    for rule in standard.every_rule:
        found = contradictions.of(filled(rule, standard.parameters))
        _refuse(found, rule, standard.file)
    for stem, file in loaded.customers.items():
        if stem in loaded.unchanged:
            continue
        parameters = {**standard.parameters, **file.settings}
        for rule in filter(may_be_nonsense, file.every_rule):
            _refuse(contradictions.of(filled(rule, parameters)), rule, file.file)
        if file.settings:
            _refuse_settings(file, standard, contradictions)
    reports = [file.report for file in loaded.files.files.values()]
    told = [problem for report in reports for problem in report.problems]
    if len(told) == len(loaded.problems):
        return loaded
    broken = {stem for stem, one in loaded.customers.items() if one.file.report.broken}
    return replace(
        loaded,
        broken=loaded.broken | broken,
        problems=in_order([*loaded.problems, *told]),
    )


def _refuse(found: Iterable[Nonsense], rule: Rule, file: RuleFile) -> None:
    for nonsense in found:
        if nonsense.at.path == file.path:
            code, message = _told(nonsense, rule)
            if KINDS[code].severity is Weight.ERROR:
                file.report.error(code, nonsense.at, message, nonsense.fix)
            else:
                file.report.warning(code, nonsense.at, message, nonsense.fix)


def _told(nonsense: Nonsense, rule: Rule) -> tuple[str, str]:
    if nonsense.always:
        return "always-holds", f"in rule '{rule.id}' this always holds: {nonsense.words}"
    if nonsense.in_part:
        return "part-never-holds", f"in rule '{rule.id}' this can never hold: {nonsense.words}"
    exclude = " exclude each other" if " and '" in nonsense.words else ""
    return "never-holds", f"rule '{rule.id}' can never hold: {nonsense.words}{exclude}"


def _refuse_settings(
    file: CustomerFile, standard: Standard, contradictions: Contradictions
) -> None:
    """Refuse values that make a standard rule impossible which is not so by itself."""
    parameters = {**standard.parameters, **file.settings}
    for rule in standard.every_rule:
        if rule.parameters.isdisjoint(file.settings) or not may_be_nonsense(rule):
            continue
        usual, tuned = filled(rule, standard.parameters), filled(rule, parameters)
        if usual == tuned or any(not n.in_part for n in contradictions.of(usual)):
            continue
        for nonsense in contradictions.of(tuned):
            if not nonsense.always and not nonsense.in_part:
                at = next(iter(file.settings.values())).at
                message = f"with these values {_told(nonsense, rule)[1]} ({rule.at})"
                file.file.report.error("never-holds", at, message)


def filled(rule: Rule, parameters: Mapping[str, ParameterSpec]) -> Rule:
    """A rule with the values of its parameters; those that can't be read stay as they are."""
    try:
        return rule.filled(parameters)
    except KeyError:
        return replace(rule, when=None, unless=None)
