"""`python -m tokolib doctor [URL]`."""

from typing import Annotated

from cyclopts import Parameter

from tokolib.adapters.system import SystemClock
from tokolib.cli.doctor.brought import adapters
from tokolib.cli.doctor.finding import Verdict, conclusion
from tokolib.cli.doctor.machine import machine
from tokolib.cli.doctor.storage import storage_at
from tokolib.cli.hiding import hiding


def doctor(
    url: Annotated[str | None, Parameter(help="The storage, such as sqlite:///kedai.db or postgresql://….")] = None, /
) -> int:
    """Tell what this machine has, and what the storage at URL is like: each line ok, warning or wrong.

    Nothing is changed, and no password is printed. The last line is `doctor: OK` or `doctor: FAILED (…)`; warnings
    are no failure.
    """
    hide = hiding(url or "")
    findings = [*machine(), *adapters()]
    if url is not None:  # an empty one is a variable that was not set, and no wish for less
        findings += storage_at(url, SystemClock().now())
    for finding in findings:
        for line in finding.lines():
            print(hide(line))
    print(conclusion(findings))
    return 1 if any(finding.verdict is Verdict.WRONG for finding in findings) else 0
