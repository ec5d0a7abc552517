"""What users write type-checks, and what would go wrong at night is refused by day.

Files in typing_tests/ must pass `mypy --strict`. In typing_tests/fails/ exactly the lines that end in
`# E: <code>` must be refused, each with that code (several codes: `# E: one, two`).
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPORT = re.compile(r"^(?P<file>[^:]+\.py):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")
MARK = re.compile(r"# E: (?P<codes>[a-z-]+(?:, [a-z-]+)*)$")


def expected(files: list[Path]) -> set[tuple[str, int, str]]:
    """Every refusal that a mark announces: file, line, code."""
    return {
        (file.relative_to(ROOT).as_posix(), number, code)
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if (mark := MARK.search(line))
        for code in mark["codes"].split(", ")
    }


def test_mypy_accepts_what_users_write_and_refuses_the_marked_lines():
    """The refusals are the marks, no more and no fewer."""
    files = sorted((ROOT / "typing_tests").rglob("*.py"))

    report = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-pretty", "--no-error-summary", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    refused = {
        (Path(found["file"]).as_posix(), int(found["line"]), found["code"])
        for line in report.stdout.splitlines()
        if (found := REPORT.match(line))
    }
    in_users_files = {refusal for refusal in refused if refusal[0].startswith("typing_tests/")}
    assert expected(files) == in_users_files, report.stdout + report.stderr
    assert "" == report.stderr


def test_the_marks_are_in_the_fails_folder_only_and_each_file_there_has_one():
    """A refusal announced among the good examples would be advice to write it."""
    marked = {Path(file).parent.name for file, _, _ in expected(sorted((ROOT / "typing_tests").rglob("*.py")))}
    failing = sorted((ROOT / "typing_tests" / "fails").glob("*.py"))

    assert marked <= {"fails"}
    assert [] == [file.name for file in failing if not expected([file])]
