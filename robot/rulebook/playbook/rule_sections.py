"""What the robot posts, returns, holds and notes, rule by rule in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from robot.domain.decision import Effect
from robot.domain.page import Block, Code, Grid, Listing, Paragraph, Section, Strong, Words
from robot.domain.taxonomy import ErrorType
from robot.rulebook.conditions import AllOf, Condition
from robot.rulebook.effective import EffectiveRule, EffectiveSet
from robot.rulebook.playbook.edition import Edition, bounces
from robot.rulebook.playbook.sentences import Sentences

#: So many conditions still read well in one sentence.
_IN_ONE_SENTENCE: Final = 2


class RuleSections:
    """The sections that the rules give."""

    def __init__(self, effective: EffectiveSet, edition: Edition) -> None:
        self._effective = effective
        self._edition = edition
        self._say = edition.say
        self._sentences = Sentences(
            edition.language, effective.fields, effective.lists, edition.today
        )

    def kind(self, part: EffectiveRule) -> ErrorType | None:
        """The error type that a rule gives."""
        code = part.rule.error_type
        taxonomy = self._effective.taxonomy
        return taxonomy[code] if code is not None and code in taxonomy else None

    def posted(self) -> Section:
        """What is posted automatically."""
        say = self._say
        parts = [part for part in self._effective.rules if part.rule.effect is Effect.POST]
        intro = say(
            "Et bilag bogføres kun, når mindst én af disse regler gælder, og der intet er at "
            "bemærke efter de følgende afsnit. Ved robotten ikke noget, som den skulle vide, "
            "bogfører den ikke.",
            "A document is posted only when at least one of these rules holds and nothing is "
            "wrong by the sections below. When there is something that the robot should know "
            "and does not, it does not post.",
        )
        rules = [self._rule(part, say("Bogføres", "Is posted")) for part in _own_first(parts)]
        return Section(
            id="bogfoeres",
            heading=say("Hvad robotten bogfører selv", "What the robot posts by itself"),
            blocks=(Paragraph(words=intro), *rules),
        )

    def returned(self) -> Section:
        """What is sent back to the customer, and what it then does."""
        say = self._say
        parts = [part for part in self._active() if bounces(part, self.kind(part))]
        own = [part for part in parts if not part.standard]
        standard = [part for part in parts if part.standard]
        blocks: list[Block] = [
            Paragraph(
                words=say(
                    "Bilaget åbnes igen i kilden, og I får en besked med alle fejl på én gang.",
                    "The document is opened again in the source, and you are told all errors at "
                    "once.",
                )
            )
        ]
        blocks += self._own(own, say("Sendes retur", "Is returned"), with_fix=True)
        rows = tuple(
            (
                (Strong(self._edition.title(kind)), " ", Code(kind.code)),
                self._whys(kind, parts),
                self._edition.fix(kind),
            )
            for kind, parts in self._by_kind(standard)
        )
        heads = (
            say("Hvad der er galt", "What is wrong"),
            say("Hvorfor", "It means"),
            say("Hvad I gør", "What you do"),
        )
        caption = say("Standardregler, der sender retur", "Standard rules that return")
        grid = Grid(caption=caption, heads=heads, rows=rows)
        blocks.append(
            Section(
                id="retur-standard",
                heading=say("For alle institutioner", "For all institutions"),
                blocks=(grid,),
            )
        )
        return Section(
            id="retur",
            heading=say("Hvad I får retur, og hvad I så gør", "What is returned to you"),
            blocks=tuple(blocks),
        )

    def held(self) -> Section:
        """What a colleague of the centre looks at."""
        say = self._say
        blocking = [part for part in self._active() if part.rule.blocking]
        parts = [part for part in blocking if not bounces(part, self.kind(part))]
        own = [part for part in parts if not part.standard]
        kinds = self._by_kind([part for part in parts if part.standard])
        grid = self._looked_at(kinds)
        intro = say(
            "I skal intet gøre, medmindre SAM spørger.", "You need do nothing unless SAM asks."
        )
        standard = Section(
            id="ses-standard",
            heading=say("For alle institutioner", "For all institutions"),
            blocks=(grid,),
        )
        word = say("Ses af en medarbejder", "Is looked at")
        return Section(
            id="ses",
            heading=say("Hvad en medarbejder i SAM ser på", "What a colleague at SAM looks at"),
            blocks=(Paragraph(words=intro), *self._own(own, word, with_fix=False), standard),
        )

    def _looked_at(self, kinds: Sequence[tuple[ErrorType, Sequence[EffectiveRule]]]) -> Grid:
        say = self._say
        caption = say("Standardregler, der gemmer", "Standard rules that hold")
        names = [(Strong(self._edition.title(kind)), " ", Code(kind.code)) for kind, _ in kinds]
        means = [self._edition.explain(kind) for kind, _ in kinds]
        if self._edition.language != "da":
            return Grid(
                caption=caption,
                heads=("What is looked at", "It means"),
                rows=tuple(zip(names, means, strict=True)),
            )
        whys = [self._whys(kind, parts) for kind, parts in kinds]
        return Grid(
            caption=caption,
            heads=("Hvad der skal ses på", "Hvorfor", "Det betyder"),
            rows=tuple(zip(names, whys, means, strict=True)),
        )

    def noted(self) -> Section | None:
        """What is only written down."""
        parts = [part for part in self._active() if part.rule.effect is Effect.NOTE]
        items: list[Words] = []
        for part in parts:
            kind = self.kind(part)
            title = part.rule.id if kind is None else self._edition.title(kind)
            why = self._edition.reason(part.rule.why)
            if not why and kind is not None:
                why = self._edition.explain(kind)
            why = f": {why}" if why else ""
            items.append((Strong(title), why))
        if not items:
            return None
        say = self._say
        intro = say(
            "Dette stopper ikke et bilag; det tælles, så det kan rettes ved kilden.",
            "This stops no document; it is counted, so that it can be put right at its source.",
        )
        return Section(
            id="noteres",
            heading=say("Hvad der kun noteres", "What is only noted"),
            blocks=(Paragraph(words=intro), Listing(items=tuple(items))),
        )

    def of_sheets(self) -> Section | None:
        """What is done with re-posting sheets, of a set of their rules alone."""
        say = self._say
        active = self._active()
        if not active:
            return None
        posts = [part for part in active if part.rule.effect is Effect.POST]
        holds = [part for part in active if part.rule.blocking]
        own = [part for part in holds if not part.standard]
        intro = say(
            "Omposteringsark følger disse regler og ingen andre. Forkerte celler får I straks "
            "tilbage i en markeret kopi. Det, en medarbejder i SAM ser på, skal I ikke gøre noget "
            "ved.",
            "Re-posting sheets follow these rules and no others. Wrong cells come back at once in "
            "a marked copy. You need do nothing about what a colleague at SAM looks at.",
        )
        standard = self._by_kind([part for part in holds if part.standard])
        for_all = Section(
            id="omposteringsark-standard",
            heading=say("For alle institutioner", "For all institutions"),
            blocks=(self._looked_at(standard),),
        )
        return Section(
            id="omposteringsark",
            heading=say("Omposteringsark", "Re-posting sheets"),
            blocks=(
                Paragraph(words=intro),
                *self._own(_own_first(posts), say("Bogføres", "Is posted"), with_fix=False),
                *self._own(own, say("Ses af en medarbejder", "Is looked at"), with_fix=False),
                *((for_all,) if standard else ()),
            ),
        )

    # ------------------------------------------------------------ parts

    def _active(self) -> list[EffectiveRule]:
        """Rules that count, or will: not those that are over, nor those that are switched off."""
        today = self._edition.today
        return [
            part
            for part in self._effective.rules
            if not (part.rule.valid_to is not None and part.rule.valid_to < today)
            and not self._switched_off(part)
        ]

    def _switched_off(self, part: EffectiveRule) -> bool:
        dispensation = part.dispensed(self._edition.today)
        return dispensation is not None and dispensation.action is None

    def _by_kind(
        self, parts: Iterable[EffectiveRule]
    ) -> list[tuple[ErrorType, list[EffectiveRule]]]:
        found: dict[str, tuple[ErrorType, list[EffectiveRule]]] = {}
        for part in parts:
            kind = self.kind(part)
            if kind is not None:
                found.setdefault(kind.code, (kind, []))[1].append(part)
        return sorted(found.values(), key=lambda pair: (pair[0].order, pair[0].code))

    def _whys(self, kind: ErrorType, parts: Sequence[EffectiveRule]) -> str:
        """Why the rules are there; what the error type means where no reason is given."""
        whys = dict.fromkeys(self._edition.reason(part.rule.why) for part in parts)
        moved = any(part.dispensed(self._edition.today) is not None for part in parts)
        text = " ".join(why for why in whys if why) or self._edition.explain(kind)
        if moved:
            text += " " + self._say("(I har en dispensation.)", "(You have a dispensation.)")
        return text

    def _own(self, parts: Sequence[EffectiveRule], word: str, *, with_fix: bool) -> list[Section]:
        return [self._rule(part, word, with_fix=with_fix) for part in parts]

    def _rule(self, part: EffectiveRule, word: str, *, with_fix: bool = False) -> Section:
        rule, kind = part.rule, self.kind(part)
        heading = self._edition.reason(rule.why).rstrip(".") or _spelled_out(rule.id)
        as_kind = ""
        if kind is not None:
            title = self._edition.title(kind)
            as_kind = " " + self._say(f"som «{title}»", f"as «{title}»")
        blocks: list[Block] = list(self._sentence(f"{word}{as_kind}", rule.when, rule.unless))
        if self._switched_off(part):
            text = self._say("Gælder ikke for tiden (dispensation).", "Does not count at present.")
            blocks.append(Paragraph(words=Strong(text)))
        if rule.valid_from is not None or rule.valid_to is not None:
            period = self._edition.period(rule.valid_from, rule.valid_to)
            blocks.append(Paragraph(words=f"{self._say('Gælder', 'Counts')} {period}."))
        if with_fix and kind is not None:
            fix = self._edition.fix(kind)
            blocks.append(Paragraph(words=(Strong(self._say("I gør:", "You do:")), " ", fix)))
        origin = (
            self._say("Regel for alle institutioner: ", "Rule for all institutions: ")
            if part.standard
            else self._say("Jeres egen regel: ", "Your own rule: ")
        )
        blocks.append(Paragraph(words=(origin, Code(rule.id)), aside=True))
        return Section(id=f"regel-{rule.id}", heading=heading, blocks=tuple(blocks))

    def _sentence(
        self, beginning: str, when: Condition | None, unless: Condition | None
    ) -> Iterable[Block]:
        word = self._say("når", "when")
        clauses = [self._sentences.clause(part) for part in _parts(when)]
        exception = ""
        if unless is not None:
            exception = f"{self._say('medmindre', 'unless')} {self._sentences.clause(unless)}"
        if not clauses:
            always = self._say("altid", "always")
            end = f", {exception}" if exception else ""
            yield Paragraph(words=f"{beginning} {always}{end}.")
        elif len(clauses) <= _IN_ONE_SENTENCE:
            end = f", {exception}" if exception else ""
            yield Paragraph(words=f"{beginning}, {word} {self._sentences.joined(clauses)}{end}.")
        else:
            yield Paragraph(words=f"{beginning}, {word}")
            joint = f", {self._say('og', 'and')}"
            stop = "," if exception else "."
            items = [*(f"{clause}{joint}" for clause in clauses[:-1]), f"{clauses[-1]}{stop}"]
            yield Listing(items=tuple(items))
            if exception:
                yield Paragraph(words=f"{exception}.")


def _spelled_out(name: str) -> str:
    """`post-exhibitions` as a heading."""
    return name.replace("-", " ").capitalize()


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _own_first(parts: Iterable[EffectiveRule]) -> list[EffectiveRule]:
    return sorted(parts, key=lambda part: part.standard)
