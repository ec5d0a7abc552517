"""What an example says that it prints: the lines that begin with `# >`.

The pages' own parser (conftest.py) and the tests of `examples/` compare it with what was printed.
"""

import contextlib
import io
from collections.abc import Callable

MARK = "# >"


def promised(source: str) -> list[str]:
    """The lines that *source* says it prints, in order."""
    lines = (line.strip() for line in source.splitlines())
    return [line.removeprefix(MARK).removeprefix(" ") for line in lines if line.startswith(MARK)]


def printed(run: Callable[[], object]) -> list[str]:
    """The lines that *run* prints, without blanks at their ends."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run()
    return [line.rstrip() for line in said.getvalue().splitlines()]


def difference(source: str, lines: list[str]) -> str:
    """What is wrong with *lines*, printed by *source*; empty when they are as promised."""
    if lines == promised(source):
        return ""
    wanted = "\n".join(f"  {line}" for line in promised(source))
    found = "\n".join(f"  {line}" for line in lines)
    return f"it says that it prints\n{wanted or '  nothing'}\nand it prints\n{found or '  nothing'}"
