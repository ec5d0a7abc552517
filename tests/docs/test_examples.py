"""The examples print what they say, and the README shows the same code."""

import re
import runpy
from pathlib import Path

import pytest
from printed import difference, printed, promised

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_its_comments_say(example):
    """Each `# >` line is a printed line, in order, and nothing else is printed."""
    source = example.read_text("utf-8")

    lines = printed(lambda: runpy.run_path(str(example), run_name="__main__"))

    assert "" == difference(source, lines)
    assert promised(source)


def test_the_readme_shows_the_two_first_sales_whole():
    """Its Python blocks are the example files from their third line on."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    shown = [(ROOT / "examples" / name).read_text("utf-8") for name in ("first_sale.py", "first_sale_async.py")]

    assert ["".join(source.splitlines(keepends=True)[2:]) for source in shown] == blocks
