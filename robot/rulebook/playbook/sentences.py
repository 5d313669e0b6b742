"""Conditions as sentences that an accountant reads and can say yes to.

Every part is a subordinate clause (`når …`, `when …`), so that Danish has its «ikke» before the
verb and parts can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from robot.domain.fields import FieldType
from robot.rulebook.conditions import (
    AllOf,
    AnyOf,
    Bound,
    Condition,
    CountLines,
    FieldRef,
    ForLines,
    ListName,
    Literal,
    Not,
    Operand,
    SumLines,
    Test,
)
from robot.rulebook.names import Fields
from robot.rulebook.playbook.flag_sentences import FLAGS, Sentence
from robot.rulebook.playbook.phrases import CHOICES, NOUNS
from robot.rulebook.playbook.values import both, either, in_words, pattern_text, value_text
from robot.rulebook.value_lists import ValueList
from robot.rulebook.vocabulary import Operator, Quantifier

_CODED: Final = "lines.coded"
_OPPOSITE: Final = {
    one: other
    for pair in (
        (Operator.BELOW, Operator.AT_LEAST),
        (Operator.AT_MOST, Operator.ABOVE),
        (Operator.BEFORE, Operator.ON_OR_AFTER),
        (Operator.ON_OR_BEFORE, Operator.AFTER),
        (Operator.IS, Operator.IS_NOT),
        (Operator.IN, Operator.NOT_IN),
        (Operator.IN_LIST, Operator.NOT_IN_LIST),
        (Operator.MISSING, Operator.PRESENT),
        (Operator.SAME_AS, Operator.DIFFERS_FROM),
    )
    for one, other in (pair, pair[::-1])
}
#: Operators that say what something is not, so that denying them reads better.
_DENYING: Final = frozenset(
    {
        Operator.IS_NOT,
        Operator.NOT_IN,
        Operator.NOT_IN_LIST,
        Operator.MISSING,
        Operator.DIFFERS_FROM,
    }
)
#: Predicates in Danish and English; `{}` is what stands after the operator.
_PREDICATES: Final[Mapping[Operator, tuple[str, str]]] = {
    Operator.MISSING: ("mangler", "is missing"),
    Operator.PRESENT: ("er angivet", "is given"),
    Operator.BELOW: ("er under {}", "is below {}"),
    Operator.AT_MOST: ("er højst {}", "is at most {}"),
    Operator.ABOVE: ("er over {}", "is above {}"),
    Operator.AT_LEAST: ("er mindst {}", "is at least {}"),
    Operator.IS: ("er {}", "is {}"),
    Operator.IS_NOT: ("ikke er {}", "is not {}"),
    Operator.IN: ("er {}", "is {}"),
    Operator.NOT_IN: ("ikke er {}", "is not {}"),
    Operator.BETWEEN: ("er mellem {}", "is between {}"),
    Operator.BEFORE: ("er før {}", "is before {}"),
    Operator.ON_OR_BEFORE: ("er senest {}", "is {} or earlier"),
    Operator.AFTER: ("er efter {}", "is after {}"),
    Operator.ON_OR_AFTER: ("er tidligst {}", "is {} or later"),
    Operator.WITHIN_DAYS: ("ligger {}", "is {}"),
    Operator.IN_LIST: ("står på listen {}", "is on the list {}"),
    Operator.NOT_IN_LIST: ("ikke står på listen {}", "is not on the list {}"),
    Operator.STARTS_WITH: ("begynder med {}", "starts with {}"),
    Operator.SAME_AS: ("er det samme som {}", "is the same as {}"),
    Operator.DIFFERS_FROM: ("er noget andet end {}", "is something else than {}"),
}
#: The same denied, for those that have no opposite.
_DENIED: Final[Mapping[Operator, tuple[str, str]]] = {
    Operator.BETWEEN: ("ikke er mellem {}", "is not between {}"),
    Operator.WITHIN_DAYS: ("ikke ligger {}", "is not {}"),
    Operator.STARTS_WITH: ("ikke begynder med {}", "does not start with {}"),
}


class Sentences:
    """Writes conditions in one language.

    Args:
        language: `da` or `en`.
        fields: The field catalogue.
        lists: Lists by name, to say how many rows they have.
        today: The day on which rows are counted.
    """

    def __init__(
        self, language: str, fields: Fields, lists: Mapping[str, ValueList], today: date
    ) -> None:
        self._language = language
        self._fields = fields
        self._lists = lists
        self._today = today

    def clause(self, condition: Condition, *, denied: bool = False) -> str:
        """A condition as a clause after `når` or `when`; `denied` for its opposite."""
        if isinstance(condition, Test):
            return self._test(condition, denied=denied)
        if isinstance(condition, Not):
            return self.clause(condition.part, denied=not denied)
        if isinstance(condition, AllOf | AnyOf):
            return self._several(condition, denied=denied)
        if isinstance(condition, ForLines):
            return self._lines(condition, denied=denied)
        return self._measure(condition, denied=denied)

    def joined(self, clauses: list[str]) -> str:
        """Clauses that hold all at once: `A, og B`."""
        return f", {self._say('og', 'and')} ".join(clauses)

    def noun(self, field: FieldRef) -> str:
        """What a field is called in a sentence."""
        place = 0 if self._language == "da" else 1
        if field.name in NOUNS:
            return NOUNS[field.name][place]
        spec = self._fields.spec(field)
        if spec.open_ended:
            noun = NOUNS.get(spec.name, (spec.da, spec.en))[place]
            own = field.key.removeprefix(spec.name.removeprefix("lines."))
            return f"{noun} {own}"
        text = (spec.da, spec.en)[place].partition(" (")[0]
        return text if text[:2].isupper() else text[0].lower() + text[1:]

    def _say(self, danish: str, english: str) -> str:
        return in_words(self._language, danish, english)

    def _several(self, condition: AllOf | AnyOf, *, denied: bool) -> str:
        clauses = [self.clause(part, denied=denied) for part in condition.parts]
        if isinstance(condition, AllOf) is not denied:
            return self.joined(clauses)
        if len(clauses) == 2:  # noqa: PLR2004 - either … or
            return self._say("enten {}, eller {}", "either {}, or {}").format(*clauses)
        told = self._say("mindst ét af dette gælder: ", "at least one of this holds: ")
        return told + "; ".join(clauses) if len(clauses) > 1 else "".join(clauses)

    def _test(self, test: Test, *, denied: bool) -> str:
        first = test.operands[0] if test.operands else None
        if isinstance(first, Literal) and isinstance(first.value, bool):
            return self._flag(test.field, yes=first.value is not denied)
        sentences = self._choices(test)
        if sentences:
            no = denied is not (test.operator in {Operator.IS_NOT, Operator.NOT_IN})
            clauses = [self._holds(sentence, yes=not no) for sentence in sentences]
            return self.joined(clauses) if no else either(clauses, self._language)
        return f"{self.noun(test.field)} {self._predicate(test, denied=denied)}"

    def _choices(self, test: Test) -> list[Sentence]:
        values = [o.value for o in test.operands if isinstance(o, Literal)]
        found = [CHOICES.get((test.field.name, str(value))) for value in values]
        if test.field.type is not FieldType.CHOICE or None in found:
            return []
        return [sentence for sentence in found if sentence is not None]

    def _flag(self, field: FieldRef, *, yes: bool) -> str:
        known = FLAGS.get(field.name)
        if known is not None:
            return self._holds(known, yes=yes)
        spec = self._fields.spec(field)
        text = self._say(spec.da, spec.en).partition(" (")[0]
        words = ("er rigtigt", "holds") if yes else ("ikke er rigtigt", "does not hold")
        return f"«{text}» {self._say(*words)}"

    def _holds(self, sentence: Sentence, *, yes: bool) -> str:
        subject, predicate = sentence.da if self._language == "da" else sentence.en
        if yes:
            return f"{subject} {predicate}"
        if self._language == "da":
            return f"{subject} ikke {predicate}"
        verb, _, rest = predicate.partition(" ")
        return (
            f"{subject} does not have {rest}" if verb == "has" else f"{subject} {verb} not {rest}"
        )

    def _predicate(self, part: Test | Bound, *, denied: bool) -> str:
        operator = part.operator
        if operator is Operator.MATCHES:
            (pattern,) = part.operands
            text = str(pattern.value) if isinstance(pattern, Literal) else ""
            return pattern_text(text, self._language, denied=denied)
        if denied and operator in _OPPOSITE:
            operator, denied = _OPPOSITE[operator], False
        table = _DENIED if denied else _PREDICATES
        texts = [self._operand(operand) for operand in part.operands]
        join = both if operator is Operator.BETWEEN else either
        return self._say(*table[operator]).format(join(texts, self._language))

    def _operand(self, operand: Operand) -> str:
        if isinstance(operand, Literal):
            return value_text(operand.value, self._language)
        if isinstance(operand, FieldRef):
            return self.noun(operand)
        if isinstance(operand, ListName):
            known = self._lists.get(operand.name)
            rows = 0 if known is None else len(known.values(self._today))
            ending = self._say("" if rows == 1 else "r", "" if rows == 1 else "s")
            return f"{operand.name} ({rows} {self._say('række', 'row')}{ending})"
        return operand.name

    # ------------------------------------------------------------ lines

    def _lines(self, condition: ForLines, *, denied: bool) -> str:
        coded, parts = _without_coded(condition.part)
        quantifier = condition.quantifier
        if denied and quantifier is not Quantifier.ALL:
            turned = {Quantifier.ANY: Quantifier.NONE, Quantifier.NONE: Quantifier.ANY}
            quantifier, denied = turned[quantifier], False
        if quantifier is Quantifier.ALL:
            inner = self.clause(condition.part)
            if denied:
                return self._say("ikke for alle linjer gælder, at ", "not for every line ") + inner
            return self._say("det for alle linjer gælder, at ", "for every line ") + inner
        if not parts:
            return self._bare(quantifier)
        line = self._say("konteret linje", "coded line") if coded else self._say("linje", "line")
        if quantifier is Quantifier.NONE and _reads_better_denied(parts):
            every = self._say("alle konterede linjer", "every coded line") if coded else ""
            every = every or self._say("alle linjer", "every line")
            inner = self.clause(parts[0], denied=True)
            return self._say(f"det for {every} gælder, at {inner}", f"for {every} {inner}")
        inner = self.joined([self.clause(part) for part in parts])
        if quantifier is Quantifier.ANY:
            return self._say(
                f"der er mindst én {line}, hvor {inner}",
                f"there is at least one {line} where {inner}",
            )
        return self._say(
            f"der ikke er nogen {line}, hvor {inner}", f"there is no {line} where {inner}"
        )

    def _bare(self, quantifier: Quantifier) -> str:
        if quantifier is Quantifier.ANY:
            return self._say("mindst én linje er konteret", "at least one line is coded")
        return self._say("ingen linje er konteret", "no line is coded")

    def _measure(self, condition: CountLines | SumLines, *, denied: bool) -> str:
        where = ""
        if condition.where is not None:
            inner = self.clause(condition.where)
            where = self._say(f", hvor {inner},", f" where {inner}")
        if isinstance(condition, CountLines):
            what = self._say("antallet af linjer", "the number of lines")
        else:
            noun = self.noun(condition.field)
            what = self._say(f"summen af {noun} på linjer", f"the sum of {noun} over lines")
        bounds = [self._predicate(bound, denied=denied) for bound in condition.bounds]
        join: Callable[[list[str], str], str] = either if denied else both
        return f"{what}{where} {join(bounds, self._language)}"


def _without_coded(part: Condition) -> tuple[bool, list[Condition]]:
    """Whether only coded lines are meant, and what else is asked of them."""
    parts = list(part.parts) if isinstance(part, AllOf) else [part]
    rest = [one for one in parts if not _is_coded(one)]
    return len(rest) < len(parts), rest


def _is_coded(part: Condition) -> bool:
    return (
        isinstance(part, Test)
        and part.field.name == _CODED
        and part.operands == (Literal(value=True),)
    )


def _reads_better_denied(parts: list[Condition]) -> bool:
    return len(parts) == 1 and isinstance(parts[0], Test) and parts[0].operator in _DENYING
