"""Pages as Markdown and HTML: nothing that is written becomes markup, and HTML stands alone."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from robot.adapters.page.html import html
from robot.adapters.page.markdown import markdown
from robot.adapters.page.texts import completer
from robot.domain.page import Code, Grid, Listing, Page, Paragraph, Section, Strong
from robot.errors import TextError

EVIL = "<script>alert(1)</script> *a* | _b_ [x](y) `c`"
PAGE = Page(
    language="da",
    title=f"Titel {EVIL}",
    lead=("Ind.",),
    sections=(
        Section(
            id="et",
            heading="Første",
            blocks=(
                Paragraph(words=(Strong("Vigtigt:"), " ", EVIL, " ", Code("a-b"))),
                Paragraph(words="til side", aside=True),
                Listing(items=("1. ikke en liste", "b"), numbered=True),
                Section(id="under", heading="Under", blocks=(Paragraph(words="dybt"),)),
            ),
        ),
        Section(
            id="to",
            heading="Andet",
            blocks=(
                Grid(caption="Tal", heads=("Navn", "Beløb"), rows=(("a|b", "25.000,00 kr."),)),
            ),
        ),
        Section(id="tre", heading="Tredje"),
    ),
    foot="Fod.",
)


class Outline(HTMLParser):
    """Tags in order, ids, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name in {"src", "action"}:
                self.outside.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(name="outline")
def _outline() -> Outline:
    parser = Outline()
    parser.feed(html(PAGE))
    return parser


def test_the_html_is_whole(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_every_link_leads_to_a_place_on_the_page(outline: Outline) -> None:
    assert outline.links == ["#et", "#to", "#tre"]
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_the_html_needs_nothing_else_and_runs_nothing(outline: Outline) -> None:
    assert outline.outside == []
    assert "script" not in outline.tags
    assert "link" not in outline.tags


def test_headings_go_down_one_step_at_a_time(outline: Outline) -> None:
    levels = [int(tag[1]) for tag in outline.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels == [1, 2, 3, 2, 2]


def test_a_table_names_its_columns_rows_and_subject() -> None:
    text = html(PAGE)
    assert "<caption>Tal</caption>" in text
    assert '<th scope="col">Navn</th>' in text
    assert '<th scope="row">a|b</th>' in text
    assert '<td data-label="Beløb">25.000,00 kr.</td>' in text


def test_the_language_is_named() -> None:
    assert '<html lang="da">' in html(PAGE)


def test_what_is_written_stays_text_in_html() -> None:
    assert "<script>" not in html(PAGE)
    assert "&lt;script&gt;" in html(PAGE)


def test_markdown_has_the_same_in_its_own_way() -> None:
    assert markdown(PAGE) == (
        "# Titel \\<script\\>alert(1)\\</script\\> \\*a\\* \\| \\_b\\_ \\[x\\](y) \\`c\\`\n"
        "\n"
        "Ind.\n"
        "\n"
        "## Første\n"
        "\n"
        "**Vigtigt:** \\<script\\>alert(1)\\</script\\> \\*a\\* \\| \\_b\\_ \\[x\\](y) \\`c\\` "
        "`a-b`\n"
        "\n"
        "*til side*\n"
        "\n"
        "1. 1\\. ikke en liste\n"
        "2. b\n"
        "\n"
        "### Under\n"
        "\n"
        "dybt\n"
        "\n"
        "## Andet\n"
        "\n"
        "| Navn | Beløb |\n"
        "|---|---|\n"
        "| a\\|b | 25.000,00 kr. |\n"
        "\n"
        "## Tredje\n"
        "\n"
        "---\n"
        "\n"
        "Fod.\n"
    )


def test_a_text_of_an_error_type_reads_well_without_a_document() -> None:
    fragment = "{{ supplier }} er spærret{% if seen %} ({{ seen }}){% endif %}."
    assert completer("da")(fragment) == "Leverandøren er spærret."
    assert completer("en")("{{ supplier }} is blocked.") == "The supplier is blocked."


def test_a_text_that_wants_what_there_is_not_is_refused() -> None:
    with pytest.raises(TextError):
        completer("da")("{{ nonsense }}")
