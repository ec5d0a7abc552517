"""`main`: run a command, and turn what the library refuses into one clear line and an exit status.

No password of a URL that the command was given is in that line, whoever wrote it.
"""

import os
import sys
from typing import Final

from tokolib.cli.hiding import hiding
from tokolib.kernel.adapter_errors import MissingExtra
from tokolib.kernel.errors import TokolibError

UNREAD: Final = 141
"""The exit status when nobody reads on, as shells have it for a program that a pipe ended."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit status: 0 done, 1 a check failed, 2 refused, 141 nobody read on."""
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return status


def _run(arguments: list[str] | None) -> int:
    try:
        try:
            from tokolib.cli.app import app
        except ModuleNotFoundError as error:
            raise MissingExtra("cli", error.name or "cyclopts") from error
        result = app(arguments, result_action="return_value")
        return result if isinstance(result, int) else 0
    except TokolibError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        hide = hiding(*(sys.argv[1:] if arguments is None else arguments))
        print(hide(f"{error.code}: {error}{hint}"), file=sys.stderr)
        return 2
