"""`main`: run a command, and turn what the library refuses into one clear line and an exit status."""

import sys

from tokolib.kernel.errors import MissingExtra, TokolibError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit status: 0 done, 1 a check failed, 2 refused."""
    try:
        try:
            from tokolib.cli.app import app
        except ModuleNotFoundError as error:
            raise MissingExtra("cli", error.name or "cyclopts") from error
        result = app(arguments, result_action="return_value")
        return result if isinstance(result, int) else 0
    except TokolibError as error:
        hint = f"\n  {error.hint}" if error.hint else ""
        print(f"{error.code}: {error}{hint}", file=sys.stderr)
        return 2
