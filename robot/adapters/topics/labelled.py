"""Mails that people have named, as a CSV file: read for training, written from the store."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from robot.domain.topic_quality import LabelledMail
from robot.errors import RuleFileError

COLUMNS: Final = ("subject", "text", "code")
_MOST_PROBLEMS: Final = 20


def read_labelled(path: Path, codes: Collection[str], least: int) -> list[LabelledMail]:
    """Mails with their codes; one that stands there twice counts once.

    Args:
        path: UTF-8, separated by commas or semicolons, with the columns of `COLUMNS`.
        codes: What a mail may be about.
        least: How many mails each code must have that is there at all.

    Raises:
        RuleFileError: What is wrong, a line each with its place.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=";" if first.count(";") > 1 else ",")
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise RuleFileError(
                    f"{path}:1: there is no column {' and no column '.join(missing)}",
                    hint=f"the first line names the columns: {','.join(COLUMNS)}",
                )
            mails, problems = _rows(path, reader, codes)
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path}: not UTF-8", hint="save it as UTF-8") from error
    except csv.Error as error:
        raise RuleFileError(f"{path}: no CSV: {error}") from error
    except OSError as error:
        raise RuleFileError(f"{path}: {error.strerror}") from error
    counted = Counter(mail.code for mail in mails)
    few = sorted(code for code, many in counted.items() if many < least)
    problems += [f"{path}: {counted[code]} mails about {code}, {least} are needed" for code in few]
    if not problems and len(counted) <= 1:
        problems.append(f"{path}: all mails are about the same; nothing can be learned")
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown = problems[:_MOST_PROBLEMS] + ([f"{more} more"] if more > 0 else [])
        raise RuleFileError("\n".join(shown))
    return mails


def write_labelled(path: Path, mails: Iterable[LabelledMail]) -> int:
    """Write mails with their codes, in a file that only its owner can read; how many."""
    path.touch(mode=0o600)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for mail in mails:
            writer.writerow((mail.subject, mail.text, mail.code))
            written += 1
    return written


def _rows(
    path: Path, reader: csv.DictReader[str], codes: Collection[str]
) -> tuple[list[LabelledMail], list[str]]:
    found: dict[tuple[str, str], LabelledMail] = {}
    problems: list[str] = []
    for row in reader:
        place = f"{path}:{reader.line_num}"
        code, text = (row["code"] or "").strip(), (row["text"] or "").strip()
        subject = (row["subject"] or "").strip()
        if code not in codes:
            problems.append(f"{place}: there is no error type '{code}'")
        elif not text and not subject:
            problems.append(f"{place}: the mail is empty")
        elif (earlier := found.get((subject, text))) is not None and earlier.code != code:
            problems.append(f"{place}: the same mail is about {earlier.code} further up")
        else:
            found[subject, text] = LabelledMail(subject=subject, text=text, code=code)
    return list(found.values()), problems
