"""What the dashboard asks for that needs the rules' own files or the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from robot.domain.answer import Answer
from robot.domain.decision import RuleSet
from robot.domain.fields import FieldSpec
from robot.flow.clerk import Clerk
from robot.flow.command_port import Command
from robot.flow.commands import Act
from robot.flow.past import Past
from robot.rulebook.refusal_mapping import map_refusal, previewed


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleActs:
    """Trying a proposed set on the past, and mapping what the ERP said.

    Args:
        directory: The rule files; the process that carries out has to be allowed to write here.
        in_force: The set in force of a customer; KeyError when it has none.
        past: Opens the history.
        catalogue: Every field that rules may use.
    """

    directory: Path
    in_force: Callable[[str], RuleSet]
    past: Callable[[], Past]
    catalogue: Mapping[str, FieldSpec]

    def all(self) -> Mapping[str, Act]:
        """The acts by the kind of their command."""
        return {"rules-backtest": self.backtest, "erp-map": self.map_text}

    def backtest(self, command: Command, clerk: Clerk) -> Answer:
        """Try a proposed set on its customer's past and keep the result beside it."""
        # numpy takes a quarter of a second to load, which the other acts need not wait for.
        from robot.rulebook.backtest.trial import Trial, told  # noqa: PLC0415

        ruleset = command.argument["ruleset"]
        kept = clerk.store.rules.backtest(ruleset)
        if (
            kept is not None
            and kept.made_by == clerk.name
            and kept.made_at >= command.asked_at
            and kept.against == self.in_force(kept.customer).hash
        ):
            # Killed between keeping the result and saying so.
            return told(kept)
        trial = Trial(
            store=clerk.store,
            in_force=self.in_force,
            past=self.past,
            catalogue=self.catalogue,
            clock=clerk.clock,
            lease=clerk.lease,
        )
        return told(trial.run(ruleset, clerk.name))

    def map_text(self, command: Command, clerk: Clerk) -> Answer:
        """Have a pattern in what the ERP says mean an error type."""
        mapping = previewed(
            clerk.store, clerk.taxonomy, command.argument["pattern"], command.argument["code"]
        )
        map_refusal(
            clerk.store,
            clerk.taxonomy,
            self.directory,
            mapping,
            person=clerk.name,
            reason=command.reason,
        )
        return Answer(code="text-mapped", values={"documents": str(len(mapping.documents))})
