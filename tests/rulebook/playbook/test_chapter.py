"""The playbook chapter says what the robot does for one customer, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from robot.adapters.page.markdown import markdown
from robot.adapters.page.texts import completer
from robot.checks.catalogue import CATALOGUE
from robot.domain.page import Block, Grid, Listing, Page, Paragraph, Section, plain
from robot.rulebook.loader import LoadedRules
from robot.rulebook.playbook.chapter import chapter
from robot.rulebook.playbook.edition import Edition, bounces
from robot.rulebook.playbook.reference import error_catalogue, field_catalogue
from tests.rulebook.world import CUSTOMER, loaded, standard

TODAY = date(2026, 11, 24)


def edition(language: str = "da", today: date = TODAY, system: str = "sdi") -> Edition:
    return Edition(
        language=language, today=today, complete=completer(language), source_system=system
    )


def of(shipped: LoadedRules, stem: str, language: str = "da") -> Page:
    return chapter(shipped, stem, edition(language))


def section(page: Page, name: str) -> Section:
    (found,) = [each for each in page.sections if each.id == name]
    return found


def text_of(blocks: tuple[Block, ...]) -> str:
    return "\n".join(_lines(blocks))


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield plain(block.words)
        elif isinstance(block, Listing):
            yield from map(plain, block.items)
        elif isinstance(block, Grid):
            yield from (" | ".join(map(plain, row)) for row in block.rows)
        else:
            yield block.heading
            yield from _lines(block.blocks)


def small(own: str, *rules: str, today: date = TODAY, language: str = "da") -> Page:
    read = loaded(
        {"standard.yaml": standard(*rules), "customers/eksempel.yaml": f"{CUSTOMER}{own}"}
    )
    assert [str(problem) for problem in read.errors] == []
    return chapter(read, "eksempel", edition(language, today))


def test_what_is_posted_is_a_sentence(shipped: LoadedRules) -> None:
    text = text_of(section(of(shipped, "skovfogedskolen"), "bogfoeres").blocks)
    assert (
        "Faste abonnementer, som skolen har godkendt for et år\n"
        "Bogføres, når\n"
        "bilaget er en faktura, og\n"
        "kreditoren står på listen approved-subscriptions (3 rækker), og\n"
        "beløbet med moms er højst 3.000,00 kr.,\n"
        "medmindre der er mindst én linje, hvor linjens tekst indeholder «engangs», «opstart» "
        "eller «oprettelse».\n"
        "Jeres egen regel: post-subscriptions" in text
    )


def test_an_own_rule_that_returns_says_what_the_customer_does(shipped: LoadedRules) -> None:
    text = text_of(section(of(shipped, "domsarkivet"), "retur").blocks)
    assert (
        "Arkivets rekvisitionsnumre har otte cifre\n"
        "Sendes retur som «Jeres reference kan ikke bruges», når bilaget er en faktura, og ordre- "
        "eller rekvisitionsnummeret er angivet, medmindre ordre- eller rekvisitionsnummeret "
        "består af otte cifre.\nI gør: " in text
    )


def test_the_click_path_is_that_of_the_customers_system(shipped: LoadedRules) -> None:
    kinds = shipped.taxonomy
    assert "IndFak" in edition(system="indfak").fix(kinds["coding-missing"])
    assert "SDI" in edition(system="sdi").fix(kinds["coding-missing"])


def test_own_thresholds_stand_beside_the_standards(shipped: LoadedRules) -> None:
    rows = text_of(section(of(shipped, "fyrvaesenet"), "graenser").blocks).splitlines()
    assert rows[0].endswith("small-invoice.limit | 10.000,00 kr. | 5.000,00 kr.")
    assert rows[-1].endswith("max-invoice-age.days | 540 dage | 365 dage")


def test_the_filled_in_threshold_is_the_customers(shipped: LoadedRules) -> None:
    text = text_of(section(of(shipped, "fyrvaesenet"), "bogfoeres").blocks)
    assert "beløbet med moms er højst 10.000,00 kr., og" in text


def test_a_dispensation_has_its_dates(shipped: LoadedRules) -> None:
    text = text_of(section(of(shipped, "fyrvaesenet"), "dispensationer").blocks)
    assert (
        "posting-date-closed | bogføringsdatoen flyttes til den første åbne dag | "
        "1. januar 2026 – 31. december 2026 | " in text
    )


def test_a_dispensation_that_is_over_is_called_so(shipped: LoadedRules) -> None:
    page = chapter(shipped, "fyrvaesenet", edition(today=date(2027, 1, 1)))
    text = text_of(section(page, "dispensationer").blocks)
    assert "1. januar 2026 – 31. december 2026 (udløbet)" in text


def test_what_a_dispensation_switches_off_is_not_returned(shipped: LoadedRules) -> None:
    assert "reference-unusable" not in text_of(section(of(shipped, "fyrvaesenet"), "retur").blocks)
    over = chapter(shipped, "fyrvaesenet", edition(today=date(2027, 7, 1)))
    assert "reference-unusable" in text_of(section(over, "retur").blocks)


def test_mandates_dimensions_and_mailboxes(shipped: LoadedRules) -> None:
    page = of(shipped, "institut-for-klimaforskning")
    mandates = text_of(section(page, "bemyndigelser").blocks)
    assert "dan | 50.000,00 kr. | 1. januar 2026 – 28. februar 2027" in mandates
    assert "gro | uden beløbsgrænse | fra 1. januar 2026" in mandates
    assert text_of(section(page, "dimensioner").blocks).endswith("delregnskab\nformaal\nprojekt")
    assert "institutleder@klimaforskning.example.test | personlig | eskalering | –" in text_of(
        section(page, "postkasser").blocks
    )


def test_every_rule_in_force_is_in_the_chapter(shipped: LoadedRules) -> None:
    for stem in shipped.customers:
        effective = shipped.effective(stem)
        text = markdown(of(shipped, stem))
        for part in effective.rules:
            dispensation = part.dispensed(TODAY)
            switched_off = dispensation is not None and dispensation.action is None
            code = part.rule.error_type
            if code is None or not part.standard:
                assert f"`{part.rule.id}`" in text
            elif part.rule.blocking and not switched_off:
                assert f"`{code}`" in text


def test_what_belongs_to_the_centre_is_not_called_returned() -> None:
    page = small("", "id: odd\nbounce: creditor-unknown\nwhen: {creditor.known: no}")
    assert "creditor-unknown" in text_of(section(page, "ses").blocks)
    assert "creditor-unknown" not in text_of(section(page, "retur").blocks)
    read = loaded({"standard.yaml": standard("id: a\nbounce: fraud-suspected")})
    (part,) = read.effective(None).rules
    assert not bounces(part, read.taxonomy["fraud-suspected"])


def test_rules_for_re_posting_sheets_have_a_section_of_their_own(shipped: LoadedRules) -> None:
    page = of(shipped, "eksempelstyrelsen")
    told = text_of(section(page, "omposteringsark").blocks)
    assert "Ses af en medarbejder som «Omposteringsarket skal ses af en anden i SAM», når" in told
    assert "Jeres egen regel: reposting-consultants-two-persons" in told
    assert "reposting-period-closed" in told
    assert "reposting-consultants" not in text_of(section(page, "ses").blocks)


def test_a_rule_of_the_future_says_from_when() -> None:
    own = (
        "rules:\n  - id: later\n    why: Fra nytår.\n    bounce: reference-missing\n"
        "    from: 2027-01-01\n    when: {order.reference: missing}\n"
    )
    text = text_of(section(small(own), "retur").blocks)
    assert "Gælder fra 1. januar 2027 (ikke begyndt endnu)." in text


def test_a_rule_that_is_over_is_left_out() -> None:
    rule = (
        "id: past\nbounce: reference-missing\nuntil: 2025-12-31\nwhen: {order.reference: missing}"
    )
    assert "reference-missing" not in text_of(section(small("", rule), "retur").blocks)


def test_a_rule_without_a_condition_holds_always() -> None:
    own = "rules:\n  - id: all-by-hand\n    hold: creditor-unknown\n"
    assert "altid." in text_of(section(small(own), "ses").blocks)


def test_an_english_chapter_is_english(shipped: LoadedRules) -> None:
    text = markdown(of(shipped, "nordhavns-museum", "en"))
    words = set(text.casefold().replace(",", " ").split())
    assert words & {"og", "når", "ikke", "bogføres", "fakturaen", "hvor"} == set()
    assert "for every coded line the dimension projekt is on the list" in text


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_text_has_a_hole(shipped: LoadedRules, language: str) -> None:
    pages = [of(shipped, stem, language) for stem in shipped.customers]
    pages += [error_catalogue(shipped.taxonomy, edition(language))]
    pages += [field_catalogue(CATALOGUE, language)]
    for page in pages:
        text = markdown(page)
        assert "{" not in text.replace("{{", "{") or "<" in text
        assert "None" not in text
        assert "()" not in text
        assert " ." not in text.replace(" ...", "")
        assert "«»" not in text


def test_every_error_type_is_in_the_catalogue_once(shipped: LoadedRules) -> None:
    page = error_catalogue(shipped.taxonomy, edition())
    codes = [
        block.id for each in page.sections for block in each.blocks if isinstance(block, Section)
    ]
    assert sorted(codes) == sorted(shipped.taxonomy.codes())


def test_every_field_is_in_the_catalogue_once() -> None:
    text = markdown(field_catalogue(CATALOGUE, "en"))
    for name, spec in CATALOGUE.items():
        shown = f"{name}<name>" if spec.open_ended else name
        assert text.count(f"| `{shown}` |") == 1
