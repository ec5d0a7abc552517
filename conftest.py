"""Runs the examples of README.md and docs/: a page that does not run, or prints something else, is a failing test.

What is measured of a run under `coverage run`, `tools/measuring.py` says.
"""

import gc
from collections.abc import Generator, Iterable

import pytest
from printed import difference, printed  # tools/, see pytest's `pythonpath`
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_plugins = ("measuring",)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector pass over what is collected: a million objects that live as long as the run.

    It looks at whatever a test makes as before; and a process that a test forks copies none of them to be looked at.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


REASON = "'skip: next \"because ...\"' or 'skip: start \"because ...\"'"


class ReasonedSkipParser(SkipParser):
    """Sybil's skip directive, which here must say why the example cannot run."""

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in super().__call__(document):
            action, reason = region.parsed
            if action != "end" and not reason:
                line = document.text.count("\n", 0, region.start) + 1
                raise ValueError(f"{document.path}:{line}: a skipped example needs its reason: {REASON}")
            yield region


class PrintingCodeBlockParser(PythonCodeBlockParser):
    """Python blocks whose printed lines are compared with the lines after `# >`."""

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in super().__call__(document):
            run = region.evaluator

            def compare(example: Example, run=run) -> str | None:
                return difference(example.parsed, printed(lambda: run(example))) or None

            region.evaluator = compare
            yield region


pages = Sybil(
    parsers=[PrintingCodeBlockParser(), ReasonedSkipParser()],
    patterns=["*.md"],  # of the folders that pytest is asked to read: docs and README.md by default
)
pytest_collect_file = pages.pytest()
