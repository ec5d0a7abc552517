"""What an example says that it prints: the lines that begin with `# >`.

The pages' own parser (conftest.py) and the tests of `examples/` compare it with what was printed.
`python tools/printed.py PAGE...` runs Markdown pages and renews those lines; the diff is for a person to judge.
"""

import ast
import contextlib
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

MARK: Final = "# >"
BLOCK: Final = re.compile(r"(?P<skip><!-- skip: next [^\n]*-->\n+)?```python\n(?P<source>.*?)```", re.DOTALL)


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


def renewed(page: str) -> str:
    """*page* with the lines that its blocks print now, each after the statement that prints it."""
    names: dict[str, Any] = {"__name__": "page"}

    def renew(block: re.Match[str]) -> str:
        if block["skip"]:
            return block[0]
        return f"```python\n{_run(block['source'], names)}```"

    return BLOCK.sub(renew, page)


def _run(source: str, names: dict[str, Any]) -> str:
    lines = [line for line in source.splitlines() if not line.strip().startswith(MARK)]
    made: list[str] = []
    done = 0
    for statement in ast.parse("\n".join(lines)).body:
        code = compile(ast.Module([statement], []), "page", "exec")
        said = printed(lambda code=code: exec(code, names))  # type: ignore[misc]  # noqa: S102 - our own pages
        end = statement.end_lineno or done
        made += lines[done:end] + [f"{_indent(statement)}{MARK} {line}".rstrip() for line in said]
        done = end
    return "".join(f"{line}\n" for line in [*made, *lines[done:]])


def _indent(statement: ast.stmt) -> str:
    """The blanks before the last line of a statement: what a loop prints stands inside of it."""
    last = max((node for node in ast.walk(statement) if isinstance(node, ast.stmt)), key=lambda node: node.lineno)
    return " " * last.col_offset


def main() -> int:
    """Renew the pages that the command line names."""
    for path in map(Path, sys.argv[1:]):
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
