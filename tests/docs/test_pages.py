"""The pages of the reference say what the code says, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
import reference
from pages.promises import promises
from pages.text import DOCS

from tokolib.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "llms.txt", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
PAGE = re.compile(r"\A# \S.*\n\n")


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_what_the_code_says(name):
    """Renew them with `python tools/reference.py --write`."""
    assert reference.PAGES[name]() == (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(page):
    """A link to a page that was moved, or not written yet, is named."""
    links = [link.partition("#")[0] for link in LINK.findall(_prose(page))]
    inside = [link for link in links if link and not link.startswith(("http:", "https:", "mailto:"))]

    assert [] == [link for link in inside if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_into_a_page_leads_to_a_heading(page):
    """What stands after `#` is a heading in small letters, its words joined by hyphens."""
    inside = [link.partition("#")[::2] for link in LINK.findall(_prose(page)) if "#" in link and ":" not in link]

    assert [] == [(file, place) for file, place in inside if place not in _places(page.parent / file if file else page)]


@pytest.mark.parametrize("page", PAGES[2:], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_begins_with_its_title(page):
    """`docs/llms.txt` lists each page by it."""
    assert PAGE.match(page.read_text("utf-8"))


@pytest.mark.parametrize("command", ["verify", "schema sql", "promotions lint", "promotions what-if", "demo", "replay"])
def test_the_command_line_page_names_every_option(command, capsys):
    """What `--help` lists, without the negations, stands in the command's own part of the page."""
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text("utf-8")
    words = command.split()
    part = page.partition(f"\n## {words[0]}\n")[2].partition("\n## ")[0]

    main([*words, "--help"])

    options = set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))
    assert options - {"--help"}
    assert set() == {each for each in options if each not in part and not each.startswith("--no-")} - {"--help"}


def test_a_stale_page_is_named(monkeypatch, tmp_path):
    """The check looks at the files: without them, all are stale."""
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    monkeypatch.setattr(reference, "PAGES", {"reference/promises.md": promises})

    before = reference.stale()
    monkeypatch.setattr(reference.sys, "argv", ["reference.py", "--write"])
    status = reference.main()

    assert ["reference/promises.md"] == before
    assert (0, []) == (status, reference.stale())


def _places(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
