"""What is generated and kept in the project is what its command gives now."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from robot.cli.main import main


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("docs/error-types.md", ("--errors", "--language", "en")),
        ("docs/error-types.da.md", ("--errors", "--language", "da")),
        ("docs/fields.md", ("--fields", "--language", "en")),
        ("docs/fields.da.md", ("--fields", "--language", "da")),
    ],
)
def test_the_catalogues_are_current(name: str, arguments: tuple[str, ...]) -> None:
    renew = f"renew it: invoice-robot rules docs {' '.join(arguments)} > {name}"
    current = printed("rules", "docs", *arguments)
    assert Path(name).read_text(encoding="utf-8") == current, renew


def test_the_schemas_are_current(tmp_path: Path) -> None:
    printed("rules", "schema", "--out", str(tmp_path))
    kept = {path.name: path.read_text() for path in Path("config/schema").iterdir()}
    current = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == current, "renew them: invoice-robot rules schema --out config/schema"


@pytest.mark.parametrize("path", sorted(Path("rules/customers").glob("*.yaml")), ids=str)
def test_a_customers_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).resolve() == Path("config/schema/customer.json").resolve()
