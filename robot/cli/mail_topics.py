"""`invoice-robot mail topics|name|labels|train`: what customers' own mails are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click
from rich.text import Text

from robot import bootstrap, settings
from robot.cli.joined import JSON_OPTION, console, echo_json, person, robot, table
from robot.domain.calendar import COPENHAGEN
from robot.domain.reported import OTHER, FoundBy, Topic
from robot.domain.topic_quality import Answer, HeldOut, LabelledMail, Quality, qualities
from robot.errors import RuleFileError
from robot.flow.reported import name_all
from robot.flow.reported_port import OwnMail
from robot.flow.topics import MailTopics

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_SHOWN_TEXT: Final = 60


@click.command("topics")
@click.option("--limit", default=100, show_default=True, help="How many mails at most.")
@JSON_OPTION
def topics(limit: int, *, as_json: bool) -> None:
    """Mails that belong to no case and that nobody could name, with what they may be about.

    What the words or the model are sure of is named first, as every run does.
    """
    with robot() as joined:
        says = joined.ports.topics or MailTopics(words=joined.rulebook.error_types_in)
        name_all(joined.store.reported, says, lambda: joined.store.writing(actor=person()))
        found = [
            (mail, says.opinion(mail.subject, mail.text).suggestions)
            for mail in joined.store.reported.unnamed(after=0, limit=limit)
        ]
    if as_json:
        echo_json([_as_json(mail, maybe) for mail, maybe in found])
        return
    shown = table("mail", "came (Copenhagen)", "customer", "subject", "may be about")
    for mail, maybe in found:
        shown.add_row(
            str(mail.id),
            f"{mail.received_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            mail.customer or "–",
            Text(mail.subject[:_SHOWN_TEXT]),
            Text(", ".join(f"{topic.code} {topic.confidence:.0%}" for topic in maybe) or "–"),
        )
    console().print(shown)


def _as_json(mail: OwnMail, maybe: Iterable[Topic]) -> dict[str, object]:
    return {
        "mail": mail.id,
        "received_at": mail.received_at.isoformat(),
        "customer": mail.customer,
        "sender": mail.sender,
        "subject": mail.subject,
        "suggestions": [
            {"code": topic.code, "confidence": round(topic.confidence, 4)} for topic in maybe
        ],
    }


@click.command("name")
@click.argument("mail", type=int)
@click.argument("code")
def name(mail: int, code: str) -> None:
    """Say that MAIL is about CODE, an error type, or `other` when it is about none."""
    with robot() as joined:
        _known(code, (*joined.rulebook.taxonomy.codes(), OTHER))
        try:
            joined.store.reported.get(mail)
        except KeyError:
            raise click.UsageError(
                f"no mail {mail} that belongs to no case; see `invoice-robot mail topics`"
            ) from None
        with joined.store.writing(actor=person()) as unit:
            unit.reported.name(mail, code=code, found_by=FoundBy.PERSON, confidence=1.0)
    click.echo(f"mail {mail} is about {code}")


@click.command("labels")
@click.argument("out", type=_FILE)
def labels(out: Path) -> None:
    """Write the mails that people have named to OUT, a CSV file to train on.

    It holds what customers wrote, so only its owner can read it.
    """
    with robot() as joined:
        named = (
            LabelledMail(subject=mail.subject, text=mail.text, code=code)
            for mail, code in joined.store.reported.named_by_persons()
        )
        try:
            many = bootstrap.write_labelled(out, named)
        except OSError as error:
            raise RuleFileError(f"{out}: {error.strerror}") from error
    click.echo(f"{many} mails in {out}")


@click.command("train")
@click.argument("labelled", type=_FILE)
@click.option("--out", type=_FILE, help="Where to keep the model; [mail] model when left out.")
@click.option("--dry-run", is_flag=True, help="Only say how good it would be.")
@JSON_OPTION
def train(labelled: Path, out: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Train the model on LABELLED (CSV with subject,text,code) and say how often it is right.

    The figures are about mails that a model had not seen when it guessed them.
    """
    given = settings.load()
    rules = bootstrap.rulebook(given)
    mails = bootstrap.read_labelled(labelled, (*rules.taxonomy.codes(), OTHER))
    path = None if dry_run else out or given.mail.model
    with console().status("Training …"):
        held_out = bootstrap.train_topics(mails, path)
    least = given.mail.least_confidence
    answers = {
        "words alone": [
            _by_words(MailTopics(words=rules.error_types_in), one) for one in held_out
        ],
        "model alone": [_by_model(one, least) for one in held_out],
        "words, then model": [_together(rules.error_types_in, one, least) for one in held_out],
    }
    if as_json:
        echo_json({way: _quality_json(given) for way, given in answers.items()})
    else:
        _show_quality(answers, least)
    if path is not None:
        click.echo(f"the model is in {path}", err=True)


def _known(code: str, codes: Sequence[str]) -> None:
    if code not in codes:
        raise click.UsageError(f"there is no error type '{code}'; see `rules docs --errors`")


def _by_words(says: MailTopics, one: HeldOut) -> Answer:
    topic = says.opinion(one.mail.subject, one.mail.text).topic
    return Answer(right=one.mail.code, given=topic.code if topic else None)


def _by_model(one: HeldOut, least: float) -> Answer:
    code, sure = one.guesses[0]
    return Answer(right=one.mail.code, given=code if sure >= least else None)


class _Guessed:
    """Says what a model that had not seen the mail said of it."""

    def __init__(self, one: HeldOut) -> None:
        self._guesses = list(one.guesses)

    def guess(self, text: str, /) -> list[tuple[str, float]]:
        """What was said."""
        del text
        return self._guesses


def _together(words: bootstrap.Words, one: HeldOut, least: float) -> Answer:
    says = MailTopics(words=words, model=_Guessed(one), least_confidence=least)
    return _by_words(says, one)


def _show_quality(answers: dict[str, list[Answer]], least: float) -> None:
    shown = table("who says it", "mails", "named", "right", "precision", "recall")
    for way, given in answers.items():
        whole, _ = qualities(given)
        shown.add_row(way, *_cells(whole))
    console().print(shown)
    _, each = qualities(answers["words, then model"])
    shown = table("error type", "mails", "named", "right", "precision", "recall")
    for quality in each:
        shown.add_row(Text(quality.code), *_cells(quality))
    console().print(shown)
    click.echo(
        f"The model names a mail when it is at least {least:.0%} sure ([mail] least_confidence); "
        "a person names the others.",
        err=True,
    )


def _cells(quality: Quality) -> tuple[str, ...]:
    return (
        str(quality.mails),
        str(quality.answered),
        str(quality.right),
        *("–" if part is None else f"{part:.1%}" for part in (quality.precision, quality.recall)),
    )


def _quality_json(answers: list[Answer]) -> dict[str, object]:
    whole, each = qualities(answers)
    return {
        "mails": whole.mails,
        "named": whole.answered,
        "precision": whole.precision,
        "recall": whole.recall,
        "error_types": [
            {
                "code": quality.code,
                "mails": quality.mails,
                "named": quality.answered,
                "precision": quality.precision,
                "recall": quality.recall,
            }
            for quality in each
        ],
    }


COMMANDS: Final = (topics, name, labels, train)
