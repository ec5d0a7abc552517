"""Files and functions stay small enough to be read at one sitting; what is larger says why."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import tokolib

ROOT: Final = Path(tokolib.__file__).parent
LINES_OF_A_FILE: Final = 300
LINES_OF_A_FUNCTION: Final = 40
"""Of what it does: its signature and its docstring aside."""

LARGE_FILES: Final = {
    "adapters/sql/views.py": "a literal table: the columns of each view",
    "kernel/__init__.py": "a literal table: what the kernel exports, and from which file",
    "desk/verify/looks.py": "a table: which checks look at each collection",
    "kernel/policies.py": "a literal table: the words of each policy, and its default",
    "records/collections.py": "a literal table: the columns and indexes of each collection",
    "shop/rooms.py": "a table: the door to each room, and what it is wired to",
}
LARGE_FUNCTIONS: Final = {
    "adapters/sql/statements.py": "literal tables: the SQL that each ledger is asked",
}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, with how many lines each has from its first statement to its last."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            body = node.body[1:] if documented else node.body
            if body and node.end_lineno is not None:
                yield node.name, node.end_lineno - body[0].lineno + 1


def large_files(root: Path) -> dict[str, int]:
    """The files below *root* that are too large, by their path, with their lines."""
    counted = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in root.rglob("*.py")}
    return {name: lines for name, lines in sorted(counted.items()) if lines > LINES_OF_A_FILE}


def large_functions(root: Path) -> dict[str, list[tuple[str, int]]]:
    """The functions below *root* that are too large, by the path of their file, with their lines."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in sorted(root.rglob("*.py")):
        for name, lines in functions(path):
            if lines > LINES_OF_A_FUNCTION:
                found.setdefault(str(path.relative_to(root)), []).append((name, lines))
    return found


def test_no_file_is_larger_than_it_may_be() -> None:
    """A file of the library has at most 300 lines, literal tables apart."""
    large = {name: lines for name, lines in large_files(ROOT).items() if name not in LARGE_FILES}
    assert {} == large


def test_no_function_is_larger_than_it_may_be() -> None:
    """A function of the library does its work in at most 40 lines, literal tables apart."""
    large = {name: found for name, found in large_functions(ROOT).items() if name not in LARGE_FUNCTIONS}
    assert {} == large


@pytest.mark.parametrize("name", sorted(LARGE_FILES))
def test_an_excuse_of_a_file_is_needed(name: str) -> None:
    """What became small again is excused no longer."""
    assert name in large_files(ROOT)


@pytest.mark.parametrize("name", sorted(LARGE_FUNCTIONS))
def test_an_excuse_of_functions_is_needed(name: str) -> None:
    """A file whose functions became small again is excused no longer."""
    assert name in large_functions(ROOT)


def test_what_is_too_large_is_found(tmp_path: Path) -> None:
    """A file of 301 lines is told, and a function of 41; those of 300 and 40 are not."""
    for at, lines in enumerate((LINES_OF_A_FUNCTION, LINES_OF_A_FUNCTION + 1)):
        (tmp_path / f"function{at}.py").write_text('def run():\n    """Doc."""\n' + "    a = 1\n" * lines)
    for at, lines in enumerate((LINES_OF_A_FILE, LINES_OF_A_FILE + 1)):
        (tmp_path / f"file{at}.py").write_text("a = 1\n" * lines)

    assert {"file1.py": 301} == large_files(tmp_path)
    assert {"function1.py": [("run", 41)]} == large_functions(tmp_path)
