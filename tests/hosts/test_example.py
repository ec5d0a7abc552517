"""The Django project among the examples does what it says."""

import subprocess
import sys
from pathlib import Path

from printed import promised

ROOT = Path(__file__).parents[2]


def test_the_django_project_prints_what_its_comments_say():
    """In a process of its own: Django's settings are made once in each."""
    project = ROOT / "examples" / "django" / "project.py"

    ran = subprocess.run([sys.executable, "-W", "error", project], capture_output=True, text=True, check=False)

    assert (promised(project.read_text("utf-8")), "") == (ran.stdout.splitlines(), ran.stderr)


def test_the_page_shows_the_project_as_it_is():
    """What it quotes of it stands in the file."""
    page = (ROOT / "docs" / "how-to" / "join-your-transaction.md").read_text("utf-8")
    project = (ROOT / "examples" / "django" / "project.py").read_text("utf-8")
    _, _, quoted = page.partition("```python\nkedai = joining.shop(")

    assert quoted, "the page quotes the project"
    assert "kedai = joining.shop(" + quoted.partition("```")[0].rstrip() in project
