"""The words of answers and of what runs tell people, in Danish and English, by their code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

#: Words that were kept before answers had codes, or that nobody gave a code; they stay English.
AS_SAID: Final = "as-said"


class Words(NamedTuple):
    """What an answer says, and what can be done about it, in both languages."""

    da: str
    en: str
    do_da: str = ""
    do_en: str = ""


WORDS: Final[Mapping[str, Words]] = {
    AS_SAID: Words("{text}", "{text}"),
    # what was done
    "done": Words("udført", "done"),
    "done-by-another": Words("det er allerede gjort", "it is done already"),
    "recheck-asked": Words("næste kørsel afgør den på ny", "the next run decides it anew"),
    "released": Words(
        "næste kørsel bogfører den, hvis intet nyt taler imod",
        "the next run posts it, when nothing new speaks against it",
    ),
    "bounce-asked": Words("næste kørsel sender den tilbage", "the next run sends it back"),
    "dropped": Words("den er taget ud", "it is taken out"),
    "paused": Words("robotten er sat på pause", "the kill switch is set"),
    "resumed": Words("pausen er ophævet", "the kill switch is taken away"),
    "paused-since": Words(
        "{person} har sat robotten på pause, efter at der blev bedt om dette",
        "{person} has set the kill switch since this was asked",
    ),
    "was-not-paused": Words("der var ingen pause", "there was no kill switch"),
    "case-shared": Words("adressen kan se sagen", "the address sees the case"),
    "case-unshared": Words(
        "adressen kan ikke længere se sagen", "the address no longer sees the case"
    ),
    "note-kept": Words("noten er gemt", "the note is kept"),
    "answer-given": Words("alle parter kan se svaret", "all parties see the answer"),
    "case-closed": Words("sagen er lukket", "the case is closed"),
    "case-reopened": Words("sagen er åben igen", "the case is open"),
    "mail-assigned": Words("mailen er lagt på {case}", "the mail is on {case}"),
    "mail-dismissed": Words("mailen er lagt til side", "the mail is laid aside"),
    "mail-named": Words("mailen handler om: {code}", "the mail is about {code}"),
    "rules-approved": Words(
        "godkendt; næste kørsel bruger reglerne", "approved; the next run uses it"
    ),
    "rules-tried": Words(
        "prøvet på {documents} dokumenter: {changed} falder anderledes ud, og {posted} af dem "
        "bogføres nu",
        "tried on {documents} documents: {changed} come out otherwise, {posted} of them newly "
        "posted",
    ),
    "text-mapped": Words(
        "teksten er knyttet til fejltypen; næste kørsel ser igen på {documents} dokumenter",
        "mapped; {documents} documents are looked at again in the next run",
    ),
    "sheet-waits": Words(
        "arket venter, til Navision kan spørges", "the sheet waits until the ERP can be asked"
    ),
    "sheet-accepted": Words(
        "modtaget som {numbers}; næste kørsel afgør det",
        "accepted as {numbers}; the next run decides",
    ),
    "sheet-cell-wrong": Words(
        "1 celle skal rettes; et ark med markeringen ligger klar",
        "1 cell is wrong; a marked copy is ready",
    ),
    "sheet-cells-wrong": Words(
        "{cells} celler skal rettes; et ark med markeringer ligger klar",
        "{cells} cells are wrong; a marked copy is ready",
    ),
    "sheet-refused": Words("{da}", "{en}"),
    # what can't be done: documents
    "no-document": Words("der er intet dokument '{reference}'", "no document '{reference}'"),
    "several-documents": Words(
        "'{reference}' er flere dokumenter: {documents}",
        "'{reference}' means several documents: {documents}",
    ),
    "not-readable": Words(
        "det, der ikke kan læses, kan ikke bogføres",
        "what can't be read can't be posted",
        "tag det ud, eller send det tilbage",
        "drop it or bounce it",
    ),
    "not-releasable": Words(
        "den kan ikke frigives, for dette skal rettes først: {codes}",
        "it can't be released: {codes} may not be passed over",
        "fjern årsagen, og bed så om en ny kontrol",
        "remove the cause, then ask for a recheck",
    ),
    "second-person": Words(
        "du har selv indleveret den: en anden skal frigive den",
        "you handed it in: somebody else has to release it",
    ),
    "no-error-type": Words("der er ingen fejltype '{codes}'", "no error type '{codes}'"),
    "no-error-type-given": Words("vælg mindst én fejltype", "no error type"),
    "nobody-knows-whose": Words(
        "ingen ved, hvis den er, så ingen kan få besked",
        "nobody knows whose it is, so nobody can be told",
    ),
    "sheet-not-sent-back": Words(
        "et omposteringsark kan ikke sendes tilbage herfra",
        "a re-posting sheet can't be sent back from here",
        "tag det ud, og indlevér et rettet ark",
        "take it out, and hand in a corrected one",
    ),
    "of-security": Words(
        "et dokument med et sikkerhedsfund sendes ikke tilbage med mail",
        "a document with a security finding is not sent back by mail",
    ),
    "not-held": Words(
        "{document} venter ikke på en medarbejder: {state}",
        "{document} is {state}, not held",
        "kun det, der venter på en medarbejder, kan behandles",
        "only a document that waits for a person can be acted on",
    ),
    "no-reason": Words(
        "skriv en begrundelse",
        "give a reason",
        "den gemmes i sporet",
        "it is kept in the audit trail",
    ),
    # cases and mails
    "no-case-reason": Words(
        "skriv en begrundelse",
        "give a reason",
        "kunden ser den ikke",
        "the customer does not see it",
    ),
    "no-text": Words("skriv en tekst", "give a text"),
    "no-such-case": Words("der er ingen sag '{case}'", "there is no case '{case}'"),
    "customer-gone": Words(
        "ingen regelfil nævner kunden {customer}", "no rule file names customer {customer}"
    ),
    "mailbox-was-closed": Words(
        "{address} er en postkasse, der er lukket", "{address} is a mailbox that was closed"
    ),
    "sees-it-already": Words("{address} kan allerede se {case}", "{address} sees {case} already"),
    "no-party": Words("{address} er ikke part i {case}", "{address} is no party of {case}"),
    "case-is-closed": Words("{case} er allerede lukket", "{case} is closed already"),
    "case-is-open": Words("{case} er ikke lukket", "{case} is not closed"),
    "no-address": Words("'{address}' er ingen mailadresse", "'{address}' is no mail address"),
    "foreign-domain": Words(
        "{domain} er ikke et af {customer}s maildomæner",
        "{domain} is no mail domain of {customer}",
        "sager deles kun med kundens egne folk; domænerne står i kundens regelfil",
        "cases are shared with the customer's own people only; its domains stand in its rule file",
    ),
    "no-mail": Words("der er ingen mail nr. {mail}", "no mail {mail}"),
    "mail-waits-for-nobody": Words(
        "mail nr. {mail} er allerede behandlet", "mail {mail} waits for nobody"
    ),
    "no-own-mailbox": Words("robotten har ingen postkasse", "the robot has no mailbox"),
    "mail-not-nameable": Words(
        "mail nr. {mail} er ikke kundens egen, eller den hører til en sag",
        "mail {mail} is no customer's own, or belongs to a case",
    ),
    # re-posting sheets
    "no-sheet-desk": Words(
        "her tages der ikke imod omposteringsark", "nobody takes re-posting sheets here"
    ),
    "no-sheet": Words("der er intet sådant ark", "there is no such sheet"),
    # rules
    "no-approval-reason": Words(
        "en godkendelse kræver en begrundelse", "an approval needs a reason"
    ),
    "own-proposal": Words(
        "{person} har skrevet eller foreslået regelsæt {ruleset} og kan ikke godkende det",
        "{person} wrote or proposed set {ruleset} and can't approve it",
        "fire øjne: en anden skal gøre det",
        "four eyes: somebody else has to",
    ),
    "not-proposed": Words(
        "regelsæt {ruleset} er ikke foreslået", "set {ruleset} was not proposed"
    ),
    "no-past": Words(
        "der er ingen afgørelser for {customer} at prøve det på",
        "there are no decisions of {customer} to try it on",
    ),
    "standard-alone": Words(
        "de fælles regler alene afgør ingen kundes dokumenter",
        "the standard alone decides no customer's documents",
        "prøv kundernes forslag",
        "try the proposals of the customers",
    ),
    "nothing-in-force": Words(
        "kunden {customer} har ingen gældende regler at sammenligne med",
        "customer {customer} has no rules in force to compare with",
    ),
    "trial-cut": Words(
        "prøven blev afbrudt og gav intet resultat; bed om den igen",
        "the trial was cut off and has no result; ask for it again",
    ),
    # faults, by what is at fault; `text` is what it said, in English
    "unknown-command": Words(
        "robotten kender ikke bestillingen '{kind}'", "the robot knows no command '{kind}'"
    ),
    "own-fault": Words(
        "der er en fejl i selve robotten; dens log har detaljerne",
        "a fault in the robot itself; the log has the details",
    ),
    "erp-unavailable": Words("Navision kan ikke nås nu; prøv igen om lidt", "{text}"),
    "store-unavailable": Words("robottens database kan ikke nås nu; prøv igen om lidt", "{text}"),
    "transition-refused": Words("den er ændret i mellemtiden; se på den igen", "{text}"),
    "rules-invalid": Words("regelfilen kan ikke bruges: {text}", "{text}"),
    "rule-change-refused": Words("reglerne kan ikke bruges sådan: {text}", "{text}"),
    "history-error": Words("historikken kan ikke læses: {text}", "{text}"),
    # what a run tells a person
    "customer-trouble": Words(
        "kunden {customer} {what_da}: {text}", "customer {customer} {what_en}: {text}"
    ),
    "not-told": Words(
        "kunden {customer} fik ikke besked: {text}", "customer {customer} was not told: {text}"
    ),
    "mail-reaches-nobody": Words(
        "mailen {mail} når ingen hos kunden {customer}: {text}",
        "mail {mail} reaches nobody of customer {customer}: {text}",
    ),
    "mail-not-theirs": Words(
        "mailen {mail} blev ikke sendt: regelfilen for kunden {customer} nævner ikke længere "
        "alle dens modtagere",
        "mail {mail} was not sent: the file of customer {customer} does not name all its "
        "receivers any more",
    ),
    "mail-uncertain": Words(
        "det vides ikke, om mailen {mail} nåede kunden {customer}",
        "it is not known whether mail {mail} reached customer {customer}",
    ),
    "source-unreadable": Words(
        "kilden kan ikke læses: {text}", "the source can't be read: {text}"
    ),
    "bank-file-unreadable": Words(
        "bankens fil {file} kan ikke læses: {text}", "the bank's file {file} can't be read: {text}"
    ),
    "bank-rows-unknown": Words(
        "bankens fil {file}: {rows} linjer hører ikke til nogen bogført faktura",
        "the bank's file {file}: {rows} rows belong to no posted invoice",
    ),
    "journeys-behind": Words(
        "fakturaernes rejser er ikke ført ajour: {text}",
        "the journeys of documents are not up to date: {text}",
    ),
    "figures-behind": Words(
        "nøgletallene er ikke ført ajour: {text}", "the figures are not up to date: {text}"
    ),
    "history-gaps": Words(
        "historikken til prøver på fortiden har huller: {text}",
        "the history for backtests has gaps: {text}",
    ),
    "store-older": Words(
        "robottens database kendte ikke {documents} bogførte dokumenter: den er ældre end "
        "Navision (hentet fra en kopi?); de er taget over efter beviserne; se `invoice-robot "
        "store restored`",
        "the store did not know of {documents} posted documents: it is older than the ERP "
        "(restored from a backup?); they were taken over from the evidence; see `invoice-robot "
        "store restored`",
    ),
    "call-customer": Words(
        "{customer} har ikke rettet sag {case}, og mails har ikke hjulpet: ring til dem "
        "({documents} dokumenter)",
        "{customer} has not put right case {case} and mail has not helped: call them "
        "({documents} documents)",
    ),
    "mail-cap": Words(
        "kunden {customer} har fået {mails} samlede mails i dag; {documents} dokumenter kommer "
        "med i morgen",
        "customer {customer} has got {mails} digests today; {documents} documents are told "
        "tomorrow",
    ),
    "left-alone": Words(
        "{target}: {faults} tekniske fejl i træk; der røres ikke mere ved det i denne kørsel, og "
        "den næste prøver igen",
        "{target}: {faults} technical faults in a row; it is left alone for the rest of this "
        "run, and the next run tries again",
    ),
    "strange-address": Words(
        "{customer}: {address} hører ikke til domænerne i kundens regelfil, så dertil sendes "
        "intet",
        "{customer}: {address} is not in the domains of its rule file, so nothing is sent there",
    ),
    "no-mailbox-for-notices": Words(
        "{customer} har ingen postkasse til beskeder i sin regelfil",
        "{customer} has no mailbox for notices in its rule file",
    ),
    "mailboxes-dead": Words(
        "{customer}: mails når ingen på {address}; find pr. telefon ud af, hvem der nu skal have "
        "beskederne",
        "{customer}: mail reaches nobody at {address}; find out by telephone who gets the "
        "notices now",
    ),
    "document-unsettled": Words("{document}: {code}{text}", "{document}: {code}{text}"),
    "report-unwritten": Words(
        "kørslen er færdig, men {file} kan ikke skrives: {text}; `invoice-robot report run` "
        "viser det samme",
        "the run is done, but {file} can't be written: {text}; `invoice-robot report run` shows "
        "the same",
    ),
}
